//! Invalidates paths in a CDN's cache.
use super::{Error, Result, distribution};
use crate::cloud::Cloud;
use crate::error::ResultExt;
use crate::kinds::cloudfront::distribution::INVALIDATE;
use serde_json::{Value, json};

/// Starts an invalidation. Returns CloudFront's `id` and `status` of it, and the `paths`.
///
/// # Errors
/// A path is not valid, the stack has no such CDN, or the call fails.
pub async fn invalidate(
    cloud: &dyn Cloud,
    stack: &str,
    cdn: &str,
    paths: &[String],
) -> Result<Value> {
    check_paths(paths)?;
    let live = distribution(cloud, stack, cdn).await?;
    let answer = cloud.act(&live, INVALIDATE, &json!({ "paths": paths })).await;
    Ok(answer.doing(format!("invalidate the cache of {}", live.id))?)
}

/// CloudFront accepts paths from the root, with one wildcard at the end.
///
/// # Errors
/// A path is not valid.
pub fn check_paths(paths: &[String]) -> Result<()> {
    let is_valid = |path: &&String| {
        let start = path.strip_suffix('*').unwrap_or(path);
        start.starts_with('/') && !start.contains('*')
    };
    match paths.iter().find(|path| !is_valid(path)) {
        Some(path) => Err(Error::refused(
            format!("`{path}` is not a valid invalidation path"),
            "start the path with `/`, and use `*` only as its last character",
        )),
        None => Ok(()),
    }
}
