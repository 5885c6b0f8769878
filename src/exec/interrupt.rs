//! Interrupts by Ctrl-C: once to finish the calls in flight, twice to stop at once. The caller of
//! the executor listens for the signal.
use std::future::pending;
use tokio::sync::watch;

/// How urgently the run has to stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Interrupt {
    #[default]
    None,
    /// Finish the calls in flight, abandon waits, and start nothing new.
    Once,
    /// Stop without waiting for the calls in flight.
    Twice,
}

/// Returns once the interrupt has at least this level; never, if the sender is dropped before.
pub async fn reached(interrupt: &watch::Receiver<Interrupt>, level: Interrupt) {
    let mut interrupt = interrupt.clone();
    if interrupt.wait_for(|now| *now >= level).await.is_err() {
        pending::<()>().await;
    }
}
