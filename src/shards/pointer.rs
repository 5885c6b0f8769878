//! The pointer to the current version of a map and its location.
use super::map::Map;
use serde::{Deserialize, Serialize};

/// The pointer, as it is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pointer {
    pub version: u64,
    /// SHA-256 of the document.
    pub sha256: String,
    pub location: Location,
    /// Where the document is in S3; absent for a document in Parameter Store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// A parameter beside the pointer, `v/<version>`.
    Ssm,
    /// An object, because the document is large.
    S3,
}

impl Pointer {
    /// A pointer to a document in Parameter Store.
    pub fn to(map: &Map) -> Self {
        let (version, sha256) = (map.version, map.sha256());
        Pointer { version, sha256, location: Location::Ssm, bucket: None, key: None }
    }

    /// A pointer to a document in a bucket.
    pub fn to_object(map: &Map, bucket: &str, key: String) -> Self {
        let bucket = Some(bucket.to_string());
        Pointer { location: Location::S3, bucket, key: Some(key), ..Pointer::to(map) }
    }

    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// # Errors
    /// The text is not a pointer.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text)
            .map_err(|error| format!("this is not a pointer to a shard map: {error}"))
    }
}
