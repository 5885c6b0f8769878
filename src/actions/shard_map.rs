//! Reads the published shard map of a database.
use super::{Error, Result};
use crate::cloud::Cloud;
use crate::error::ResultExt;
use crate::kinds::ssm::shard_map::{MAP, ShardMap};
use crate::resource::Live;
use crate::shards::Map;
use crate::spec::Spec;
use serde_json::Value;

/// The name of a database and its map. `database` may be left out if the stack has only one.
///
/// # Errors
/// The stack has no such map, or it cannot be read.
pub async fn read(cloud: &dyn Cloud, stack: &str, database: Option<&str>) -> Result<(String, Map)> {
    let doing = format!("read the shard map of {stack}");
    let found = cloud.list(stack, ShardMap::INFO.name).await.doing(&doing)?;
    let live = choose(&found, database, stack)?;
    let answer = cloud.act(live, MAP, &Value::Object(Default::default())).await.doing(&doing)?;
    let map = Map::parse(&answer.to_string()).map_err(Error::Internal)?;
    Ok((live.id.name.clone(), map))
}

fn choose<'a>(found: &'a [Live], name: Option<&str>, stack: &str) -> Result<&'a Live> {
    let names: Vec<&str> = found.iter().map(|live| live.id.name.as_str()).collect();
    match (name, found) {
        (_, []) => {
            let what = format!("the stack {stack} has no shard map");
            Err(Error::refused(what, "apply a blueprint with a database that has `shards`"))
        }
        (None, [only]) => Ok(only),
        (None, _) => {
            let what = format!("several databases have a shard map: {}", names.join(", "));
            Err(Error::refused(what, "choose one: --database NAME"))
        }
        (Some(name), _) => found.iter().find(|live| live.id.name == name).ok_or_else(|| {
            let what = format!("no database with a shard map is named `{name}`");
            Error::refused(what, format!("databases with a shard map: {}", names.join(", ")))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::fake;
    use crate::resource::Id;
    use serde_json::json;

    fn live(name: &str) -> Live {
        fake::live(&Id::new("shard-map", name), json!({}))
    }

    #[test]
    fn database_must_be_named_if_stack_has_several() {
        let (one, two) = ([live("a")], [live("a"), live("b")]);
        let chosen =
            |found: &[Live], name| choose(found, name, "shop").map(|live| live.id.name.clone());
        assert_eq!(chosen(&one, None).ok().as_deref(), Some("a"));
        assert_eq!(chosen(&two, Some("b")).ok().as_deref(), Some("b"));
        assert!(chosen(&two, None).is_err_and(|error| error.to_string().contains("a, b")));
        assert!(chosen(&one, Some("b")).is_err() && chosen(&[], None).is_err());
    }
}
