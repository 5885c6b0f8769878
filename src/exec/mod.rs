//! The executor: walks the steps of a plan against a cloud. It makes no choices of its own, names
//! no kind and no AWS type, and is the only place that waits.
pub mod backoff;
mod event;
mod interrupt;
mod outcome;
mod run;
mod step;
#[cfg(test)]
mod tests;
mod wait;

pub use backoff::Backoff;
pub use event::{Event, StepName, Summary};
pub use interrupt::Interrupt;
pub use outcome::{Outcome, known_outputs};
pub use run::{Options, run};
