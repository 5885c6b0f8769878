//! What says which version of a map holds, and where it lies.
use super::map::Map;
use serde::{Deserialize, Serialize};

/// The pointer, as it is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pointer {
    pub version: u64,
    /// Of the document.
    pub sha256: String,
    pub location: Location,
    /// Where in S3 the document lies, if it does.
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
    /// To a document among the parameters.
    pub fn to(map: &Map) -> Self {
        let (version, sha256) = (map.version, map.sha256());
        Pointer { version, sha256, location: Location::Ssm, bucket: None, key: None }
    }

    /// To a document in a bucket.
    pub fn to_object(map: &Map, bucket: &str, key: String) -> Self {
        let bucket = Some(bucket.to_string());
        Pointer { location: Location::S3, bucket, key: Some(key), ..Pointer::to(map) }
    }

    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// # Errors
    /// It is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| format!("this points to no shard map: {error}"))
    }
}
