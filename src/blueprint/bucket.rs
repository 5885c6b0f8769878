//! `buckets`: private S3 buckets. They contain data, so they are kept when the components that use
//! them are deleted.

use serde::Serialize;

use super::language::code;
use super::language::decode::Value;

/// An S3 bucket.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bucket {
    /// The name of an existing bucket, which tenfold uses and never changes.
    pub existing: Option<String>,
    /// Whether S3 keeps overwritten and deleted objects as versions. Default: true, with the `dev`
    /// preset false.
    pub versioning: bool,
    /// Age in days at which objects are deleted, 1 to 36,500; none: never.
    pub expire_days: Option<u32>,
    /// Days that noncurrent versions are kept, 1 to 3650. Default: 30.
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
                let help = format!("remove `{key}`: tenfold never changes an existing bucket");
                fields.clash(
                    code::EITHER_OR,
                    format!("both `{key}` and `existing` are set"),
                    (key, "applies to a new bucket"),
                    ("existing", "an existing bucket"),
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

/// Whether a text is a valid name of a bucket,
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>.
fn is_bucket(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (3..=63).contains(&name.len())
        && name.starts_with(is_word)
        && name.ends_with(is_word)
        && name.chars().all(|c| is_word(c) || "-.".contains(c))
}
