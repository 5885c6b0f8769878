//! The sandbox: a simulated cloud, stored in files, for trials and tests. It tests the engine
//! (order, waiting, resuming, rendering) and nothing about AWS: listings return the specs that were
//! sent. Kinds provide data for it, not code.
//!
//! Time is tokio's clock, paused: whenever every task waits, the clock jumps to the end of the
//! shortest wait. An hour of AWS passes in an instant, and parallel waits overlap. This needs the
//! runtime of [`runtime`]; on any other runtime, pauses take real time.
//!
//! Another run that reads the sandbox meanwhile sees every change as completed.
mod cloud;
mod facts;
mod fault;
mod rules;
mod state;
mod store;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use fault::{Fault, FaultKind};

use crate::error::Result;
use crate::resource::Place;
use crate::spec::Registry;
use fault::Faults;
use state::State;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::Store;
use tokio::time::Instant;

/// The file that stores the sandbox by default.
pub const DEFAULT_FILE: &str = ".tenfold/sandbox.json";
/// The default account ID.
const ACCOUNT: &str = "123456789012";

/// A simulated cloud.
pub struct Sandbox {
    place: Place,
    kinds: Registry,
    store: Mutex<Store>,
    faults: Faults,
    /// How many listings omit a new resource.
    lag: u32,
    opened_at: Instant,
}

/// Creates a runtime whose clock jumps over waits. Everything that uses a sandbox, including
/// [`Sandbox::open`], must run in its `block_on`.
///
/// # Errors
/// The operating system cannot create a runtime.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()
}

impl Sandbox {
    /// Opens the sandbox stored at `path`, or an empty one where the file does not exist.
    /// Everything that was in progress when it was last closed has completed. Opening takes no
    /// lock and writes nothing; the first change locks the sandbox until it is dropped, and fails
    /// if another run has the lock.
    ///
    /// # Errors
    /// A file cannot be read or is not a sandbox.
    pub fn open(path: &Path, region: &str) -> Result<Sandbox> {
        let place = Place {
            account: ACCOUNT.to_string(),
            region: region.to_string(),
            target: "sandbox".to_string(),
        };
        Ok(Sandbox {
            place,
            kinds: crate::kinds::registry(),
            store: Mutex::new(Store::open(path)?),
            faults: Faults::default(),
            lag: 0,
            opened_at: Instant::now(),
        })
    }

    /// Simulates another account.
    #[must_use]
    pub fn with_account(mut self, account: &str) -> Self {
        self.place.account = account.to_string();
        self
    }

    /// Injects these faults.
    #[must_use]
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.faults = Faults::new(faults);
        self
    }

    /// Omits a new resource from this many listings of its kind, as an eventually consistent
    /// API does.
    #[must_use]
    pub fn with_lag(mut self, listings: u32) -> Self {
        self.lag = listings;
        self
    }

    /// Seconds on the virtual clock since the sandbox was opened.
    fn now_s(&self) -> f64 {
        self.opened_at.elapsed().as_secs_f64()
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the state as of now.
    fn read<T>(&self, read: impl FnOnce(&mut State) -> T) -> T {
        let mut store = self.store();
        store.state().settle(self.now_s());
        read(store.state())
    }

    /// Changes the state as of now, and stores the change as one step.
    ///
    /// # Errors
    /// `change` fails, another run has the lock, or the step cannot be stored.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        self.store().change(|state| {
            state.settle(self.now_s());
            change(state)
        })
    }
}
