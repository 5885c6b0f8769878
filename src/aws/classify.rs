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
    if let Some(class) = of_api_gateway(operation, code, message) {
        return class;
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
        | "TooManyUpdates"
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
        _ if operation.starts_with("cloudfront:") && is_held_at_edge(code) => Class::InUse,
        // One delivery for each pair of source and destination; neither goes before it.
        "ConflictException" if operation == "logs:CreateDelivery" => Class::Exists,
        "ConflictException" if operation.starts_with("logs:DeleteDelivery") => Class::InUse,
        _ if is_missing(code, message) => Class::NotFound,
        _ if is_taken(code) => Class::Exists,
        // Route 53 has one code for all that is wrong with a change.
        "InvalidChangeBatch" if message.contains("already exists") => Class::Exists,
        _ if is_busy(code) => Class::InUse,
        // What is launched cannot be set by hand while a refresh is about to set it.
        "ValidationError" if message.contains("active instance refresh") => Class::InUse,
        _ if status.is_some_and(|status| status >= 500) => Class::Lost,
        _ => Class::Refused,
    }
}

/// API Gateway has few codes: what they mean depends on the call.
/// <https://docs.aws.amazon.com/apigateway/latest/api/CommonErrors.html>
fn of_api_gateway(operation: &str, code: &str, message: &str) -> Option<Class> {
    let operation = operation.strip_prefix("apigateway:")?;
    let message = message.to_ascii_lowercase();
    match (operation, code) {
        // A quota, which no waiting raises.
        (_, "LimitExceededException") => Some(Class::Refused),
        (_, "UnauthorizedException") => Some(Class::Denied),
        (operation, "ConflictException") if operation.starts_with("Create") => Some(Class::Exists),
        (_, "ConflictException") => Some(Class::InUse),
        // A usage plan still names a stage, an integration a link, a mapping an API.
        ("DeleteRestApi" | "DeleteUsagePlan", "BadRequestException") => {
            let used = ["usage plan", "usageplan", "stage", "mapping"];
            used.iter().any(|by| message.contains(by)).then_some(Class::InUse)
        }
        _ => None,
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
        || matches!(code, "OwnershipControlsNotFoundError" | "NoSuchKey" | "InvalidResourceId")
        // These two keep their "Fault" on the wire, unlike ElastiCache's others.
        || matches!(code, "ReplicationGroupNotFoundFault" | "CacheSubnetGroupNotFoundFault")
        // RDS keeps "Fault" in some of its codes.
        || code == "DBSubnetGroupNotFoundFault"
        || matches!(code, "QueueDoesNotExist" | "AWS.SimpleQueueService.NonExistentQueue")
        || code == "DashboardNotFoundError"
        || matches!(code, "WAFNonexistentItemException" | "NoSuchHostedZone")
        || code == "ValidationError" && is_missing_in_group(message)
        || is_missing_at_edge(code)
}

/// CloudFront has a code for each kind.
fn is_missing_at_edge(code: &str) -> bool {
    matches!(code, "NoSuchDistribution" | "NoSuchOriginAccessControl" | "NoSuchCachePolicy")
        || matches!(code, "NoSuchFunctionExists" | "NoSuchMonitoringSubscription")
        || code == "NoSuchResource"
}

/// What CloudFront says of what is still used, is not yet switched off, or was changed since it
/// was read: the next attempt reads it afresh.
fn is_held_at_edge(code: &str) -> bool {
    matches!(code, "OriginAccessControlInUse" | "CachePolicyInUse" | "FunctionInUse")
        || matches!(code, "CannotDeleteEntityWhileInUse" | "CannotUpdateEntityWhileInUse")
        || matches!(code, "DistributionNotDisabled" | "PreconditionFailed")
        || code == "InvalidIfMatchVersion"
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
        || code == "WAFDuplicateItemException"
        || matches!(code, "InvalidSubnet.Conflict" | "PriorityInUse" | "BucketAlreadyOwnedByYou")
        || matches!(code, "QueueNameExists" | "ResourceExistsException")
}

fn is_busy(code: &str) -> bool {
    matches!(code, "DependencyViolation" | "ResourceInUse" | "ResourceInUseException")
        || matches!(code, "ScalingActivityInProgress" | "ResourceContention" | "DeleteConflict")
        || matches!(
            code,
            "InvalidIPAddress.InUse" | "InvalidGroup.InUse" | "BucketNotEmpty" | "OperationAborted"
        )
        || matches!(code, "InstanceRefreshInProgress" | "ConcurrentModification")
        // Somebody else has changed it since it was read; and what something still names.
        || matches!(code, "WAFOptimisticLockException" | "WAFAssociatedItemException")
        || matches!(code, "IncorrectState" | "ScalingActivityInProgressFault")
        || is_busy_cache(code)
        || is_busy_database(code)
}

/// ElastiCache takes one change at a time, and lets nothing go that a cluster uses; so does
/// Application Auto Scaling with its targets.
fn is_busy_cache(code: &str) -> bool {
    matches!(code, "InvalidReplicationGroupState" | "InvalidCacheClusterState")
        || matches!(code, "InvalidUserGroupState" | "InvalidUserState" | "CacheSubnetGroupInUse")
        || matches!(code, "InvalidCacheParameterGroupState" | "ConcurrentUpdateException")
        || matches!(code, "DefaultUserAssociatedToUserGroup" | "SubnetInUse")
}

/// Another change of an instance is under way, or an instance still uses the group.
fn is_busy_database(code: &str) -> bool {
    matches!(code, "InvalidDBInstanceState" | "InvalidDBInstanceStateFault")
        || matches!(code, "InvalidDBSubnetGroupStateFault" | "InvalidDBParameterGroupState")
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
        // A fresh role by which API Gateway is to write logs.
        ("apigateway:UpdateAccount" | "apigateway:UpdateStage", "BadRequestException") => {
            message.contains("role arn")
        }
        // A stage made a moment ago.
        ("apigateway:CreateUsagePlan", code) => {
            matches!(code, "BadRequestException" | "NotFoundException") && message.contains("stage")
        }
        (operation, "ConflictException") if operation.starts_with("apigateway:") => {
            message.contains("concurrent modification")
        }
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
        // A change of the same group, topic or key is under way.
        (operation, "OperationAbortedException") => operation.starts_with("logs:"),
        (operation, "ConcurrentAccess" | "ConcurrentAccessException") => {
            operation.starts_with("sns:")
        }
        (operation, "DependencyTimeout" | "DependencyTimeoutException") => {
            operation.starts_with("kms:")
        }
        // A log bucket whose policy has just been written.
        ("elasticloadbalancing:ModifyLoadBalancerAttributes", "InvalidConfigurationRequest") => {
            message.contains("access denied for bucket")
        }
        // Fresh groups, and a fresh role for enhanced monitoring.
        (
            "rds:CreateDBInstance" | "rds:CreateDBInstanceReadReplica" | "rds:ModifyDBInstance",
            code,
        ) => {
            matches!(code, "DBSubnetGroupNotFoundFault" | "DBParameterGroupNotFound")
                || code == "InvalidParameterValue" && message.contains("iam role arn value")
        }
        // A name that was a queue's a minute ago; a fresh dead-letter queue, in a redrive policy.
        ("sqs:CreateQueue" | "sqs:SetQueueAttributes", code) => {
            code.ends_with("QueueDeletedRecently") || message.contains("dead letter target")
        }
        // A fresh ACL, stage or load balancer, in the call that puts the one before the other.
        (operation, "WAFUnavailableEntityException") => operation.starts_with("wafv2:"),
        // The logs of a fresh distribution.
        ("logs:PutDeliverySource", "ResourceNotFoundException") => true,
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
