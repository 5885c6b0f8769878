//! How a step waits: for something to come along, to be let go, or for a fault to pass. Every
//! wait ends when the run is interrupted, and every one has a limit.
use super::backoff::Backoff;
use super::event::Event;
use super::interrupt::{Interrupt, reached};
use super::step::{Attempt, Stop, Walked};
use crate::error::{Class, CloudError, Result};
use crate::resource::{Outputs, Progress};

impl Attempt<'_> {
    pub(super) async fn until_ready(&self, outputs: &Outputs) -> Walked<()> {
        let mut progress = Backoff::progress();
        let mut faults = Backoff::fault();
        let mut last = String::new();
        loop {
            self.go_on()?;
            match self.stage.cloud.ready(&self.name.id, outputs).await {
                Ok(Progress::Done) => return Ok(()),
                Ok(Progress::Waiting(status)) => {
                    // Moving the data of a large cache takes hours, and its status tells how far it is.
                    if status != last {
                        progress.renew();
                        last.clone_from(&status);
                    }
                    self.wait(status, &mut progress).await?;
                }
                Err(error) => match error.class {
                    // A look changes nothing, and what is new may not be seen everywhere yet.
                    Class::Throttled | Class::NotYet | Class::Lost | Class::NotFound => {
                        self.retry(error, &mut faults).await?;
                    }
                    _ => return Err(error.into()),
                },
            }
        }
    }

    /// Makes a call until its answer is a matter for the caller: what is busy is waited for, and
    /// what was turned away undone is asked for again.
    pub(super) async fn settled<T>(&self, call: impl AsyncFn() -> Result<T>) -> Walked<Result<T>> {
        let mut in_use = Backoff::in_use();
        let mut faults = Backoff::fault();
        loop {
            self.go_on()?;
            match call().await {
                Err(error) if error.class == Class::InUse => {
                    self.wait_out(error, &mut in_use).await?;
                }
                Err(error) if matches!(error.class, Class::Throttled | Class::NotYet) => {
                    self.retry(error, &mut faults).await?;
                }
                answer => return Ok(answer),
            }
        }
    }

    /// Waits for something to come along by itself.
    pub(super) async fn wait(&self, status: String, backoff: &mut Backoff) -> Walked<()> {
        let Some(pause_s) = backoff.pause_s() else {
            let minutes = backoff.limit_minutes();
            let message = format!("after {minutes} minutes of waiting it is still: {status}");
            return Err(CloudError::refused(message).into());
        };
        let (step, elapsed_s) = (self.name.clone(), self.elapsed_s());
        self.stage.tell(Event::Waiting { step, status, elapsed_s });
        self.pause(pause_s).await
    }

    /// Waits for something to be let go.
    pub(super) async fn wait_out(&self, error: CloudError, backoff: &mut Backoff) -> Walked<()> {
        let Some(pause_s) = backoff.pause_s() else {
            let minutes = backoff.limit_minutes();
            let message = format!("{}: still so after {minutes} minutes", error.message);
            return Err(CloudError { message, ..error }.into());
        };
        let (step, elapsed_s) = (self.name.clone(), self.elapsed_s());
        self.stage.tell(Event::Waiting { step, status: error.message, elapsed_s });
        self.pause(pause_s).await
    }

    /// Lets a fault pass.
    pub(super) async fn retry(&self, error: CloudError, backoff: &mut Backoff) -> Walked<()> {
        let Some(pause_s) = backoff.pause_s() else { return Err(error.into()) };
        self.retrying(&error);
        self.pause(pause_s).await
    }

    pub(super) fn retrying(&self, error: &CloudError) {
        let (step, error, elapsed_s) = (self.name.clone(), error.clone(), self.elapsed_s());
        self.stage.tell(Event::Retrying { step, error, elapsed_s });
    }

    pub(super) async fn pause(&self, seconds: f64) -> Walked<()> {
        tokio::select! {
            biased;
            () = reached(&self.stage.interrupt, Interrupt::Once) => Err(Stop::Abandoned),
            () = self.stage.cloud.pause(seconds) => Ok(()),
        }
    }

    /// Nothing new is asked of the cloud once the run is interrupted.
    pub(super) fn go_on(&self) -> Walked<()> {
        match *self.stage.interrupt.borrow() {
            Interrupt::None => Ok(()),
            _ => Err(Stop::Abandoned),
        }
    }

    pub(super) fn elapsed_s(&self) -> u64 {
        self.since.elapsed().as_secs()
    }
}
