//! Errors of operations: what happened, where, and what the user can do about it.
use crate::error::Failed;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Cloud(#[from] Failed),
    /// The operation does not fit the live stack, or its arguments are not valid.
    #[error("{what}")]
    Refused { what: String, help: String },
    #[error("timed out after {limit} waiting for {what} (last status: {status})")]
    TimedOut { what: String, limit: String, status: String, help: String },
    #[error("{0}")]
    Internal(String),
}

impl Error {
    pub fn refused(what: impl Into<String>, help: impl Into<String>) -> Self {
        Error::Refused { what: what.into(), help: help.into() }
    }

    pub fn help(&self) -> Option<&str> {
        match self {
            Error::Cloud(failed) => failed.help(),
            Error::Refused { help, .. } | Error::TimedOut { help, .. } => Some(help),
            Error::Internal(_) => Some("this is a bug in tenfold: please report it"),
        }
    }
}
