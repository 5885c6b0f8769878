//! What the files of an API share.
use crate::blueprint::RateLimit;

/// The API that the files of this folder expand.
pub struct Parts<'a> {
    pub component: String,
    pub name: &'a str,
    pub wanted: &'a RateLimit,
}
