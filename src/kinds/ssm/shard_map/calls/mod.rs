mod parameters;
mod versions;

use super::{MAP, ShardMap, outputs, pointer_name};
use crate::aws::Aws;
use crate::error::{CloudError, Result};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::shards::Map;
use crate::spec::Spec;
use crate::tags::{COMPONENT, NAME, STACK, Tags};
use futures::future::try_join_all;
use serde_json::{Value, to_value};
use std::collections::BTreeMap;
use versions::{Versions, pointer};

/// Of `/tenfold/shop/databases/ledger/map`, which a stack's maps have in common: with the empty part
/// before the first slash.
const ROOT_PARTS: usize = 4;

/// How often another run may come in between before this one gives up.
const ATTEMPTS: usize = 5;

impl Calls for ShardMap {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let (aws, stack) = (listing.aws, listing.stack);
        let maps = maps(&format!("/tenfold/{stack}/databases"), aws).await?;
        let read = maps.values().map(|versions| read(versions, stack, aws));
        Ok(try_join_all(read).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.publish(aws).await
    }

    async fn update(&self, _live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.publish(aws).await
    }

    /// The pointer first: whatever is left after a crash is found by its versions.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let versions = live.spec.versions(aws).await?;
        aws.delete_parameters(vec![pointer_name(&live.spec.path)]).await?;
        versions.delete(|_| true, aws).await?;
        Ok(Progress::Done)
    }

    async fn act(live: &Live<Self>, action: &str, _arguments: &Value, aws: &Aws) -> Result<Value> {
        if action != MAP {
            return Err(CloudError::internal(format!("{} knows no {action}", live.id)));
        }
        let versions = live.spec.versions(aws).await?;
        let map = match versions.pointer {
            Some(_) => versions.holding(aws).await?,
            None => None,
        };
        let missing =
            || CloudError::refused(format!("nothing points to a map at {}", live.spec.path));
        let map = map.ok_or_else(missing)?;
        to_value(&map).map_err(|error| CloudError::internal(error.to_string()))
    }
}

impl ShardMap {
    /// Writes the version after the newest, unless that is as it should be, and points to it. A
    /// version is written only where there is none of its number, so of two runs one comes first
    /// and the other starts again from there; and after a crash in between, so does the next run.
    async fn publish(&self, aws: &Aws) -> Result<Outputs> {
        for _ in 0..ATTEMPTS {
            let versions = self.versions(aws).await?;
            let map = match versions.newest(self.stack(), aws).await? {
                Some(map) if self.describes(&map) => {
                    let text = versions.pointer_to(&map, aws).await?;
                    return self.point(&versions, &map, &text, aws).await;
                }
                Some(map) => self.successor(&map),
                None => self.first(),
            };
            let map = map.map_err(CloudError::refused)?;
            let written = versions::write(&self.path, &map, self.bucket.as_deref(), aws).await?;
            // What this run has written need not be told yet.
            if let Some(value) = written {
                return self.point(&versions, &map, &pointer(&map, &value), aws).await;
            }
        }
        let message = format!("another run is publishing {} as well", self.path);
        Err(CloudError::taken("ssm:PutParameter", "ParameterAlreadyExists", message))
    }

    /// Makes a version the one that holds, and lets those go that nobody looks at any more.
    async fn point(
        &self,
        versions: &Versions,
        map: &Map,
        text: &str,
        aws: &Aws,
    ) -> Result<Outputs> {
        let name = pointer_name(&self.path);
        // A parameter with a name in its tags would be a resource by itself.
        let mut wanted = self.tags.clone();
        wanted.remove(NAME);
        if versions.pointer.is_some() || !aws.new_parameter(&name, text, &wanted).await? {
            if versions.pointer.as_deref() != Some(text) {
                aws.overwrite_parameter(&name, text).await?;
            }
            let tags = aws.parameter_tags(&name).await?;
            aws.retag_parameter(&name, &tags, &wanted).await?;
        }
        versions.prune(map.version, aws).await?;
        Ok(outputs(&self.path, arn(&self.path, aws), map))
    }

    /// Its parameters, asked for as a look asks for them: what that has told is told again, or
    /// what came after it.
    async fn versions(&self, aws: &Aws) -> Result<Versions> {
        let root: Vec<&str> = self.path.split('/').take(ROOT_PARTS).collect();
        let mut all = maps(&root.join("/"), aws).await?;
        Ok(all.remove(&self.path).unwrap_or_else(|| Versions::new(&self.path)))
    }

    fn stack(&self) -> &str {
        self.tags.get(STACK).unwrap_or_default()
    }
}

/// The parameters of all maps below a root, by the paths of the maps.
async fn maps(root: &str, aws: &Aws) -> Result<BTreeMap<String, Versions>> {
    let mut maps: BTreeMap<String, Versions> = BTreeMap::new();
    for (name, value) in aws.parameters_below(root).await? {
        let Some(path) = map_path(&name, root) else { continue };
        let versions = maps.entry(path.into()).or_insert_with(|| Versions::new(path));
        versions.take(&name, value);
    }
    Ok(maps)
}

fn arn(path: &str, aws: &Aws) -> String {
    aws.arn("ssm", &format!("parameter{path}"))
}

/// The path of the map that a parameter belongs to, if it belongs to one.
fn map_path<'a>(name: &'a str, root: &str) -> Option<&'a str> {
    let below = name.strip_prefix(root)?.strip_prefix('/')?;
    let (database, part) = below.split_once("/map/")?;
    let version = part.strip_prefix("v/").is_some_and(|number| number.parse::<u64>().is_ok());
    (!database.contains('/') && (version || part == "current"))
        .then(|| &name[..name.len() - part.len() - 1])
}

/// A map as it holds; one that nothing points to yet, or any more, has no tags either. A map of
/// another stack's is none of ours.
async fn read(versions: &Versions, stack: &str, aws: &Aws) -> Result<Option<Live<ShardMap>>> {
    let Some(map) = versions.holding(aws).await?.filter(|map| map.stack == stack) else {
        return Ok(None);
    };
    let path = &versions.path;
    let database = path.trim_end_matches("/map").rsplit('/').next().unwrap_or_default();
    let mut tags = Tags::default();
    if versions.pointer.is_some() {
        tags = aws.parameter_tags(&pointer_name(path)).await?;
        tags.set(NAME, database);
    }
    Ok(Some(Live {
        id: Id::new(ShardMap::INFO.name, database),
        handle: path.clone(),
        component: tags.get(COMPONENT).map(str::to_string),
        outputs: outputs(path, arn(path, aws), &map),
        spec: ShardMap::read(&map, path, tags),
        condition: Condition::Ready,
    }))
}
