//! Which live resource depends on which, derived from the live specs, so that a stack can be
//! deleted in order without its blueprint.
use crate::resource::Live;
use crate::spec::KindInfo;
use serde_json::Value;

/// Whether a property of `user` contains an output of `used`.
pub fn refers_to(
    (user, user_kind): (&Live, &KindInfo),
    (used, used_kind): (&Live, &KindInfo),
) -> bool {
    let outputs: Vec<&str> = used
        .outputs
        .iter()
        .filter(|(name, _)| !used_kind.volatile_outputs.contains(&name.as_str()))
        .map(|(_, value)| value.as_str())
        .filter(|value| is_distinctive(value))
        .collect();
    let fields = user.spec.as_object().into_iter().flatten();
    // The user's own name may equal the name of the other resource.
    let mut fields = fields.filter(|(name, _)| {
        *name != user_kind.name_property && !user_kind.back_references.contains(&name.as_str())
    });
    let found = |property: &str, text: &str| {
        outputs.iter().any(|output| is_reference(property, text, output, used_kind))
    };
    fields.any(|(name, field)| any_text(name, field, &found))
}

/// Whether a value can identify a resource. A short or numeric value, such as a version, cannot.
fn is_distinctive(value: &str) -> bool {
    value.len() >= 4 && !value.chars().all(|c| c.is_ascii_digit())
}

/// Whether a property's text refers to an output. An ARN, a path or an identifier assigned by AWS
/// counts anywhere in the text, for example within the ARN of a child resource. A plain name, which
/// resources of several kinds may have, counts only if it is the whole text of a property that is
/// named after the kind: `AutoScalingGroupName`, `Roles`.
fn is_reference(property: &str, text: &str, output: &str, kind: &KindInfo) -> bool {
    let type_name = kind.type_name.rsplit(':').next().unwrap_or_default();
    let is_named_after_kind = || {
        let singular = property.strip_suffix('s').unwrap_or(property);
        // A property `Name` is usually the name of its own resource.
        let by_name = singular != "Name" && [property, singular].contains(&kind.name_property);
        by_name || singular == type_name
    };
    match is_identifier(output) {
        true => contains_identifier(text, output),
        false => text == output && is_named_after_kind(),
    }
}

/// Whether a text contains an identifier, other than as the beginning of a longer one.
fn contains_identifier(text: &str, identifier: &str) -> bool {
    let continues = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    text.match_indices(identifier)
        .any(|(at, found)| !text[at + found.len()..].starts_with(continues))
}

/// In characters. A shorter path, such as `/live`, is ambiguous.
const SHORTEST_PATH: usize = 10;

/// Whether a text identifies one resource: a path or ARN, or a text that contains a long
/// hexadecimal number.
fn is_identifier(output: &str) -> bool {
    let long_number = |part: &str| part.len() >= 8 && part.chars().all(|c| c.is_ascii_hexdigit());
    let path = output.len() >= SHORTEST_PATH && output.contains([':', '/']);
    path || output.split('-').any(long_number)
}

/// Whether `wanted` accepts any text within a value, together with the property that contains the
/// text. Tags do not count: they describe a resource and refer to no other.
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
    fn finds_identifiers_anywhere_and_names_in_properties_of_their_kind() {
        let role =
            KindInfo { type_name: "AWS::IAM::Role", name_property: "RoleName", ..KindInfo::PLAIN };
        let spec = json!({
            "A": ["arn:aws:s3:::logs-012345678901/x"], "Roles": ["shop-api"], "B": "shop-web",
            "Tags": [{ "Key": "Name", "Value": "vpc-0123456789abcdef0" }],
        });
        let named = |output: &str| {
            let wanted = |property: &str, text: &str| is_reference(property, text, output, &role);
            is_distinctive(output) && any_text("", &spec, &wanted)
        };
        assert!(named("arn:aws:s3:::logs-012345678901") && named("logs-012345678901"));
        assert!(named("shop-api") && !named("shop-web") && !named("shop"));
        let plain = KindInfo { name_property: "Name", ..role };
        assert!(!is_reference("Name", "shop-api", "shop-api", &plain));
        assert!(!named("3") && !named("vpc-0123456789abcdef0"));
        assert!(!named("arn:aws:s3:::logs"));
    }
}
