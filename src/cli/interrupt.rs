//! Ctrl-C, or the signal by which a machine asks a process to end.
use crate::exec::Interrupt;
use tokio::sync::watch;

/// From now on the first signal winds the run down, and the second stops it.
pub fn listen() -> watch::Receiver<Interrupt> {
    let (asked, hears) = watch::channel(Interrupt::None);
    tokio::spawn(async move {
        for level in [Interrupt::Once, Interrupt::Twice] {
            // Where signals cannot be heard, they end the process as they always did.
            if signal().await.is_err() {
                return;
            }
            let _ = asked.send(level);
        }
        asked.closed().await;
    });
    hears
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
