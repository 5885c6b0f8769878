//! The resource that publishes the shard map of a database.
use crate::desired::build::{Build, Handle};
use crate::desired::shared::data_stores;
use crate::kinds::ssm::shard_map::{Shard, ShardMap};
use crate::shards::slot::HASH;

/// A shard with the handles of its instances.
pub struct Instances<'a> {
    /// Permanent: `s000`.
    pub id: &'a str,
    /// Its share of the slots relative to the other shards; 0 drains it.
    pub weight: u32,
    pub writer: &'a Handle,
    pub replicas: &'a [Handle],
    pub port: u16,
    pub database: &'a str,
}

/// The properties of a database that its map contains.
pub struct Sharding<'a> {
    /// Its name in the blueprint, `ledger`.
    pub name: &'a str,
    pub slots: u32,
    pub shard_key: &'a str,
    pub shards: &'a [Instances<'a>],
    /// The name of a bucket of the stack, or a reference to it, for maps that are too large for a
    /// parameter.
    pub bucket: Option<String>,
}

/// Adds the map. Its output `name` is the parameter that clients read first; all parameters of the
/// map are below its output `arn`.
pub fn expand(build: &mut Build, component: &str, database: &Sharding) -> Handle {
    let name = database.name;
    let spec = ShardMap {
        path: data_stores::map_path(&build.blueprint.stack, name),
        slots: database.slots,
        shard_key: database.shard_key.into(),
        hash: HASH.into(),
        shards: database.shards.iter().map(shard).collect(),
        bucket: database.bucket.clone(),
        tags: build.tags(component, name),
    };
    build.add(component, name, &spec)
}

fn shard(shard: &Instances) -> Shard {
    Shard {
        id: shard.id.into(),
        weight: shard.weight,
        writer: shard.writer.output("endpoint"),
        readers: shard.replicas.iter().map(|replica| replica.output("endpoint")).collect(),
        port: shard.port,
        database: shard.database.into(),
        secret_arn: shard.writer.output("secret_arn"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::{Options, SourceFile, load};
    use crate::facts::Facts;
    use crate::kinds::rds::db_instance::DbInstance;

    #[test]
    fn map_refers_to_instances() {
        let text = "stack: shop\nregion: us-east-1\nnetwork: {}\n";
        let file = SourceFile::new("a.yaml", text.as_bytes().to_vec());
        let blueprint = load(&[file], &Options::default()).expect("a blueprint");
        let facts = Facts::default();
        let mut build = Build::new(&blueprint, &facts);
        let handle = |name: &str| Handle::of::<DbInstance>(name);
        let (writer, replicas) = (handle("ledger-s000"), [handle("ledger-s000-r1")]);
        let shard = Instances {
            id: "s000",
            weight: 1,
            writer: &writer,
            replicas: &replicas,
            port: 5432,
            database: "app",
        };
        let database = Sharding {
            name: "ledger",
            slots: 4096,
            shard_key: "tenant_id",
            shards: &[shard],
            bucket: None,
        };
        let map = expand(&mut build, "databases.ledger", &database);
        assert_eq!(map.output("name"), "${shard-map.ledger.name}");
        let map = build.all::<ShardMap>().next().expect("the map was added").spec;
        assert_eq!(map.path, "/tenfold/shop/databases/ledger/map");
        let shard = map.shards.first().expect("a shard");
        assert_eq!(shard.writer, "${db-instance.ledger-s000.endpoint}");
        assert_eq!(shard.secret_arn, "${db-instance.ledger-s000.secret_arn}");
        assert!(shard.readers.contains("${db-instance.ledger-s000-r1.endpoint}"));
    }
}
