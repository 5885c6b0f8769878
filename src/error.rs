//! What goes wrong in the cloud, in one shape for every service.
use serde::{Deserialize, Serialize};
use std::fmt;

pub type Result<T> = std::result::Result<T, CloudError>;

/// What an error means for what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The thing is not there.
    NotFound,
    /// The name or place is taken; whose it is must be looked at.
    Exists,
    /// Something else still uses it, or it is busy: comes right by itself, or once that is gone.
    InUse,
    /// Too many calls; nothing was done.
    Throttled,
    /// A thing made a moment ago is not seen everywhere yet; nothing was done.
    NotYet,
    /// No answer, or one that leaves open whether it was done.
    Lost,
    /// Credentials are missing, expired or not allowed to do this.
    Denied,
    /// Refused as it stands: repeating it will not help.
    Refused,
    /// A fault of tenfold's own.
    Internal,
}

/// A failed call: which, why, and AWS's own id for the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CloudError {
    pub class: Class,
    /// `ec2:CreateVpc`; empty where no call was made.
    pub operation: String,
    pub code: String,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl CloudError {
    /// A refuse that is not AWS's own.
    pub fn refused(message: impl Into<String>) -> Self {
        CloudError::plain(Class::Refused, message)
    }

    /// A name is taken, found before the call that would not have said so.
    pub fn taken(operation: &str, code: &str, message: impl Into<String>) -> Self {
        let (operation, code) = (operation.into(), code.into());
        CloudError { operation, code, ..CloudError::plain(Class::Exists, message) }
    }

    /// A resource with the name that a create call would use exists already; `what` is a noun such
    /// as `queue`. The class is [`Class::Exists`], so the executor finds out who owns it.
    pub fn namesake(operation: &str, code: &str, what: &str, name: &str) -> Self {
        CloudError::taken(operation, code, format!("a {what} named {name} already exists"))
    }

    /// A fault of tenfold's own.
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

    /// Whether AWS's error code is this one.
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

/// Adds to `Result` what kinds say most often.
pub trait ResultExt<T> {
    /// Nothing instead of an error, where the thing is not there.
    fn found(self) -> Result<Option<T>>;
    /// Fine as well, where AWS's code is one of these.
    fn allow(self, codes: &[&str]) -> Result<()>;
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
}
