//! The log, for troubleshooting. Off by default.
use tracing_subscriber::EnvFilter;

/// The variable that selects what is logged, such as `debug` or `tenfold=debug,aws_config=info`.
const LOG: &str = "TENFOLD_LOG";

/// Starts logging to stderr, if the environment selects anything.
pub fn start() {
    if let Ok(filter) = EnvFilter::try_from_env(LOG) {
        // Fails only if a log has been started already.
        let _ = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .try_init();
    }
}
