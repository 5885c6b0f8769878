//! Tags: a map that serializes as CloudFormation's list of keys and values, ordered by key.
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The tag with the name of the stack that owns a resource.
pub const STACK: &str = "tenfold:stack";
/// The tag with the name of the resource within its stack.
pub const NAME: &str = "tenfold:name";
/// The tag with the blueprint component that a resource was created for.
pub const COMPONENT: &str = "tenfold:component";
/// The tag with the region of the stack: global resources, such as roles, are listed in every region.
pub const REGION: &str = "tenfold:region";
/// The tag with the ARN of a secret whose value a resource contains: AWS returns the value or
/// nothing, never which secret it came from. Tags for further secrets end in `-2`, `-3`.
pub const SECRET: &str = "tenfold:secret";

/// The value of a tag in a resource's spec.
pub fn of(spec: &Value, key: &str) -> Option<String> {
    let tags = Tags::deserialize(spec.get("Tags")?).ok()?;
    tags.get(key).map(str::to_string)
}

/// The region of a resource's stack, if it differs from `here`.
pub fn elsewhere(spec: &Value, here: &str) -> Option<String> {
    of(spec, REGION).filter(|region| region != here)
}

/// Tags without those that AWS itself sets (`aws:…`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(BTreeMap<String, String>);

impl Tags {
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    pub fn set(&mut self, key: &str, value: &str) {
        self.0.insert(key.into(), value.into());
    }

    pub fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// A copy with a tag for each of these secrets.
    #[must_use]
    pub fn with_secrets(&self, arns: &BTreeSet<String>) -> Tags {
        let mut tags = self.clone();
        for (arn, at) in arns.iter().zip(1..) {
            let key = if at == 1 { SECRET.to_string() } else { format!("{SECRET}-{at}") };
            tags.set(&key, arn);
        }
        tags
    }

    /// Removes the tags that name secrets, and returns the ARNs.
    pub fn take_secrets(&mut self) -> BTreeSet<String> {
        let names = |key: &String| {
            key.strip_prefix(SECRET).is_some_and(|end| end.is_empty() || end.starts_with('-'))
        };
        self.0.extract_if(.., |key, _| names(key)).map(|(_, arn)| arn).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The tags that `other` lacks or has with another value.
    pub fn missing_in(&self, other: &Tags) -> Tags {
        self.iter().filter(|(key, value)| other.get(key) != Some(value)).collect()
    }

    /// The keys that `other` does not have.
    pub fn keys_not_in(&self, other: &Tags) -> Vec<String> {
        self.0.keys().filter(|key| other.get(key).is_none()).cloned().collect()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Tags {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter().map(|(key, value)| (key.into(), value.into()));
        Tags(pairs.filter(|(key, _): &(String, _)| !key.starts_with("aws:")).collect())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tag<T> {
    key: T,
    value: T,
}

impl Serialize for Tags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|(key, value)| Tag { key, value }))
    }
}

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<Tag<String>>::deserialize(deserializer)?;
        Ok(list.into_iter().map(|tag| (tag.key, tag.value)).collect())
    }
}
