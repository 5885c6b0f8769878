//! From the SDK's errors to [`CloudError`].
pub mod cases;
pub mod codes;

use crate::error::{Class, CloudError, Result};
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ec2::types::UnsuccessfulItem;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// Sorts an SDK error. `operation` is `service:Operation`.
pub fn classify<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> CloudError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let meta = error.meta();
    let status = error.raw_response().map(|response| response.status().as_u16());
    let request_id = meta.extra("aws_request_id").map(str::to_string);
    let code = meta.code().unwrap_or_default().to_string();
    let message = match meta.message() {
        Some(message) => message.to_string(),
        None => sentence(&DisplayErrorContext(error).to_string()),
    };
    let class = match error {
        SdkError::ConstructionFailure(_) => Class::Refused,
        SdkError::DispatchFailure(failure) if failure.is_user() => Class::Refused,
        SdkError::DispatchFailure(_) if is_about_credentials(error) => Class::Denied,
        // A connection that the other side had closed is among these.
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) | SdkError::ResponseError(_) => {
            Class::Lost
        }
        _ => class(operation, &code, &message, status),
    };
    CloudError { class, operation: operation.into(), code, message, request_id }
}

/// Whether nothing was sent because there is nothing to sign it with.
fn is_about_credentials(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(|cause| cause.is::<CredentialsError>())
}

/// The first sentence of a chain of causes; the rest is the SDK's own structure, in debug form.
fn sentence(text: &str) -> String {
    text.split(" (").next().unwrap_or(text).to_string()
}

/// The first failure that stands within an answer which is otherwise a success: EC2 calls that
/// take several ids answer so.
pub fn all_succeeded(operation: &str, failures: Option<Vec<UnsuccessfulItem>>) -> Result<()> {
    let Some(failure) = failures.into_iter().flatten().next() else { return Ok(()) };
    let (code, message) = match failure.error {
        Some(reason) => (reason.code.unwrap_or_default(), reason.message.unwrap_or_default()),
        None => (String::new(), "failed without a reason".to_string()),
    };
    let class = class(operation, &code, &message, None);
    Err(CloudError { class, operation: operation.into(), code, message, request_id: None })
}

fn class(operation: &str, code: &str, message: &str, status: Option<u16>) -> Class {
    codes::class(operation, code, message).unwrap_or(match status {
        Some(500..) => Class::Lost,
        _ => Class::Refused,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_by_what_to_do_next() {
        let class = |operation, code| class(operation, code, "", Some(400));
        assert_eq!(class("ec2:CreateVpc", "RequestLimitExceeded"), Class::Throttled);
        assert_eq!(class("ec2:DeleteVpc", "InvalidVpcID.NotFound"), Class::NotFound);
        assert_eq!(class("ec2:DeleteVpc", "DependencyViolation"), Class::InUse);
        assert_eq!(class("ec2:CreateSubnet", "InvalidSubnet.Conflict"), Class::Exists);
        assert_eq!(class("ec2:ReleaseAddress", "AuthFailure"), Class::InUse);
        assert_eq!(class("ec2:CreateVpc", "AuthFailure"), Class::Denied);
        assert_eq!(class("ec2:CreateRoute", "InvalidNatGatewayID.NotFound"), Class::NotYet);
        assert_eq!(class("ec2:CreateVpc", "InvalidParameterValue"), Class::Refused);
        assert_eq!(class("apigateway:CreateApiKey", "ConflictException"), Class::Exists);
        assert_eq!(class("apigateway:CreateRestApi", "LimitExceededException"), Class::Refused);
        assert_eq!(class("apigateway:GetStage", "TooManyRequestsException"), Class::Throttled);
        let gone = "ReplicationGroupNotFoundFault";
        assert_eq!(class("elasticache:DeleteReplicationGroup", gone), Class::NotFound);
        let busy = "InvalidReplicationGroupState";
        assert_eq!(class("elasticache:ModifyReplicationGroup", busy), Class::InUse);
        let gone = "AutoScalingGroup name not found - no such group";
        let class =
            |operation, message| super::class(operation, "ValidationError", message, Some(400));
        assert_eq!(class("autoscaling:DeleteAutoScalingGroup", gone), Class::NotFound);
        assert_eq!(super::class("ec2:CreateVpc", "", "", Some(503)), Class::Lost);
    }

    #[test]
    fn texts_decide_where_codes_do_not() {
        let class = |operation, code, message| class(operation, code, message, Some(400));
        let of_hook =
            |message| class("autoscaling:DeleteLifecycleHook", "ValidationError", message);
        assert_eq!(of_hook("No Lifecycle Hook with the name warm found"), Class::NotFound);
        assert_eq!(of_hook("Given No Lifecycle Hook at all"), Class::Refused);
        assert_eq!(of_hook("NOT FOUND"), Class::Refused);
        let refresh = "An active instance refresh with a desired configuration exists.";
        let update = "autoscaling:UpdateAutoScalingGroup";
        assert_eq!(class(update, "ValidationError", refresh), Class::InUse);
        let going = "The AutoScaling group may not be modified while it is pending delete";
        assert_eq!(class(update, "ValidationError", going), Class::InUse);
        let profile = "Invalid IAM Instance Profile name";
        assert_eq!(class(update, "ValidationError", profile), Class::NotYet);
        let record = "Tried to create resource record set, but it already exists";
        let change = "route53:ChangeResourceRecordSets";
        assert_eq!(class(change, "InvalidChangeBatch", record), Class::Exists);
        let other = "Tried to delete it but the values provided do not match the current values";
        assert_eq!(class(change, "InvalidChangeBatch", other), Class::InUse);
        let busy = "Unable to complete operation due to concurrent modification.";
        let plan = "apigateway:CreateUsagePlan";
        assert_eq!(class(plan, "ConflictException", busy), Class::NotYet);
        assert_eq!(class(plan, "ConflictException", "in the plan already"), Class::Exists);
    }

    #[test]
    fn a_connection_that_breaks_is_no_want_of_credentials() {
        use aws_sdk_ec2::operation::describe_vpcs::DescribeVpcsError;
        use aws_smithy_runtime_api::client::result::ConnectorError;
        let class = |cause: ConnectorError| {
            let error = SdkError::<DescribeVpcsError, HttpResponse>::dispatch_failure(cause);
            classify("ec2:DescribeVpcs", &error).class
        };
        let none = CredentialsError::not_loaded_no_source();
        assert_eq!(class(ConnectorError::other(Box::new(none), None)), Class::Denied);
        assert_eq!(class(ConnectorError::other("closed".into(), None)), Class::Lost);
        assert_eq!(class(ConnectorError::io("reset".into())), Class::Lost);
        assert_eq!(class(ConnectorError::user("elsewhere".into())), Class::Refused);
    }

    #[test]
    fn a_failure_within_a_success_is_an_error_of_its_class() {
        use aws_sdk_ec2::types::UnsuccessfulItemError;
        let failure = |code: &str| {
            let reason = UnsuccessfulItemError::builder().code(code).message("why").build();
            all_succeeded(
                "ec2:DeleteVpcEndpoints",
                Some(vec![UnsuccessfulItem::builder().error(reason).build()]),
            )
        };
        assert!(all_succeeded("ec2:DeleteVpcEndpoints", Some(Vec::new())).is_ok());
        assert_eq!(failure("InvalidVpcEndpoint.NotFound").unwrap_err().class, Class::NotFound);
        assert_eq!(failure("400").unwrap_err().class, Class::Refused);
    }
}
