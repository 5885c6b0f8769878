mod parameters;
mod versions;

use super::{MAP, ShardMap, outputs, pointer_name};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::{CloudError, Result};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::shards::Map;
use crate::spec::Spec;
use crate::tags::{COMPONENT, NAME, STACK, Tags};
use futures::future::try_join_all;
use serde_json::{Value, to_value};
use std::collections::BTreeMap;
use versions::{Versions, pointer};

/// How many parts of a path such as `/tenfold/shop/databases/ledger/map` all maps of a stack share,
/// including the empty part before the first slash.
const ROOT_PARTS: usize = 4;

/// How often this run tries to publish while other runs publish versions of the same map.
const ATTEMPTS: usize = 5;

impl Calls for ShardMap {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let maps = maps(&format!("/tenfold/{}/databases", listing.stack), listing.aws).await?;
        let read = maps.values().map(|versions| read(versions, listing));
        Ok(try_join_all(read).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.publish(aws).await
    }

    async fn update(&self, _live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.publish(aws).await
    }

    /// Deletes the pointer first: after a crash, the next run finds the rest by its versions.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let versions = live.spec.versions(aws).await?;
        aws.delete_parameters(vec![pointer_name(&live.spec.path)]).await?;
        versions.delete(|_| true, aws).await?;
        Ok(Progress::Done)
    }

    async fn act(live: &Live<Self>, action: &str, _arguments: &Value, aws: &Aws) -> Result<Value> {
        if action != MAP {
            return Err(CloudError::internal(format!("{} has no action {action}", live.id)));
        }
        let versions = live.spec.versions(aws).await?;
        let map = match versions.pointer {
            Some(_) => versions.current(aws).await?,
            None => None,
        };
        let path = &live.spec.path;
        let missing = || {
            CloudError::refused(format!(
                "no version of the shard map at {path} is current: run `tenfold apply` to publish one"
            ))
        };
        let map = map.ok_or_else(missing)?;
        to_value(&map).map_err(|error| CloudError::internal(error.to_string()))
    }
}

impl ShardMap {
    /// Writes the version after the newest, unless the newest already matches the spec, and points to
    /// it. A version is created only if none has its number. Of two concurrent runs one therefore
    /// succeeds, and the other starts again from that version, as does the next run after a crash.
    async fn publish(&self, aws: &Aws) -> Result<Outputs> {
        for _ in 0..ATTEMPTS {
            let versions = self.versions(aws).await?;
            let map = match versions.newest(self.stack(), aws).await? {
                Some(map) if self.describes(&map) => {
                    let text = versions.pointer_to(&map, aws).await?;
                    return self.set_current(&versions, &map, &text, aws).await;
                }
                Some(map) => self.successor(&map),
                None => self.first(),
            };
            let map = map.map_err(CloudError::refused)?;
            let written = versions::write(&self.path, &map, self.bucket.as_deref(), aws).await?;
            // The listing may not return yet what this run has just written.
            if let Some(value) = written {
                return self.set_current(&versions, &map, &pointer(&map, &value), aws).await;
            }
        }
        let message = format!(
            "other runs keep publishing versions of {}: apply again when they are done",
            self.path
        );
        Err(CloudError::taken("ssm:PutParameter", "ParameterAlreadyExists", message))
    }

    /// Points to a version, and deletes versions that clients no longer read.
    async fn set_current(
        &self,
        versions: &Versions,
        map: &Map,
        text: &str,
        aws: &Aws,
    ) -> Result<Outputs> {
        let name = pointer_name(&self.path);
        // With a name tag, the pointer would be a resource of its own.
        let mut tags = self.tags.clone();
        tags.remove(NAME);
        if versions.pointer.is_some() || !aws.create_parameter(&name, text, &tags).await? {
            if versions.pointer.as_deref() != Some(text) {
                aws.overwrite_parameter(&name, text).await?;
            }
            let live = aws.ssm_tags(&name).await?.unwrap_or_default();
            aws.retag_ssm(&name, &live, &tags).await?;
        }
        versions.prune(map.version, aws).await?;
        Ok(outputs(&self.path, arn(&self.path, aws), map))
    }

    /// The map's parameters. This makes the same call as the listing, so it returns the state that
    /// the listing returned or a later one.
    async fn versions(&self, aws: &Aws) -> Result<Versions> {
        let root: Vec<&str> = self.path.split('/').take(ROOT_PARTS).collect();
        let mut all = maps(&root.join("/"), aws).await?;
        Ok(all.remove(&self.path).unwrap_or_else(|| Versions::new(&self.path)))
    }

    fn stack(&self) -> &str {
        self.tags.get(STACK).unwrap_or_default()
    }
}

/// The parameters of all maps below a root, by the path of the map.
async fn maps(root: &str, aws: &Aws) -> Result<BTreeMap<String, Versions>> {
    let mut maps: BTreeMap<String, Versions> = BTreeMap::new();
    for (name, value) in aws.parameters_below(root).await? {
        let Some(path) = map_path(&name, root) else { continue };
        let versions = maps.entry(path.into()).or_insert_with(|| Versions::new(path));
        versions.add(&name, value);
    }
    Ok(maps)
}

fn arn(path: &str, aws: &Aws) -> String {
    aws.arn("ssm", &format!("parameter{path}"))
}

/// The path of the map that a parameter belongs to. `None` for any other parameter.
fn map_path<'a>(name: &'a str, root: &str) -> Option<&'a str> {
    let below = name.strip_prefix(root)?.strip_prefix('/')?;
    let (database, part) = below.split_once("/map/")?;
    let version = part.strip_prefix("v/").is_some_and(|number| number.parse::<u64>().is_ok());
    (!database.contains('/') && (version || part == "current"))
        .then(|| &name[..name.len() - part.len() - 1])
}

/// The stack's map at a path. Without a pointer, as after an interrupted create or delete, it has no
/// tags.
async fn read(versions: &Versions, listing: &Listing<'_>) -> Result<Option<Live<ShardMap>>> {
    let (aws, path) = (listing.aws, &versions.path);
    let Some(map) = versions.current(aws).await? else { return Ok(None) };
    if map.stack != listing.stack {
        listing.foreign::<ShardMap>(Some(path));
        return Ok(None);
    }
    let database = path.trim_end_matches("/map").rsplit('/').next().unwrap_or_default();
    let mut tags = Tags::default();
    if versions.pointer.is_some() {
        tags = aws.ssm_tags(&pointer_name(path)).await?.unwrap_or_default();
        tags.set(NAME, database);
    }
    let id = Id::new(ShardMap::INFO.name, database);
    let owner = Owner { id, component: tags.get(COMPONENT).map(str::to_string) };
    let outputs = outputs(path, arn(path, aws), &map);
    Ok(Some(owner.live(path, ShardMap::read(&map, path, tags), outputs)))
}
