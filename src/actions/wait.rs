//! Waits for AWS, always with a limit.
use super::{Error, Result};
use crate::cloud::Cloud;
use crate::exec::Backoff;

/// What one check found.
pub enum Check<T> {
    Done(T),
    /// Not yet; the status that AWS reports.
    Pending(String),
}

/// A wait, and the error if it takes too long.
pub struct Wait {
    /// Follows "waiting for", such as "query errors to end".
    pub what: String,
    /// What the user can do after a timeout.
    pub help: String,
    pub backoff: Backoff,
}

impl Wait {
    /// Runs `check` until it is done, with growing pauses.
    ///
    /// # Errors
    /// A check fails, or the backoff's limit is reached.
    pub async fn until<T>(
        &mut self,
        cloud: &dyn Cloud,
        mut check: impl AsyncFnMut() -> Result<Check<T>>,
    ) -> Result<T> {
        loop {
            let status = match check().await? {
                Check::Done(result) => return Ok(result),
                Check::Pending(status) => status,
            };
            match self.backoff.pause_s() {
                Some(pause_s) => cloud.pause(pause_s).await,
                None => return Err(self.timed_out(status)),
            }
        }
    }

    fn timed_out(&self, status: String) -> Error {
        let minutes = self.backoff.limit_minutes();
        let plural = if minutes == 1.0 { "" } else { "s" };
        let limit = format!("{minutes} minute{plural}");
        Error::TimedOut { what: self.what.clone(), limit, status, help: self.help.clone() }
    }
}
