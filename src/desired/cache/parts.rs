//! What the files of a cache share.
use crate::blueprint::Cache;

/// The cache that the files of this folder expand.
pub struct Parts<'a> {
    pub component: String,
    pub name: &'a str,
    pub wanted: &'a Cache,
}
