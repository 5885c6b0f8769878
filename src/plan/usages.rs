//! Which live resource stands on which: read off the live specs, so that a stack can be taken
//! down in order without its blueprint.
use crate::resource::Live;
use crate::spec::KindInfo;
use serde_json::Value;

/// Whether `user`'s properties name `used` by one of its outputs.
pub fn refers_to(
    (user, user_kind): (&Live, &KindInfo),
    (used, used_kind): (&Live, &KindInfo),
) -> bool {
    let outputs: Vec<&str> = used
        .outputs
        .iter()
        .filter(|(name, _)| !used_kind.volatile_outputs.contains(&name.as_str()))
        .map(|(_, value)| value.as_str())
        .filter(|value| tells(value))
        .collect();
    let fields = user.spec.as_object().into_iter().flatten();
    // Its own name may be another's as well.
    let mut fields = fields.filter(|(name, _)| {
        *name != user_kind.name_property && !user_kind.back_references.contains(&name.as_str())
    });
    let found = |property: &str, text: &str| {
        outputs.iter().any(|output| names(property, text, output, used_kind))
    };
    fields.any(|(name, field)| any_text(name, field, &found))
}

/// A short or numeric value, such as a version, says nothing about whose it is.
fn tells(value: &str) -> bool {
    value.len() >= 4 && !value.chars().all(|c| c.is_ascii_digit())
}

/// An ARN, path or AWS-made identifier is recognised anywhere in a text, as in the ARN of what
/// lies below it. A plain name, which things of several kinds may bear, is recognised as the whole
/// text of a property that speaks of that kind: `AutoScalingGroupName`, `Roles`.
fn names(property: &str, text: &str, output: &str, kind: &KindInfo) -> bool {
    let type_name = kind.type_name.rsplit(':').next().unwrap_or_default();
    let speaks_of_it = || {
        let one = property.strip_suffix('s').unwrap_or(property);
        // What is called `Name` may be the name of anything, as a rule its own.
        let by_name = one != "Name" && [property, one].contains(&kind.name_property);
        by_name || one == type_name
    };
    if is_identifier(output) { has(text, output) } else { text == output && speaks_of_it() }
}

/// Whether an identifier stands in a text, and not as the beginning of a longer one.
fn has(text: &str, identifier: &str) -> bool {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    text.match_indices(identifier).any(|(at, found)| !text[at + found.len()..].starts_with(goes_on))
}

/// A shorter one, such as `/live`, may lead to anything.
const SHORTEST_PATH: usize = 10;

/// Whether a text can only mean one thing: a path, or with a long number in it.
fn is_identifier(output: &str) -> bool {
    let long_number = |part: &str| part.len() >= 8 && part.chars().all(|c| c.is_ascii_hexdigit());
    let path = output.len() >= SHORTEST_PATH && output.contains([':', '/']);
    path || output.split('-').any(long_number)
}

/// Whether any text below will do, given the property it stands in. Tags describe a resource, they
/// do not hold another.
fn any_text(property: &str, value: &Value, wanted: &dyn Fn(&str, &str) -> bool) -> bool {
    match value {
        Value::String(text) => wanted(property, text),
        Value::Array(items) => items.iter().any(|item| any_text(property, item, wanted)),
        Value::Object(fields) => fields
            .iter()
            .any(|(property, field)| property != "Tags" && any_text(property, field, wanted)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn identifiers_are_found_anywhere_and_names_where_their_kind_is_spoken_of() {
        let role =
            KindInfo { type_name: "AWS::IAM::Role", name_property: "RoleName", ..KindInfo::PLAIN };
        let spec = json!({
            "A": ["arn:aws:s3:::logs-012345678901/x"], "Roles": ["shop-api"], "B": "shop-web",
            "Tags": [{ "Key": "Name", "Value": "vpc-0123456789abcdef0" }],
        });
        let named = |output: &str| {
            let wanted = |property: &str, text: &str| names(property, text, output, &role);
            tells(output) && any_text("", &spec, &wanted)
        };
        assert!(named("arn:aws:s3:::logs-012345678901") && named("logs-012345678901"));
        assert!(named("shop-api") && !named("shop-web") && !named("shop"));
        let plain = KindInfo { name_property: "Name", ..role };
        assert!(!names("Name", "shop-api", "shop-api", &plain));
        assert!(!named("3") && !named("vpc-0123456789abcdef0"));
        assert!(!named("arn:aws:s3:::logs"));
    }
}
