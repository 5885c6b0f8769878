//! JSON pointers of properties, derived from typed specs: after a property is renamed, code with
//! its old name does not compile.
use crate::spec::Spec;
use serde_json::{Value, to_value};

/// The JSON pointer of the property that `change` changes, such as `/LaunchTemplateData/ImageId`;
/// of several properties the first. Empty if `change` changes nothing.
pub fn pointer<K: Spec>(spec: &K, change: impl FnOnce(&mut K)) -> String {
    let mut changed = spec.clone();
    change(&mut changed);
    let value = |spec: &K| to_value(spec).unwrap_or_default();
    difference(&value(spec), &value(&changed)).unwrap_or_default()
}

/// Where two values first differ: an empty pointer if they differ as a whole, none if they are
/// equal.
fn difference(one: &Value, other: &Value) -> Option<String> {
    let below = match (one, other) {
        (Value::Object(one), Value::Object(other)) => one.iter().find_map(|(key, value)| {
            let rest = difference(value, other.get(key)?)?;
            Some(format!("/{key}{rest}"))
        }),
        (Value::Array(one), Value::Array(other)) => {
            one.iter().zip(other).enumerate().find_map(|(index, (one, other))| {
                let rest = difference(one, other)?;
                Some(format!("/{index}{rest}"))
            })
        }
        _ => None,
    };
    below.or_else(|| (one != other).then(String::new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::ec2::elastic_ip::ElasticIp;
    use crate::tags::Tags;

    #[test]
    fn pointer_leads_to_the_changed_property() {
        let tags = Tags::from_iter([("a", "1"), ("b", "2")]);
        let spec = ElasticIp { domain: "vpc".into(), tags };
        assert_eq!(pointer(&spec, |spec| spec.domain.clear()), "/Domain");
        assert_eq!(pointer(&spec, |spec| spec.tags.set("b", "")), "/Tags/1/Value");
        assert_eq!(pointer(&spec, |_| ()), "");
    }
}
