//! From the SDK's errors to [`CloudError`]: the only place that knows AWS's error codes by class.
use crate::error::{Class, CloudError, Result};
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
        SdkError::DispatchFailure(failure) if failure.is_other() => Class::Denied,
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) | SdkError::ResponseError(_) => {
            Class::Lost
        }
        _ => class(operation, &code, &message, status),
    };
    CloudError { class, operation: operation.into(), code, message, request_id }
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
    if not_yet(operation, code, message) {
        return Class::NotYet;
    }
    match code {
        "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "PriorRequestNotComplete"
        | "SlowDown"
        | "LimitExceededException"
        | "EC2ThrottledException" => Class::Throttled,
        "InternalFailure"
        | "InternalError"
        | "InternalServerError"
        | "ServiceUnavailable"
        | "Unavailable"
        | "RequestTimeout"
        | "RequestTimeoutException" => Class::Lost,
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "AuthFailure"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "RequestExpired"
        | "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "UnrecognizedClientException"
        | "OptInRequired" => address_in_use(operation, code).unwrap_or(Class::Denied),
        _ if is_missing(code, message) => Class::NotFound,
        _ if is_taken(code) => Class::Exists,
        _ if is_busy(code) => Class::InUse,
        // What is launched cannot be set by hand while a refresh is about to set it.
        "ValidationError" if message.contains("active instance refresh") => Class::InUse,
        _ if status.is_some_and(|status| status >= 500) => Class::Lost,
        _ => Class::Refused,
    }
}

/// EC2 answers `AuthFailure` when an address is released that is still in use.
fn address_in_use(operation: &str, code: &str) -> Option<Class> {
    (operation == "ec2:ReleaseAddress" && code == "AuthFailure").then_some(Class::InUse)
}

fn is_missing(code: &str, message: &str) -> bool {
    code.ends_with("NotFound")
        || code.ends_with("NotFoundException")
        || matches!(code, "NoSuchEntity" | "NoSuchBucket" | "NoSuchBucketPolicy" | "404")
        || matches!(code, "NoSuchTagSet" | "NoSuchLifecycleConfiguration" | "ParameterNotFound")
        || matches!(code, "NoSuchPublicAccessBlockConfiguration" | "InvalidInternetGatewayId")
        || matches!(code, "ServerSideEncryptionConfigurationNotFoundError" | "NatGatewayNotFound")
        || code == "OwnershipControlsNotFoundError"
        // These two keep their "Fault" on the wire, unlike ElastiCache's others.
        || matches!(code, "ReplicationGroupNotFoundFault" | "CacheSubnetGroupNotFoundFault")
        || code == "ValidationError" && is_missing_in_group(message)
}

/// Auto Scaling has no code of its own for what is not there, only these texts.
fn is_missing_in_group(message: &str) -> bool {
    message.contains("not found")
        || message.contains("not part of the group")
        || message.starts_with("No Lifecycle Hook ")
}

fn is_taken(code: &str) -> bool {
    code.ends_with("AlreadyExists")
        || code.ends_with("AlreadyExistsException")
        || code.starts_with("Duplicate")
        || matches!(code, "InvalidGroup.Duplicate" | "InvalidPermission.Duplicate")
        || matches!(code, "InvalidSubnet.Conflict" | "PriorityInUse" | "BucketAlreadyOwnedByYou")
}

fn is_busy(code: &str) -> bool {
    matches!(code, "DependencyViolation" | "ResourceInUse" | "ResourceInUseException")
        || matches!(code, "ScalingActivityInProgress" | "ResourceContention" | "DeleteConflict")
        || matches!(
            code,
            "InvalidIPAddress.InUse" | "InvalidGroup.InUse" | "BucketNotEmpty" | "OperationAborted"
        )
        || matches!(code, "InstanceRefreshInProgress" | "ConcurrentModification")
        || matches!(code, "IncorrectState" | "ScalingActivityInProgressFault")
        || is_busy_cache(code)
}

/// ElastiCache takes one change at a time, and lets nothing go that a cluster uses; so does
/// Application Auto Scaling with its targets.
fn is_busy_cache(code: &str) -> bool {
    matches!(code, "InvalidReplicationGroupState" | "InvalidCacheClusterState")
        || matches!(code, "InvalidUserGroupState" | "InvalidUserState" | "CacheSubnetGroupInUse")
        || matches!(code, "InvalidCacheParameterGroupState" | "ConcurrentUpdateException")
        || matches!(code, "DefaultUserAssociatedToUserGroup" | "SubnetInUse")
}

/// Errors that mean "made a moment ago and not seen here yet": nothing was done, and the same
/// call will do. Each follows the service's page on eventual consistency.
fn not_yet(operation: &str, code: &str, message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    match (operation, code) {
        // A fresh security group, in a rule or on a balancer.
        (
            "ec2:AuthorizeSecurityGroupIngress" | "ec2:AuthorizeSecurityGroupEgress",
            "InvalidGroup.NotFound",
        ) => true,
        // A fresh gateway or table, in a route.
        ("ec2:CreateRoute" | "ec2:ReplaceRoute", code) => {
            matches!(code, "InvalidNatGatewayID.NotFound" | "InvalidGatewayID.NotFound")
                || code == "InvalidRouteTableID.NotFound"
        }
        // A fresh table, subnet, gateway or address, in the call that puts it to use.
        ("ec2:AssociateRouteTable", code) => {
            matches!(code, "InvalidRouteTableID.NotFound" | "InvalidSubnetID.NotFound")
        }
        ("ec2:AttachInternetGateway", "InvalidInternetGatewayID.NotFound") => true,
        ("ec2:ModifySubnetAttribute", "InvalidSubnetID.NotFound") => true,
        ("ec2:CreateNatGateway", code) => {
            matches!(code, "InvalidAllocationID.NotFound" | "InvalidSubnetID.NotFound")
        }
        // Tagging what was made a moment ago.
        ("ec2:CreateTags", code) => code.ends_with(".NotFound"),
        (operation, "ValidationError") if operation.starts_with("autoscaling:") => {
            not_yet_in_group(operation, &message)
        }
        ("ec2:CreateFlowLogs", _) => message.contains("unable to assume"),
        ("iam:AddRoleToInstanceProfile", "NoSuchEntity") => true,
        // Policies for a fresh role; a policy that does not exist is no such case.
        ("iam:AttachRolePolicy" | "iam:PutRolePolicy", "NoSuchEntity") => {
            message.contains("the role with name")
        }
        // Two changes of one thing at once, or one too soon after the other.
        (operation, "ConcurrentModification" | "EntityTemporarilyUnmodifiable") => {
            operation.starts_with("iam:")
        }
        (
            "elasticloadbalancing:CreateListener"
            | "elasticloadbalancing:ModifyListener"
            | "elasticloadbalancing:AddListenerCertificates"
            | "elasticloadbalancing:CreateRule"
            | "elasticloadbalancing:ModifyRule",
            code,
        ) => {
            matches!(code, "TargetGroupNotFound" | "CertificateNotFound" | "UnsupportedCertificate")
        }
        (operation, "NoSuchBucket") => operation.starts_with("s3:Put"),
        // Another change of the bucket is under way, its creation for one.
        (operation, "OperationAborted") => operation.starts_with("s3:"),
        // A log bucket whose policy has just been written.
        ("elasticloadbalancing:ModifyLoadBalancerAttributes", "InvalidConfigurationRequest") => {
            message.contains("access denied for bucket")
        }
        (_, code) => code == "ServiceLinkedRoleFailure",
    }
}

/// Auto Scaling's part of it: only texts tell.
fn not_yet_in_group(operation: &str, message: &str) -> bool {
    let texts: &[&str] = match operation {
        // A fresh instance profile, security group or template, in what a group is to launch.
        "autoscaling:CreateAutoScalingGroup"
        | "autoscaling:UpdateAutoScalingGroup"
        | "autoscaling:StartInstanceRefresh" => &[
            "invalid iam instance profile",
            "the security group",
            "could not find launch template",
            "the specified launch template",
        ],
        // A request-count policy needs its target group on the balancer and on the group.
        "autoscaling:PutScalingPolicy" => &["resourcelabel", "resource label"],
        _ => &[],
    };
    texts.iter().any(|text| message.contains(text))
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
