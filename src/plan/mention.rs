//! Which live resource stands on which: read off the live specs, so that a stack can be taken
//! down in order without its blueprint.
use crate::resource::Live;
use crate::spec::KindInfo;
use serde_json::Value;

/// Whether `user`'s properties name `used` by one of its outputs.
pub fn mentions(
    (user, user_kind): (&Live, &KindInfo),
    (used, used_kind): (&Live, &KindInfo),
) -> bool {
    let outputs: Vec<&str> = used
        .outputs
        .iter()
        .filter(|(name, _)| !used_kind.moving_outputs.contains(&name.as_str()))
        .map(|(_, value)| value.as_str())
        .filter(|value| tells(value))
        .collect();
    let fields = user.spec.as_object().into_iter().flatten();
    // Tags describe a resource, they do not hold another; its own name may be another's as well.
    let mut fields = fields.filter(|(name, _)| *name != "Tags" && *name != user_kind.name_property);
    fields.any(|(_, field)| any_text(field, &|text| outputs.iter().any(|o| names(text, o))))
}

/// A short or numeric value, such as a version, says nothing about whose it is.
fn tells(value: &str) -> bool {
    value.len() >= 4 && !value.chars().all(|c| c.is_ascii_digit())
}

/// An ARN, path or AWS-made identifier is recognised anywhere in a text, as in the ARN of what
/// lies below it; a plain name only as the whole text.
fn names(text: &str, output: &str) -> bool {
    text == output || is_identifier(output) && text.contains(output)
}

fn is_identifier(output: &str) -> bool {
    let made_by_aws = output.rsplit_once('-').is_some_and(|(_, digits)| {
        digits.len() >= 8 && digits.chars().all(|c| c.is_ascii_hexdigit())
    });
    made_by_aws || output.contains([':', '/'])
}

fn any_text(value: &Value, wanted: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => wanted(text),
        Value::Array(items) => items.iter().any(|item| any_text(item, wanted)),
        Value::Object(fields) => fields.values().any(|field| any_text(field, wanted)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn identifiers_are_found_anywhere_and_names_only_whole() {
        let spec = json!({ "A": ["arn:aws:s3:::logs-0123/x"], "B": "shop-api-targets" });
        let named = |output: &str| any_text(&spec, &|text| tells(output) && names(text, output));
        assert!(named("arn:aws:s3:::logs-0123") && named("shop-api-targets"));
        assert!(!named("shop-api") && !named("3") && !named("vpc-0123456789abcdef0"));
    }
}
