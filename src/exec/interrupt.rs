//! Ctrl-C: once to wind down, twice to stop. Whoever runs the executor listens for the signal.
use std::future::pending;
use tokio::sync::watch;

/// How urgently the run is asked to stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Interrupt {
    #[default]
    None,
    /// Finish the requests in flight, abandon the waits, start nothing.
    Once,
    /// Stop now.
    Twice,
}

/// Comes back once it is asked for at least this urgently; never, if nobody can ask any more.
pub async fn reached(asked: &watch::Receiver<Interrupt>, level: Interrupt) {
    let mut asked = asked.clone();
    if asked.wait_for(|now| *now >= level).await.is_err() {
        pending::<()>().await;
    }
}
