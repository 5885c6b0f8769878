//! Rotates the origin secret of a CDN. Origins accept the current and the previous value, so a
//! rotation causes no downtime, but a second rotation must wait until all edge locations send the
//! current value.
use super::deployment::status;
use super::wait::{Check, Wait};
use super::{Error, Result, distribution, find};
use crate::cloud::Cloud;
use crate::error::ResultExt;
use crate::exec::Backoff;
use crate::kinds::cloudfront::distribution::DEPLOYED;
use crate::kinds::secretsmanager::secret::{ROTATE, Secret};
use crate::names::ORIGIN_HEADER;
use crate::reference;
use crate::resource::{Id, Live};
use crate::spec::Spec;
use serde_json::Value;

/// A rotated secret.
#[derive(Debug)]
pub struct Rotated {
    pub id: Id,
    /// AWS's identifier of the secret.
    pub handle: String,
    /// The ID of the new version.
    pub version: String,
}

/// Creates a new value for the origin secret of a CDN, and returns once the CDN's listing shows
/// that it does not send the new value yet, so that the next apply sees the change.
///
/// # Errors
/// The CDN has no origin secret, the last rotation is not complete, a call fails, or the new value
/// does not become visible in time.
pub async fn rotate(cloud: &dyn Cloud, stack: &str, cdn: &str) -> Result<Rotated> {
    let distribution = distribution(cloud, stack, cdn).await?;
    let id = Id::new(Secret::INFO.name, &format!("origin-{cdn}"));
    let Some(secret) = find(cloud, stack, &id).await? else {
        let what = format!("cdn.{cdn} has no origin secret to rotate");
        let help = "a CDN has one if its origins are APIs or internet-facing load balancers";
        return Err(Error::refused(what, help));
    };
    check_last_rotation(cloud, cdn, &distribution, &secret).await?;
    let answer = cloud.act(&secret, ROTATE, &Value::Null).await;
    let answer = answer.doing(format!("rotate {}", secret.id))?;
    let version = answer["version"].as_str().unwrap_or_default().to_string();
    wait_until_visible(cloud, stack, &distribution, &secret).await?;
    Ok(Rotated { id: secret.id, handle: secret.handle, version })
}

/// Refuses a rotation before all edge locations send the current value: an edge location that
/// sends the value before it would be locked out.
async fn check_last_rotation(
    cloud: &dyn Cloud,
    cdn: &str,
    distribution: &Live,
    secret: &Live,
) -> Result<()> {
    if !sends_current_value(distribution, secret) {
        return Err(Error::refused(
            format!("cdn.{cdn} does not send the current value of {}", secret.id),
            "run tenfold apply first: origins accept only the last two values",
        ));
    }
    if status(cloud, distribution).await? != DEPLOYED {
        return Err(Error::refused(
            format!("the last change of cdn.{cdn} is not deployed to all edge locations"),
            "try again in a few minutes",
        ));
    }
    Ok(())
}

/// Whether every origin that gets the secret gets its current value.
fn sends_current_value(distribution: &Live, secret: &Live) -> bool {
    let arn = secret.outputs.get("arn").map_or("", String::as_str);
    let (mut sent, current) = (Vec::new(), reference::secret(arn));
    let origins = distribution.spec.pointer("/DistributionConfig/Origins");
    for origin in origins.and_then(Value::as_array).into_iter().flatten() {
        let headers = origin["OriginCustomHeaders"].as_array().into_iter().flatten();
        sent.extend(headers.filter(|header| header["HeaderName"] == ORIGIN_HEADER));
    }
    !sent.is_empty() && sent.iter().all(|header| header["HeaderValue"] == *current)
}

/// Waits until the listing compares the CDN with the new value: an apply that reads the old value
/// would find nothing to do.
async fn wait_until_visible(
    cloud: &dyn Cloud,
    stack: &str,
    distribution: &Live,
    secret: &Live,
) -> Result<()> {
    let mut wait = Wait {
        what: format!("the new value of {} to be visible in AWS", secret.id),
        help: "the secret is rotated: run tenfold apply once tenfold plan shows its changes".into(),
        backoff: Backoff::fault(),
    };
    let check = async || {
        let found = find(cloud, stack, &distribution.id).await?;
        let is_old = found.is_some_and(|found| sends_current_value(&found, secret));
        Ok(if is_old { Check::Pending("the old value".into()) } else { Check::Done(()) })
    };
    wait.until(cloud, check).await
}
