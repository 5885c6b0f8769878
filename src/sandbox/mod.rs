//! The sandbox: a cloud in memory, kept in a file, for trying out and for tests. It proves the
//! engine (order, waiting, resuming, rendering) and nothing about AWS: it returns what it was
//! told. Kinds give it data, not code.
//!
//! Time is tokio's own clock, paused: it jumps ahead whenever everything waits, so an hour of AWS
//! passes in an instant and parallel waits overlap. That takes the runtime of [`runtime`]; on any
//! other, pauses take as long as they say.
mod cloud;
mod facts;
mod fault;
mod file;
mod rules;
mod state;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use fault::{Fault, FaultKind};

use crate::error::Result;
use crate::resource::Place;
use crate::spec::Registry;
use fault::Faults;
use file::File;
use state::State;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// Where it is kept unless told otherwise.
pub const DEFAULT_FILE: &str = ".tenfold/sandbox.json";
/// The account it pretends to be.
const ACCOUNT: &str = "123456789012";

/// A cloud in memory.
pub struct Sandbox {
    place: Place,
    kinds: Registry,
    file: File,
    state: Mutex<State>,
    faults: Faults,
    /// For how many listings something new is not seen.
    lag: u32,
    since: Instant,
}

/// A runtime whose clock jumps: everything that uses a sandbox runs in its `block_on`, the
/// opening included.
///
/// # Errors
/// The operating system gives no runtime.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()
}

impl Sandbox {
    /// Opens the sandbox kept in a file, or an empty one where there is no such file. Whatever
    /// was under way when it was last closed has come to its end meanwhile.
    ///
    /// # Errors
    /// The file is no sandbox, cannot be read or written, or another run has it open.
    pub fn open(path: &Path, region: &str) -> Result<Sandbox> {
        let file = File::open(path)?;
        let place = Place {
            account: ACCOUNT.to_string(),
            region: region.to_string(),
            target: "sandbox".to_string(),
        };
        Ok(Sandbox {
            place,
            kinds: crate::kinds::registry(),
            state: Mutex::new(file.load()?),
            file,
            faults: Faults::default(),
            lag: 0,
            since: Instant::now(),
        })
    }

    /// Pretends to be another account.
    #[must_use]
    pub fn with_account(mut self, account: &str) -> Self {
        self.place.account = account.to_string();
        self
    }

    /// Plays these faults.
    #[must_use]
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.faults = Faults::new(faults);
        self
    }

    /// Keeps what is new out of so many listings of its kind, as an index that lags does.
    #[must_use]
    pub fn with_lag(mut self, listings: u32) -> Self {
        self.lag = listings;
        self
    }

    /// Seconds on the virtual clock since the opening.
    fn now_s(&self) -> f64 {
        self.since.elapsed().as_secs_f64()
    }

    /// The state as it is by now.
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.settle(self.now_s());
        state
    }
}
