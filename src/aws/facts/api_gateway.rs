//! What all APIs of an account share.
use super::super::Aws;
use crate::error::Result;
use crate::facts::ApiGateway;

impl Aws {
    pub(super) async fn api_gateway(&self, asked: bool) -> Result<Option<ApiGateway>> {
        if !asked {
            return Ok(None);
        }
        let call = || self.apigateway.get_account().send();
        let account = self.safe("apigateway:GetAccount", call).await?;
        let throttle = account.throttle_settings.as_ref();
        Ok(Some(ApiGateway {
            rate: throttle.map_or(0.0, |throttle| throttle.rate_limit()),
            burst: throttle.map_or(0, |throttle| throttle.burst_limit()),
            log_role: account.cloudwatch_role_arn.filter(|role| !role.is_empty()),
        }))
    }
}
