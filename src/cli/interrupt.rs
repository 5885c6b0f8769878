//! Interrupts a run on Ctrl-C (SIGINT) and SIGTERM.
use crate::exec::Interrupt;
use tokio::sync::watch;

/// Handles signals from now on: the first lets the run finish what is in progress, and the second
/// stops it.
pub fn listen() -> watch::Receiver<Interrupt> {
    let (sender, receiver) = watch::channel(Interrupt::None);
    tokio::spawn(async move {
        for level in [Interrupt::Once, Interrupt::Twice] {
            // Without a handler, a signal ends the process as usual.
            if signal().await.is_err() {
                return;
            }
            let _ = sender.send(level);
        }
        sender.closed().await;
    });
    receiver
}

#[cfg(unix)]
async fn signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
