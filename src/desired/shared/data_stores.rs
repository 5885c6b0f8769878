//! Names of the resources of caches and databases that services refer to.

/// The security group and the secret of a cache.
pub fn cache(name: &str) -> String {
    format!("cache-{name}")
}

/// The security group of a database.
pub fn database(name: &str) -> String {
    format!("database-{name}")
}

/// The bucket of a shard map that is too large for a parameter.
pub fn map_bucket(database: &str) -> String {
    format!("{database}-map")
}

/// The path in Parameter Store below which a database's shard map is published.
pub fn map_path(stack: &str, database: &str) -> String {
    format!("/tenfold/{stack}/databases/{database}/map")
}
