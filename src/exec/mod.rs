//! The executor: walks the steps of a plan against a cloud. It makes no choices of its own, names
//! no kind and no AWS type, and is the only place that waits.
mod event;
mod interrupt;
mod outcome;
mod patience;
mod run;
mod seen;
mod step;
#[cfg(test)]
mod tests;
mod wait;

pub use event::{Event, StepName, Summary};
pub use interrupt::Interrupt;
pub use outcome::{Outcome, known};
pub use patience::Patience;
pub use run::{Options, run};
pub use seen::{emerges, unseen};
