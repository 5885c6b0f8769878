//! Attributes of load balancers and target groups: a list of keys and values in CloudFormation,
//! a map here, which contains exactly the keys that tenfold knows.
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::collections::BTreeMap;
use std::marker::PhantomData;

/// A kind of resource with attributes.
pub trait Attributed {
    /// The keys that tenfold sets and compares, with AWS's defaults.
    const KNOWN: &'static [(&'static str, &'static str)];
}

/// The known attributes of a resource, by key.
#[derive(Clone, Debug, PartialEq)]
pub struct Attributes<K>(BTreeMap<String, String>, PhantomData<K>);

impl<K: Attributed> Attributes<K> {
    /// All known attributes: those given, and AWS's defaults for the others. Unknown keys are left
    /// out.
    pub fn new<N: Into<String>, V: Into<String>>(given: impl IntoIterator<Item = (N, V)>) -> Self {
        let given = given.into_iter().map(|(key, value)| (key.into(), value.into()));
        let known = |key: &str| K::KNOWN.iter().any(|(known, _)| *known == key);
        let defaults = K::KNOWN.iter().map(|(key, value)| (key.to_string(), value.to_string()));
        let all = defaults.chain(given.filter(|(key, _): &(String, _)| known(key)));
        Attributes(without_unused(all.collect()), PhantomData)
    }

    /// The value of an attribute; empty for an unknown key.
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).map(String::as_str).unwrap_or_default()
    }

    /// The same attributes with one of them changed.
    pub fn with(&self, key: &str, value: &str) -> Self {
        let given = self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        Attributes::new(given.chain([(key, value)]))
    }

    /// The attributes whose values differ from those in `live`.
    pub fn changed_from(&self, live: &Self) -> Vec<(String, String)> {
        let differs = |(key, value): &(&String, &String)| live.0.get(*key) != Some(value);
        self.0.iter().filter(differs).map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

/// Leaves out the bucket and prefix of logs that are switched off: AWS still returns the last ones.
fn without_unused(mut all: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let off = |(key, value): (&String, &String)| {
        let logs = key.strip_suffix(".s3.enabled")?;
        (value == "false").then(|| format!("{logs}.s3."))
    };
    for logs in all.iter().filter_map(off).collect::<Vec<_>>() {
        all.retain(|key, _| !key.starts_with(&logs) || key.ends_with(".enabled"));
    }
    all
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Attribute<T> {
    key: T,
    value: T,
}

impl<K> Serialize for Attributes<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|(key, value)| Attribute { key, value }))
    }
}

impl<'de, K: Attributed> Deserialize<'de> for Attributes<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<Attribute<String>>::deserialize(deserializer)?;
        let unknown = |of: &&Attribute<String>| !K::KNOWN.iter().any(|(key, _)| *key == of.key);
        match list.iter().find(unknown) {
            Some(of) => Err(D::Error::custom(format!("`{}` is not a known attribute", of.key))),
            None => Ok(Attributes::new(list.into_iter().map(|of| (of.key, of.value)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::elb::load_balancer::OfLoadBalancer;
    use serde_json::{from_value, json, to_value};

    type Of = Attributes<OfLoadBalancer>;

    #[test]
    fn contains_exactly_the_known_attributes() {
        let all = Of::new([
            ("idle_timeout.timeout_seconds", "90"),
            ("ipv6.deny_all_igw_traffic", "true"),
        ]);
        assert_eq!(all.get("idle_timeout.timeout_seconds"), "90");
        assert_eq!(all.get("routing.http2.enabled"), "true");
        assert_eq!(all.get("ipv6.deny_all_igw_traffic"), "");
        assert_eq!(from_value::<Of>(to_value(&all).unwrap()).unwrap(), all);
        assert!(from_value::<Of>(json!([{ "Key": "idle_timeout", "Value": "9" }])).is_err());
    }

    #[test]
    fn ignores_the_bucket_of_logs_that_are_off() {
        let (enabled, bucket) = ("access_logs.s3.enabled", "access_logs.s3.bucket");
        let on = Of::new([(enabled, "true"), (bucket, "logs")]);
        let off = on.with(enabled, "false");
        assert_eq!(off, Of::new([(bucket, "other")]));
        assert_eq!(off.changed_from(&on), [(enabled.to_string(), "false".to_string())]);
        assert_eq!(on.changed_from(&off).len(), 3);
    }
}
