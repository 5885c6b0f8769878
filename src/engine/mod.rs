//! The pipeline of a run: observe a stack, plan, check the plan, apply it, and wait until AWS
//! reflects the changes.
//!
//! It prints nothing and reads no files. A caller passes the cloud, and an [`Observer`] if it shows
//! progress.
mod apply;
pub mod consistency;
mod error;
mod observe;
mod owners;
mod plan;
#[cfg(test)]
mod tests;

pub use apply::{Applied, Control};
pub use error::Error;
pub use observe::{list, observed};
pub use plan::Planned;

use crate::cloud::Cloud;
use crate::exec::Event;
use crate::spec::Registry;
use std::any::Any;

/// The result of a part of the pipeline.
pub type Result<T> = std::result::Result<T, Error>;

/// Receives the progress of a run.
pub trait Observer {
    /// A phase starts that can take seconds, such as "reading shop". It ends when the engine drops
    /// the returned value.
    fn phase(&self, _what: String) -> Box<dyn Any> {
        Box::new(())
    }

    /// An event of the executor.
    fn event(&self, _event: &Event) {}
}

/// Ignores all progress.
impl Observer for () {}

/// The pipeline on one cloud.
#[derive(Clone, Copy)]
pub struct Engine<'a> {
    cloud: &'a dyn Cloud,
    kinds: Registry,
    observer: &'a dyn Observer,
}

impl<'a> Engine<'a> {
    /// An engine that reports no progress.
    pub fn new(cloud: &'a dyn Cloud, kinds: Registry) -> Self {
        Engine { cloud, kinds, observer: &() }
    }

    /// The same engine, with progress reported to `observer`.
    #[must_use]
    pub fn with_observer(self, observer: &'a dyn Observer) -> Self {
        Engine { observer, ..self }
    }
}
