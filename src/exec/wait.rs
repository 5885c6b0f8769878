//! How a step waits: until an operation is done, until a resource is no longer in use, or until an
//! error passes. Every wait has a limit and ends when the run is interrupted.
use super::backoff::Backoff;
use super::event::Event;
use super::interrupt::{Interrupt, reached};
use super::step::{Attempt, StepResult, Stop};
use crate::error::{Class, CloudError, Result};
use crate::resource::{Outputs, Progress};

impl Attempt<'_> {
    /// Waits until the resource is ready.
    pub(super) async fn until_ready(&self, outputs: &Outputs) -> StepResult<()> {
        let mut progress = Backoff::progress();
        let mut faults = Backoff::fault();
        let mut last = String::new();
        loop {
            self.check_interrupt()?;
            match self.context.cloud.ready(&self.name.id, outputs).await {
                Ok(Progress::Done) => return Ok(()),
                Ok(Progress::Waiting(status)) => {
                    // Moving the data of a large cache takes hours; its status shows the progress.
                    if status != last {
                        progress.renew();
                        last.clone_from(&status);
                    }
                    self.wait(status, &mut progress).await?;
                }
                Err(error) => match error.class {
                    // Reads are safe to repeat, and a new resource may not be visible yet.
                    Class::Throttled | Class::NotYet | Class::Lost | Class::NotFound => {
                        self.retry(error, &mut faults).await?;
                    }
                    _ => return Err(error.into()),
                },
            }
        }
    }

    /// Repeats a call while the resource is in use, or while AWS rejects the call without any effect
    /// for a reason that passes. Returns any other response.
    pub(super) async fn until_settled<T>(
        &self,
        call: impl AsyncFn() -> Result<T>,
    ) -> StepResult<Result<T>> {
        let mut in_use = Backoff::in_use();
        let mut faults = Backoff::fault();
        loop {
            self.check_interrupt()?;
            match call().await {
                Err(error) if error.class == Class::InUse => {
                    self.wait_while_in_use(error, &mut in_use).await?;
                }
                Err(error) if matches!(error.class, Class::Throttled | Class::NotYet) => {
                    self.retry(error, &mut faults).await?;
                }
                response => return Ok(response),
            }
        }
    }

    /// Pauses while an operation is in progress.
    ///
    /// # Errors
    /// The limit of `backoff` is reached, or the run is interrupted.
    pub(super) async fn wait(&self, status: String, backoff: &mut Backoff) -> StepResult<()> {
        let Some(pause_s) = backoff.pause_s() else {
            let minutes = backoff.limit_minutes();
            let message = format!("not done after {minutes} minutes; last status: {status}");
            return Err(CloudError::refused(message).into());
        };
        let (step, elapsed_s) = (self.name.clone(), self.elapsed_s());
        self.context.emit(Event::Waiting { step, status, elapsed_s });
        self.pause(pause_s).await
    }

    /// Pauses while a resource is in use.
    ///
    /// # Errors
    /// The limit of `backoff` is reached, or the run is interrupted.
    pub(super) async fn wait_while_in_use(
        &self,
        error: CloudError,
        backoff: &mut Backoff,
    ) -> StepResult<()> {
        let Some(pause_s) = backoff.pause_s() else {
            let minutes = backoff.limit_minutes();
            let message = format!("{}: still in use after {minutes} minutes", error.message);
            return Err(CloudError { message, ..error }.into());
        };
        let (step, elapsed_s) = (self.name.clone(), self.elapsed_s());
        self.context.emit(Event::Waiting { step, status: error.message, elapsed_s });
        self.pause(pause_s).await
    }

    /// Pauses before a call is repeated.
    ///
    /// # Errors
    /// The limit of `backoff` is reached: then the error itself; or the run is interrupted.
    pub(super) async fn retry(&self, error: CloudError, backoff: &mut Backoff) -> StepResult<()> {
        let Some(pause_s) = backoff.pause_s() else { return Err(error.into()) };
        self.retrying(&error);
        self.pause(pause_s).await
    }

    pub(super) fn retrying(&self, error: &CloudError) {
        let (step, error, elapsed_s) = (self.name.clone(), error.clone(), self.elapsed_s());
        self.context.emit(Event::Retrying { step, error, elapsed_s });
    }

    pub(super) async fn pause(&self, seconds: f64) -> StepResult<()> {
        tokio::select! {
            biased;
            () = reached(&self.context.interrupt, Interrupt::Once) => Err(Stop::Abandoned),
            () = self.context.cloud.pause(seconds) => Ok(()),
        }
    }

    /// Stops the step before its next call if the run is interrupted.
    pub(super) fn check_interrupt(&self) -> StepResult<()> {
        match *self.context.interrupt.borrow() {
            Interrupt::None => Ok(()),
            _ => Err(Stop::Abandoned),
        }
    }

    pub(super) fn elapsed_s(&self) -> u64 {
        self.started.elapsed().as_secs()
    }
}
