use super::{ApiAccount, ROLE, ROLE_PATH, outputs};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::{Class, Result};
use crate::kinds::apigateway::calls::replace;
use crate::kinds::apigateway::rest_api::RestApi;
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::spec::Spec;

/// The AWS managed policy that allows the role to write logs.
const POLICY: &str = "service-role/AmazonAPIGatewayPushToCloudWatchLogs";
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
/// The resource's name. There is one per account and region, so it is always the same.
const NAME: &str = "main";

impl Calls for ApiAccount {
    /// The setting has no tags. It counts as the stack's if the stack has an API.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let (apis, role) = futures::try_join!(listing.of::<RestApi>(), role(listing.aws))?;
        let (Some(role), Some(api)) = (role, apis.first()) else { return Ok(Vec::new()) };
        let id = Id::new(ApiAccount::INFO.name, NAME);
        let owner = Owner { id, component: api.component.clone() };
        let outputs = outputs(&role);
        Ok(vec![owner.live(role.clone(), ApiAccount { cloud_watch_role_arn: role }, outputs)])
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        if let Some(role) = role(aws).await? {
            return Ok(outputs(&role));
        }
        if self.cloud_watch_role_arn.ends_with(&format!("{ROLE_PATH}{ROLE}")) {
            create_role(aws).await?;
        }
        let patch = || replace("/cloudwatchRoleArn", &self.cloud_watch_role_arn);
        let call = || aws.apigateway.update_account().patch_operations(patch()).send();
        aws.safe("apigateway:UpdateAccount", call).await?;
        Ok(outputs(&self.cloud_watch_role_arn))
    }

    /// The only property is create-only.
    async fn update(&self, live: &Live<Self>, _aws: &Aws) -> Result<Outputs> {
        Ok(live.outputs.clone())
    }

    /// Changes nothing: other APIs of the account write their logs with the same role.
    async fn delete(_live: &Live<Self>, _aws: &Aws) -> Result<Progress> {
        Ok(Progress::Done)
    }
}

/// The ARN of the account's role; `None` if it is not set.
async fn role(aws: &Aws) -> Result<Option<String>> {
    let account = aws.safe("apigateway:GetAccount", || aws.apigateway.get_account().send()).await?;
    Ok(account.cloudwatch_role_arn.filter(|role| !role.is_empty()))
}

/// Creates the role, unless it exists: stacks in other regions use the same role.
async fn create_role(aws: &Aws) -> Result<()> {
    let create = || aws.iam.create_role().role_name(ROLE).path(ROLE_PATH);
    let call = || create().assume_role_policy_document(TRUST).send();
    match aws.safe("iam:CreateRole", call).await {
        Err(error) if error.class != Class::Exists => return Err(error),
        _ => {}
    }
    let policy = format!("arn:{}:iam::aws:policy/{POLICY}", aws.partition);
    let call = || aws.iam.attach_role_policy().role_name(ROLE).policy_arn(&policy).send();
    aws.safe("iam:AttachRolePolicy", call).await.map(drop)
}
