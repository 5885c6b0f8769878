//! Waits until CloudFront has deployed the distributions of a stack to all edge locations.
use super::Result;
use super::wait::{Check, Wait};
use crate::cloud::Cloud;
use crate::error::ResultExt;
use crate::exec::Backoff;
use crate::kinds::cloudfront::distribution::{DEPLOYED, Distribution, STATUS};
use crate::resource::Live;
use crate::spec::Spec;
use serde_json::Value;

/// Returns once all distributions of a stack are deployed.
///
/// # Errors
/// The cloud cannot be read, or a deployment does not end in time.
pub async fn wait(cloud: &dyn Cloud, stack: &str) -> Result<()> {
    let found = cloud.list(stack, Distribution::INFO.name).await;
    for live in &found.doing(format!("read the CDNs of {stack}"))? {
        let mut wait = Wait {
            what: format!("cdn.{} to be deployed to all edge locations", live.id.name),
            help: "CloudFront continues: run `tenfold apply --wait-edge` again to wait for it"
                .into(),
            backoff: Backoff::progress(),
        };
        let check = async || {
            let status = status(cloud, live).await?;
            // A distribution that was deleted meanwhile has no status.
            let done = [DEPLOYED, ""].contains(&status.as_str());
            Ok(if done { Check::Done(()) } else { Check::Pending(status) })
        };
        wait.until(cloud, check).await?;
    }
    Ok(())
}

/// CloudFront's status of a distribution; empty if there is none.
pub(super) async fn status(cloud: &dyn Cloud, distribution: &Live) -> Result<String> {
    let answer = cloud.act(distribution, STATUS, &Value::Null).await;
    let answer = answer.doing(format!("read the status of {}", distribution.id))?;
    Ok(answer["status"].as_str().unwrap_or_default().to_string())
}
