//! The settings that all APIs of an account share: the default quotas of a new account.
use crate::facts::ApiGateway;

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>
pub fn facts() -> ApiGateway {
    ApiGateway { rate: 10_000.0, burst: 5_000, log_role: None }
}
