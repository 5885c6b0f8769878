//! Moves failed messages from a dead-letter queue back to its queue.
use super::{Error, Result, find};
use crate::cloud::Cloud;
use crate::error::ResultExt;
use crate::kinds::sqs::queue::{Queue, REDRIVE};
use crate::resource::Id;
use crate::spec::Spec;
use serde_json::json;

/// Starts the move, at `rate` messages per second at most. Returns the number of messages.
///
/// # Errors
/// The queue has no dead-letter queue, or the call fails.
pub async fn redrive(
    cloud: &dyn Cloud,
    stack: &str,
    queue: &str,
    rate: Option<u16>,
) -> Result<u64> {
    let id = Id::new(Queue::INFO.name, &format!("{queue}-dead"));
    let Some(dead) = find(cloud, stack, &id).await? else {
        let what = format!("{queue} has no dead-letter queue in {stack}");
        return Err(Error::refused(what, "tenfold show lists the stack's queues"));
    };
    let answer = cloud.act(&dead, REDRIVE, &json!({ "rate": rate })).await;
    let answer = answer.doing(format!("redrive {queue}"))?;
    Ok(answer["messages"].as_u64().unwrap_or_default())
}
