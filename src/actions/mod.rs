//! Operations on live resources that do not change the stack, a file each. Where an operation waits
//! for AWS, it uses the executor's backoff and has a limit.
pub mod deployment;
mod error;
pub mod invalidate;
pub mod keys;
pub mod query;
pub mod redrive;
pub mod rotate;
pub mod shard_map;
#[cfg(test)]
mod tests;
mod wait;

pub use error::Error;

use crate::cloud::Cloud;
use crate::error::ResultExt;
use crate::kinds::cloudfront::distribution::Distribution;
use crate::resource::{Id, Live};
use crate::spec::Spec;

/// The result of an operation.
pub type Result<T> = std::result::Result<T, Error>;

/// A resource of a stack by its address, if it exists.
async fn find(cloud: &dyn Cloud, stack: &str, id: &Id) -> Result<Option<Live>> {
    let found = cloud.list(stack, &id.kind).await.doing(format!("read {id} of {stack}"))?;
    Ok(found.into_iter().find(|live| live.id == *id))
}

/// The distribution of a CDN.
async fn distribution(cloud: &dyn Cloud, stack: &str, cdn: &str) -> Result<Live> {
    let found = find(cloud, stack, &Id::new(Distribution::INFO.name, cdn)).await?;
    let missing = || {
        let what = format!("{stack} has no CDN named `{cdn}`");
        Error::refused(what, "tenfold show lists the stack's resources")
    };
    found.ok_or_else(missing)
}
