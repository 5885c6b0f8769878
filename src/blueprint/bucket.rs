//! `buckets`: private object stores. They hold data, so they outlive what uses them.

use serde::Serialize;

use super::language::code;
use super::language::decode::Value;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bucket {
    /// The name of one that exists already, which is used and never changed.
    pub existing: Option<String>,
    /// Whether what is overwritten or deleted can be had back for a while.
    pub versioning: bool,
    /// Age at which objects go; none: never.
    pub expire_days: Option<u32>,
    /// Age at which versions go that are current no more.
    pub keep_versions_days: u32,
}

pub(super) fn decode(value: Value<'_>) -> Option<Bucket> {
    let decoder = value.decoder;
    value.fields(|fields| {
        let existing = fields.optional("existing", |value| {
            value.shaped(is_bucket, "the name of a bucket", "shop-assets-111122223333")
        });
        for key in ["versioning", "expire", "keep_versions"] {
            if existing.is_some() && fields.has(key) {
                let help = format!("remove `{key}`: what exists is never changed");
                let (other, label) = (("existing", "exists already"), "cannot be set");
                fields.clash(
                    code::EITHER_OR,
                    format!("`{key}` of a bucket that exists"),
                    (key, label),
                    other,
                    help,
                );
            }
        }
        Bucket {
            existing,
            versioning: fields.or("versioning", decoder.preset(true, false), Value::boolean),
            expire_days: fields.optional("expire", |value| value.days(1..=36_500)),
            keep_versions_days: fields.or("keep_versions", 30, |value| value.days(1..=3650)),
        }
    })
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
fn is_bucket(name: &str) -> bool {
    let edge = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit();
    (3..=63).contains(&name.len())
        && name.starts_with(edge)
        && name.ends_with(edge)
        && name.chars().all(|one| edge(one) || "-.".contains(one))
}
