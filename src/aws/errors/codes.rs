//! The meaning of AWS's error codes: here if the code alone decides, in [`super::cases`] if the call
//! or the message decides.
use super::cases::{CASES, NOT_YET};
use crate::error::Class;

/// The class of an error, if its call, code and message are in the tables.
pub fn class(operation: &str, code: &str, message: &str) -> Option<Class> {
    let case = NOT_YET.iter().chain(CASES).find(|case| case.fits(operation, code, message));
    let by_code = || CODES.iter().find(|(_, codes)| any(codes, code)).map(|(class, _)| *class);
    case.map(|case| case.class).or_else(by_code)
}

/// Whether a text is one of several; a `*` at either end of one stands for any text.
pub fn any(patterns: &[&str], text: &str) -> bool {
    patterns.iter().any(|pattern| fits(pattern, text))
}

fn fits(pattern: &str, text: &str) -> bool {
    let end = pattern.strip_prefix('*');
    match (end, end.unwrap_or(pattern).strip_suffix('*')) {
        (Some(_), Some(part)) => text.contains(part),
        (Some(end), None) => text.ends_with(end),
        (None, Some(start)) => text.starts_with(start),
        (None, None) => text == pattern,
    }
}

/// Codes that mean the same wherever they come from.
const CODES: &[(Class, &[&str])] = &[
    (Class::Throttled, THROTTLED),
    (Class::Lost, LOST),
    (Class::Denied, DENIED),
    (Class::NotFound, MISSING),
    (Class::Exists, TAKEN),
    (Class::InUse, BUSY),
];

const THROTTLED: &[&str] = &[
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "LimitExceededException",
    // Route 53
    "PriorRequestNotComplete",
    // S3
    "SlowDown",
    // Systems Manager
    "TooManyUpdates",
    // EC2, in the words of others
    "EC2ThrottledException",
];

const LOST: &[&str] = &[
    "InternalFailure",
    "InternalError",
    "InternalServerError",
    "ServiceUnavailable",
    "Unavailable",
    "RequestTimeout",
    "RequestTimeoutException",
];

const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "OptInRequired",
];

const MISSING: &[&str] = &[
    "*NotFound",
    "*NotFoundException",
    "404",
    // EC2
    "InvalidInternetGatewayId",
    // IAM
    "NoSuchEntity",
    // S3
    "NoSuchBucket",
    "NoSuchBucketPolicy",
    "NoSuchKey",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchTagSet",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
    // Systems Manager, of tags
    "InvalidResourceId",
    // ElastiCache and RDS, which keep their "Fault" in these alone
    "ReplicationGroupNotFoundFault",
    "CacheSubnetGroupNotFoundFault",
    "DBSubnetGroupNotFoundFault",
    // SQS
    "QueueDoesNotExist",
    "AWS.SimpleQueueService.NonExistentQueue",
    // CloudWatch
    "DashboardNotFoundError",
    // WAF
    "WAFNonexistentItemException",
    // Route 53
    "NoSuchHostedZone",
    // CloudFront
    "NoSuchCachePolicy",
    "NoSuchDistribution",
    "NoSuchFunctionExists",
    "NoSuchMonitoringSubscription",
    "NoSuchOriginAccessControl",
    "NoSuchResource",
];

const TAKEN: &[&str] = &[
    "*AlreadyExists",
    "*AlreadyExistsException",
    "Duplicate*",
    // EC2
    "InvalidGroup.Duplicate",
    "InvalidPermission.Duplicate",
    "InvalidSubnet.Conflict",
    // Elastic Load Balancing
    "PriorityInUse",
    // S3
    "BucketAlreadyOwnedByYou",
    // SQS
    "QueueNameExists",
    // Secrets Manager
    "ResourceExistsException",
    // WAF
    "WAFDuplicateItemException",
];

const BUSY: &[&str] = &[
    "ResourceInUse",
    "ResourceInUseException",
    // EC2
    "DependencyViolation",
    "IncorrectState",
    "InvalidGroup.InUse",
    "InvalidIPAddress.InUse",
    // IAM
    "ConcurrentModification",
    "DeleteConflict",
    // S3
    "BucketNotEmpty",
    "OperationAborted",
    // Auto Scaling
    "InstanceRefreshInProgress",
    "ResourceContention",
    "ScalingActivityInProgress",
    "ScalingActivityInProgressFault",
    // Application Auto Scaling, one change of a target at a time
    "ConcurrentUpdateException",
    // ElastiCache takes one change at a time, and lets nothing go that a cluster uses
    "CacheSubnetGroupInUse",
    "DefaultUserAssociatedToUserGroup",
    "InvalidCacheClusterState",
    "InvalidCacheParameterGroupState",
    "InvalidReplicationGroupState",
    "InvalidUserGroupState",
    "InvalidUserState",
    "SubnetInUse",
    // RDS: another change is under way, or an instance still uses the group
    "InvalidDBInstanceState",
    "InvalidDBInstanceStateFault",
    "InvalidDBParameterGroupState",
    "InvalidDBSubnetGroupStateFault",
    // WAF: another client has changed it since it was read, or another resource still refers to it
    "WAFAssociatedItemException",
    "WAFOptimisticLockException",
];
