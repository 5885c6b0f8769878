//! Identifiers for the sandbox.
use crate::resource::Outputs;

/// Generates the sandbox's identifiers: in AWS's format, and the same in every run.
pub struct Mint<'a> {
    pub region: &'a str,
    pub account: &'a str,
    /// The resource's outputs before this update; empty for a new resource.
    pub before: &'a Outputs,
    /// Returns hexadecimal digits that it has not returned before.
    pub digits: &'a mut dyn FnMut() -> String,
}

impl Mint<'_> {
    /// An identifier such as `vpc-0a1b2c3d4e5f60718`. An existing value of the output is kept.
    pub fn id(&mut self, output: &str, prefix: &str) -> String {
        match self.before.get(output) {
            Some(before) => before.clone(),
            None => format!("{prefix}-{}", (self.digits)()),
        }
    }

    /// A CloudFront identifier such as `E2QWRUHAPOMQZL`. An existing value of the output is kept.
    pub fn cloudfront_id(&mut self, output: &str) -> String {
        match self.before.get(output) {
            Some(before) => before.clone(),
            None => {
                format!("E{}", (self.digits)().chars().take(13).collect::<String>()).to_uppercase()
            }
        }
    }

    /// An identifier such as `0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9`. An existing value of the output
    /// is kept.
    pub fn uuid(&mut self, output: &str) -> String {
        if let Some(before) = self.before.get(output) {
            return before.clone();
        }
        let digits = format!("{}{}", (self.digits)(), (self.digits)());
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default().to_string();
        [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
    }

    /// An identifier of `length` hexadecimal digits. An existing value of the output is kept.
    pub fn short(&mut self, output: &str, length: usize) -> String {
        match self.before.get(output) {
            Some(before) => before.clone(),
            None => (self.digits)().chars().rev().take(length).collect(),
        }
    }

    /// An ARN in this region and account.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region, self.account)
    }
}
