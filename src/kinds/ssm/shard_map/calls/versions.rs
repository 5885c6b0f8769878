//! The versions of a map, stored in parameters and in S3.
use super::super::version_name;
use crate::aws::Aws;
use crate::error::{CloudError, Result};
use crate::names::hash;
use crate::shards::Map;
use crate::shards::pointer::Pointer;
use crate::tags::Tags;
use aws_sdk_s3::primitives::ByteStream;
use std::collections::BTreeMap;

/// The maximum size of an advanced parameter's value, in bytes.
const MAX_BYTES: usize = 8192;
/// Larger documents, in bytes, go to S3 if there is a bucket. The rest up to [`MAX_BYTES`] is reserved
/// for moves, which make a document grow.
const MAX_INLINE_BYTES: usize = 6144;
/// How many versions are kept, including the current one.
const KEPT: u64 = 10;

/// The parameters below the path of a map.
pub struct Versions {
    pub path: String,
    pub pointer: Option<String>,
    /// By version: the document, or a pointer to its location in S3.
    values: BTreeMap<u64, String>,
}

impl Versions {
    pub fn new(path: &str) -> Self {
        Versions { path: path.into(), pointer: None, values: BTreeMap::new() }
    }

    /// Adds a parameter, if it belongs to this map.
    pub fn add(&mut self, name: &str, value: String) {
        let part = name.strip_prefix(&self.path).and_then(|part| part.strip_prefix('/'));
        let version = part.and_then(|part| part.strip_prefix("v/")?.parse().ok());
        match (part, version) {
            (Some("current"), _) => self.pointer = Some(value),
            (_, Some(version)) => drop(self.values.insert(version, value)),
            _ => {}
        }
    }

    /// The current map. Without a pointer it is the newest version, provided that this is a map.
    ///
    /// # Errors
    /// The version that the pointer names does not exist, is not a map, or was altered.
    pub async fn current(&self, aws: &Aws) -> Result<Option<Map>> {
        let Some(pointer) = &self.pointer else {
            let newest = self.values.values().next_back();
            return match newest {
                Some(value) => Ok(open(value, aws).await?.ok()),
                None => Ok(None),
            };
        };
        let pointer = Pointer::parse(pointer).map_err(|why| self.broken(&why))?;
        let value = match self.values.get(&pointer.version) {
            Some(value) => Some(value.clone()),
            None => aws.parameter(&version_name(&self.path, pointer.version)).await?,
        };
        let missing = || self.broken(&format!("version {} does not exist", pointer.version));
        let map = open(&value.ok_or_else(missing)?, aws).await?.map_err(|why| self.broken(&why))?;
        match map.sha256() == pointer.sha256 {
            true => Ok(Some(map)),
            false => Err(self.broken(&format!("version {} was altered", pointer.version))),
        }
    }

    /// The last version in the chain that starts at the current one.
    ///
    /// # Errors
    /// A parameter with the name of the next version is not that version.
    pub async fn newest(&self, stack: &str, aws: &Aws) -> Result<Option<Map>> {
        let mut newest = self.current(aws).await?;
        loop {
            let next = newest.as_ref().map_or(1, |map| map.version + 1);
            let name = version_name(&self.path, next);
            let Some(value) = aws.parameter(&name).await? else { return Ok(newest) };
            let map = open(&value, aws).await?.map_err(|why| taken(&name, &why))?;
            if map.stack != stack || map.prev_sha256 != newest.as_ref().map(Map::sha256) {
                return Err(taken(&name, "it does not follow the previous version"));
            }
            newest = Some(map);
        }
    }

    /// The text of the pointer to an existing version.
    pub async fn pointer_to(&self, map: &Map, aws: &Aws) -> Result<String> {
        let value = match self.values.get(&map.version) {
            Some(value) => Some(value.clone()),
            None => aws.parameter(&version_name(&self.path, map.version)).await?,
        };
        Ok(pointer(map, value.as_deref().unwrap_or_default()))
    }

    /// Deletes versions that are too old for any client to read.
    pub async fn prune(&self, current: u64, aws: &Aws) -> Result<()> {
        self.delete(|version| version + KEPT <= current, aws).await
    }

    /// Deletes the versions that `which` selects, and their documents in S3.
    pub async fn delete(&self, which: impl Fn(u64) -> bool, aws: &Aws) -> Result<()> {
        let old: Vec<(&u64, &String)> =
            self.values.iter().filter(|(version, _)| which(**version)).collect();
        for (_, value) in &old {
            if let Ok(Pointer { bucket: Some(bucket), key: Some(key), .. }) = Pointer::parse(value)
            {
                let call = || aws.s3.delete_object().bucket(&bucket).key(&key).send();
                aws.safe("s3:DeleteObject", call).await?;
            }
        }
        let name = |(version, _): &(&u64, &String)| version_name(&self.path, **version);
        aws.delete_parameters(old.iter().map(name).collect()).await
    }

    fn broken(&self, why: &str) -> CloudError {
        let path = &self.path;
        CloudError::refused(format!(
            "the shard map at {path} is broken: {why}; restore its previous parameters before any \
             other change, because the map is the only record of which shard owns which rows"
        ))
    }
}

fn taken(name: &str, why: &str) -> CloudError {
    let message = format!("{name} exists and is not a version of this map: {why}");
    CloudError::taken("ssm:PutParameter", "ParameterAlreadyExists", message)
}

/// The text of the pointer to a version. `value` is the value of the version's parameter: the
/// document, or a pointer to its location in S3.
pub fn pointer(map: &Map, value: &str) -> String {
    Pointer::parse(value).unwrap_or_else(|_| Pointer::to(map)).text()
}

/// Writes a version and returns the value of its parameter. `None` if a version of its number
/// already exists.
///
/// # Errors
/// The document is too large for a parameter, and there is no bucket.
pub async fn write(
    path: &str,
    map: &Map,
    bucket: Option<&str>,
    aws: &Aws,
) -> Result<Option<String>> {
    let text = map.text();
    let value = match bucket {
        Some(bucket) if text.len() > MAX_INLINE_BYTES => {
            put_in_bucket(path, map, &text, bucket, aws).await?
        }
        _ if text.len() <= MAX_BYTES => text,
        _ => {
            return Err(CloudError::refused(format!(
                "the shard map at {path} has {} bytes, a parameter can store {MAX_BYTES}, and the \
                 stack has no bucket for it",
                text.len()
            )));
        }
    };
    let name = version_name(path, map.version);
    let is_new = aws.create_parameter(&name, &value, &Tags::default()).await?;
    Ok(is_new.then_some(value))
}

/// Stores a large document in a bucket. The key contains the document's hash, so that concurrent runs
/// write different objects. Returns the value for the version's parameter, which points to the object.
async fn put_in_bucket(
    path: &str,
    map: &Map,
    text: &str,
    bucket: &str,
    aws: &Aws,
) -> Result<String> {
    let folder = path.trim_start_matches('/');
    let key = format!("{folder}/v/{}-{}.json", map.version, hash(text, 12));
    let call = || {
        let put = aws.s3.put_object().bucket(bucket).key(&key).content_type("application/json");
        put.body(ByteStream::from(text.as_bytes().to_vec())).send()
    };
    aws.safe("s3:PutObject", call).await?;
    Ok(Pointer::to_object(map, bucket, key).text())
}

/// The map in a parameter's value, or in the S3 object that the value points to.
async fn open(value: &str, aws: &Aws) -> Result<std::result::Result<Map, String>> {
    let Ok(Pointer { bucket: Some(bucket), key: Some(key), .. }) = Pointer::parse(value) else {
        return Ok(Map::parse(value));
    };
    let call = || aws.s3.get_object().bucket(&bucket).key(&key).send();
    let object = aws.safe("s3:GetObject", call).await?;
    let body =
        object.body.collect().await.map_err(|error| CloudError::refused(error.to_string()))?;
    Ok(Map::parse(&String::from_utf8_lossy(&body.into_bytes())))
}
