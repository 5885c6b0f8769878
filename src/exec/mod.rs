//! The executor: runs the steps of a plan against a cloud. It makes no choices, names no kind and
//! no AWS type, and owns all waiting during a run.
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
