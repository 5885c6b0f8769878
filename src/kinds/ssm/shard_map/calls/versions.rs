//! The versions of a map, in parameters and in S3.
use super::super::version_name;
use crate::aws::Aws;
use crate::error::{CloudError, Result};
use crate::names::hash;
use crate::shards::Map;
use crate::shards::pointer::Pointer;
use crate::tags::Tags;
use aws_sdk_s3::primitives::ByteStream;
use std::collections::BTreeMap;

/// What a parameter holds at most, in bytes.
const LARGEST: usize = 8192;
/// From here on a document goes to S3 where there is a bucket for it: as long as it grows by
/// moves, it still fits.
const LARGE: usize = 6144;
/// How many versions are kept, the one that holds among them.
const KEPT: u64 = 10;

/// The parameters below the path of a map.
pub struct Versions {
    pub path: String,
    pub pointer: Option<String>,
    /// By version: the document, or what says where it lies.
    values: BTreeMap<u64, String>,
}

impl Versions {
    pub fn new(path: &str) -> Self {
        Versions { path: path.into(), pointer: None, values: BTreeMap::new() }
    }

    /// Takes a parameter in, if it is one of this map's.
    pub fn take(&mut self, name: &str, value: String) {
        let part = name.strip_prefix(&self.path).and_then(|part| part.strip_prefix('/'));
        let version = part.and_then(|part| part.strip_prefix("v/")?.parse().ok());
        match (part, version) {
            (Some("current"), _) => self.pointer = Some(value),
            (_, Some(version)) => drop(self.values.insert(version, value)),
            _ => {}
        }
    }

    /// The map that is pointed to; where nothing points to any, the newest there is, if it is one.
    pub async fn holding(&self, aws: &Aws) -> Result<Option<Map>> {
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
        let missing = || self.broken(&format!("there is no version {}", pointer.version));
        let map = open(&value.ok_or_else(missing)?, aws).await?.map_err(|why| self.broken(&why))?;
        match map.sha256() == pointer.sha256 {
            true => Ok(Some(map)),
            false => Err(self.broken(&format!("version {} was altered", pointer.version))),
        }
    }

    /// The last of the versions that follow each other from the one that holds.
    pub async fn newest(&self, stack: &str, aws: &Aws) -> Result<Option<Map>> {
        let mut newest = self.holding(aws).await?;
        loop {
            let next = newest.as_ref().map_or(1, |map| map.version + 1);
            let name = version_name(&self.path, next);
            let Some(value) = aws.parameter(&name).await? else { return Ok(newest) };
            let map = open(&value, aws).await?.map_err(|why| taken(&name, &why))?;
            if map.stack != stack || map.prev_sha256 != newest.as_ref().map(Map::sha256) {
                return Err(taken(&name, "it does not follow the version before"));
            }
            newest = Some(map);
        }
    }

    /// What is to be published as the pointer to a version that is there.
    pub async fn pointer_to(&self, map: &Map, aws: &Aws) -> Result<String> {
        let value = match self.values.get(&map.version) {
            Some(value) => Some(value.clone()),
            None => aws.parameter(&version_name(&self.path, map.version)).await?,
        };
        Ok(pointer(map, value.as_deref().unwrap_or_default()))
    }

    /// Deletes the versions that are so old that nobody looks at them.
    pub async fn prune(&self, current: u64, aws: &Aws) -> Result<()> {
        self.delete(|version| version + KEPT <= current, aws).await
    }

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
            "the shard map at {path} is broken: {why}; put back what it was before anything else \
             is done, since it alone says who owns which rows"
        ))
    }
}

fn taken(name: &str, why: &str) -> CloudError {
    let message = format!("{name} is taken by something else: {why}");
    CloudError::taken("ssm:PutParameter", "ParameterAlreadyExists", message)
}

/// The pointer to a version whose parameter holds this: the document, or what says where it lies.
pub fn pointer(map: &Map, value: &str) -> String {
    Pointer::parse(value).unwrap_or_else(|_| Pointer::to(map)).text()
}

/// Writes a version, unless there is one of its number. What its parameter holds then is given
/// back.
pub async fn write(
    path: &str,
    map: &Map,
    bucket: Option<&str>,
    aws: &Aws,
) -> Result<Option<String>> {
    let text = map.text();
    let value = match bucket {
        Some(bucket) if text.len() > LARGE => put_aside(path, map, &text, bucket, aws).await?,
        _ if text.len() <= LARGEST => text,
        _ => {
            return Err(CloudError::refused(format!(
                "the shard map at {path} takes {} bytes, a parameter holds {LARGEST}, and the \
                 stack has no bucket to put it into",
                text.len()
            )));
        }
    };
    let name = version_name(path, map.version);
    let is_new = aws.new_parameter(&name, &value, &Tags::default()).await?;
    Ok(is_new.then_some(value))
}

/// Puts a large document into a bucket, under a name with its hash: another run's is another
/// object. What is to stand in the parameter says where.
async fn put_aside(path: &str, map: &Map, text: &str, bucket: &str, aws: &Aws) -> Result<String> {
    let folder = path.trim_start_matches('/');
    let key = format!("{folder}/v/{}-{}.json", map.version, hash(text, 12));
    let call = || {
        let put = aws.s3.put_object().bucket(bucket).key(&key).content_type("application/json");
        put.body(ByteStream::from(text.as_bytes().to_vec())).send()
    };
    aws.safe("s3:PutObject", call).await?;
    Ok(Pointer::to_object(map, bucket, key).text())
}

/// The map that a parameter holds, or that lies where it says.
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
