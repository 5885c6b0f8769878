//! The path that every AWS call takes: counted, paced, and repeated where that is safe.
use super::Aws;
use super::errors::classify;
use super::pace::Pace;
use crate::error::{Class, CloudError, Result, ResultExt};
use crate::resource::Progress;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How often a throttled or failed call is made at most, and the longest pause between two attempts.
const ATTEMPTS: u32 = 9;
const LONGEST_PAUSE_S: f64 = 20.0;
/// A resource that was just created is normally visible everywhere within this time.
const NOT_YET_LIMIT_S: f64 = 180.0;

/// State that all calls of a run share.
#[derive(Default)]
pub struct Calls {
    pace: Option<Pace>,
    made: Mutex<BTreeMap<String, u64>>,
    /// Scales the pauses between attempts; small for an emulator, whose faults pass at once.
    pause_unit_s: f64,
}

impl Calls {
    /// Paced by AWS's published request rates, with pauses that suit AWS.
    pub fn paced() -> Self {
        Calls { pace: Some(Pace::default()), pause_unit_s: 0.5, ..Calls::default() }
    }

    /// For an emulator, which has no request rates.
    pub fn unpaced() -> Self {
        Calls { pause_unit_s: 0.05, ..Calls::default() }
    }

    fn count(&self, operation: &str) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        *made.entry(operation.to_string()).or_default() += 1;
    }

    /// Sleeps with full jitter: between zero and an exponentially growing bound. Returns the bound in
    /// seconds.
    async fn pause(&self, attempt: u32) -> f64 {
        let bound = (self.pause_unit_s * f64::from(1 << attempt.min(10))).min(LONGEST_PAUSE_S);
        let pause_s = bound * fastrand::f64();
        tokio::time::sleep(Duration::from_secs_f64(pause_s)).await;
        bound
    }
}

impl Aws {
    /// A call that is repeated after any fault: a read, or an idempotent write. `operation` is
    /// `service:Operation`.
    pub async fn safe<T, E, F>(&self, operation: &str, call: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = std::result::Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.repeat(operation, true, call).await
    }

    /// A call that is not idempotent: repeated only where AWS has reported that nothing was done.
    /// After a lost response the error's class is [`Class::Lost`], and the caller looks for what the
    /// call may have created.
    pub async fn once<T, E, F>(&self, operation: &str, call: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = std::result::Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.repeat(operation, false, call).await
    }

    /// A delete call, repeated after any fault. A resource that does not exist counts as deleted.
    pub async fn delete<T, E, F>(&self, operation: &str, call: impl Fn() -> F) -> Result<Progress>
    where
        F: Future<Output = std::result::Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.safe(operation, call).await.found()?;
        Ok(Progress::Done)
    }

    /// The items of all pages of a listing. `take` returns the token of the next page and the items
    /// of this one.
    pub async fn pages<T, P, E, F>(
        &self,
        operation: &str,
        call: impl Fn(Option<String>) -> F,
        take: impl Fn(P) -> (Option<String>, Option<Vec<T>>),
    ) -> Result<Vec<T>>
    where
        F: Future<Output = std::result::Result<P, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let mut all = Vec::new();
        let mut token = None;
        loop {
            let page = self.safe(operation, || call(token.clone())).await?;
            let (next, items) = take(page);
            all.extend(items.unwrap_or_default());
            token = next.filter(|next| !next.is_empty());
            if token.is_none() {
                return Ok(all);
            }
        }
    }

    /// The number of calls made so far by operation, repeats included.
    pub fn calls_made(&self) -> BTreeMap<String, u64> {
        self.calls.made.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn repeat<T, E, F>(&self, operation: &str, safe: bool, call: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = std::result::Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let mut attempt = 0;
        let mut waited_s = 0.0;
        loop {
            if let Some(pace) = &self.calls.pace {
                pace.admit(operation).await;
            }
            self.calls.count(operation);
            let error = match call().await {
                Ok(value) => return Ok(value),
                Err(error) => classify(operation, &error),
            };
            attempt += 1;
            let repeat = match error.class {
                Class::Throttled => attempt < ATTEMPTS,
                Class::NotYet => waited_s < NOT_YET_LIMIT_S,
                Class::Lost => safe && attempt < ATTEMPTS,
                _ => false,
            };
            if !repeat {
                return Err(settled(error));
            }
            tracing::debug!(operation, attempt, %error, "repeating");
            waited_s += self.calls.pause(attempt).await;
        }
    }
}

/// An error that has been "not yet" for so long will not resolve by itself.
fn settled(error: CloudError) -> CloudError {
    match error.class {
        Class::NotYet => CloudError { class: Class::Refused, ..error },
        _ => error,
    }
}
