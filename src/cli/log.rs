//! The log, for whoever looks for a fault: silent unless asked for.
use tracing_subscriber::EnvFilter;

/// What is logged, such as `debug` or `tenfold=debug,aws_config=info`.
const LOG: &str = "TENFOLD_LOG";

/// Logs to stderr from now on what the environment asks for.
pub fn begin() {
    if let Ok(filter) = EnvFilter::try_from_env(LOG) {
        // A log that somebody else has begun is as good.
        let _ = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .try_init();
    }
}
