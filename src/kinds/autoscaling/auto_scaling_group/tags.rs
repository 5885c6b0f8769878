//! The tags of a group. Each says whether the group's instances receive it too.
use crate::tags::Tags;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// Tags by key, without those that AWS itself sets. Serialized as CloudFormation's list, ordered by
/// key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupTags(BTreeMap<String, GroupTag>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupTag {
    pub value: String,
    /// Whether instances receive the tag at launch.
    pub propagate: bool,
}

impl GroupTags {
    /// Tags that the instances receive as well.
    pub fn propagated(tags: &Tags) -> Self {
        tags.iter()
            .map(|(key, value)| (key, GroupTag { value: value.into(), propagate: true }))
            .collect()
    }

    pub fn get(&self, key: &str) -> Option<&GroupTag> {
        self.0.get(key)
    }

    pub fn set(&mut self, key: &str, value: String, propagate: bool) {
        self.0.insert(key.into(), GroupTag { value, propagate });
    }

    pub fn remove(&mut self, key: &str) -> Option<GroupTag> {
        self.0.remove(key)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &GroupTag)> {
        self.0.iter().map(|(key, tag)| (key.as_str(), tag))
    }

    /// The tags that `other` lacks, or has with another value.
    pub fn missing_in(&self, other: &GroupTags) -> GroupTags {
        self.iter()
            .filter(|(key, tag)| other.get(key) != Some(tag))
            .map(|(key, tag)| (key, tag.clone()))
            .collect()
    }

    /// The tags whose keys `other` does not have.
    pub fn without(&self, other: &GroupTags) -> GroupTags {
        self.iter()
            .filter(|(key, _)| other.get(key).is_none())
            .map(|(key, tag)| (key, tag.clone()))
            .collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys and values alone.
    pub fn plain(&self) -> Tags {
        self.iter().map(|(key, tag)| (key, tag.value.as_str())).collect()
    }
}

impl<K: Into<String>> FromIterator<(K, GroupTag)> for GroupTags {
    fn from_iter<I: IntoIterator<Item = (K, GroupTag)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter().map(|(key, tag)| (key.into(), tag));
        GroupTags(pairs.filter(|(key, _): &(String, _)| !key.starts_with("aws:")).collect())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Item<T> {
    key: T,
    value: T,
    #[serde(default = "yes")]
    propagate_at_launch: bool,
}

fn yes() -> bool {
    true
}

impl Serialize for GroupTags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|(key, tag)| Item {
            key,
            value: &tag.value,
            propagate_at_launch: tag.propagate,
        }))
    }
}

impl<'de> Deserialize<'de> for GroupTags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<Item<String>>::deserialize(deserializer)?;
        let tag = |item: Item<String>| {
            (item.key, GroupTag { value: item.value, propagate: item.propagate_at_launch })
        };
        Ok(list.into_iter().map(tag).collect())
    }
}
