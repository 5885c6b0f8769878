//! Errors of cloud calls, in one form for every service.
use serde::{Deserialize, Serialize};
use std::fmt;

pub type Result<T> = std::result::Result<T, CloudError>;

/// What an error means for the next action of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The resource does not exist.
    NotFound,
    /// The name or slot is taken; the caller must find out by whom.
    Exists,
    /// The resource is busy, or another one still uses it: passes by itself, or once that one is
    /// deleted.
    InUse,
    /// Too many calls; nothing was changed.
    Throttled,
    /// A resource that was just created is not visible everywhere yet; nothing was changed.
    NotYet,
    /// No response, or one that leaves open whether the call took effect.
    Lost,
    /// Credentials are missing, expired or not allowed to do this.
    Denied,
    /// The request was refused: a retry will not help.
    Refused,
    /// A bug in tenfold.
    Internal,
}

/// A failed call: the operation, the reason, and AWS's ID of the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CloudError {
    pub class: Class,
    /// Such as `ec2:CreateVpc`; empty if no call was made.
    pub operation: String,
    pub code: String,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl CloudError {
    /// A request that tenfold itself refuses.
    pub fn refused(message: impl Into<String>) -> Self {
        CloudError::plain(Class::Refused, message)
    }

    /// A name is taken. For calls that would succeed or fail without reporting this.
    pub fn taken(operation: &str, code: &str, message: impl Into<String>) -> Self {
        let (operation, code) = (operation.into(), code.into());
        CloudError { operation, code, ..CloudError::plain(Class::Exists, message) }
    }

    /// A resource with the name that a create call would use exists already; `what` is a noun such
    /// as `queue`. The class is [`Class::Exists`], so the executor finds out who owns it.
    pub fn namesake(operation: &str, code: &str, what: &str, name: &str) -> Self {
        CloudError::taken(operation, code, format!("a {what} named {name} already exists"))
    }

    /// A bug in tenfold.
    pub fn internal(message: impl Into<String>) -> Self {
        CloudError::plain(Class::Internal, message)
    }

    pub fn plain(class: Class, message: impl Into<String>) -> Self {
        let message = message.into();
        CloudError {
            class,
            operation: String::new(),
            code: String::new(),
            message,
            request_id: None,
        }
    }

    /// Whether this is AWS's error code.
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }
}

impl fmt::Display for CloudError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if !self.operation.is_empty() {
            write!(f, "{}: ", self.operation)?;
        }
        if !self.code.is_empty() {
            write!(f, "{}: ", self.code)?;
        }
        write!(f, "{}", self.message)?;
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CloudError {}

/// What could not be done because a call failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("cannot {doing}: {error}")]
pub struct Failed {
    /// A verb phrase, such as "read shop".
    pub doing: String,
    pub error: Box<CloudError>,
}

impl Failed {
    /// What the user can do about it, where more is known than the error itself says.
    pub fn help(&self) -> Option<&'static str> {
        match self.error.class {
            // The error of GetCallerIdentity says how to sign in.
            Class::Denied if self.error.operation == "sts:GetCallerIdentity" => None,
            Class::Denied => {
                Some("check the credentials: sign in again, or pass another --profile")
            }
            Class::Lost => Some("check the network connection and the endpoint, then try again"),
            Class::Throttled => Some("AWS is throttling this account: try again later"),
            Class::Internal => Some("this is a bug in tenfold: please report it"),
            _ => None,
        }
    }
}

/// Conversions of results that most callers need.
pub trait ResultExt<T> {
    /// None instead of an error, if the resource does not exist.
    fn found(self) -> Result<Option<T>>;
    /// Success instead of an error, if AWS's code is one of these.
    fn allow(self, codes: &[&str]) -> Result<()>;
    /// Adds what the caller was doing: a verb phrase that follows "cannot", such as "read shop".
    fn doing(self, doing: impl Into<String>) -> std::result::Result<T, Failed>;
}

impl<T> ResultExt<T> for Result<T> {
    fn found(self) -> Result<Option<T>> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.class == Class::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn allow(self, codes: &[&str]) -> Result<()> {
        match self {
            Ok(_) => Ok(()),
            Err(error) if codes.contains(&error.code.as_str()) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn doing(self, doing: impl Into<String>) -> std::result::Result<T, Failed> {
        self.map_err(|error| Failed { doing: doing.into(), error: Box::new(error) })
    }
}
