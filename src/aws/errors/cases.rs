//! Errors whose class the call or the message decides. The first case that fits holds.
use super::codes::any;
use crate::error::Class;

/// A class for what some calls answer.
pub struct Case {
    pub class: Class,
    /// `service:Operation`, as [`any`] reads them; so the codes.
    operations: &'static [&'static str],
    codes: &'static [&'static str],
    says: Says,
}

/// What the message must say.
enum Says {
    /// One of these texts, in lower case, compared without case; empty if the code alone decides.
    Somehow(&'static [&'static str]),
    /// One of these to the letter, as [`any`] reads them.
    Exactly(&'static [&'static str]),
}

impl Case {
    /// Whether an error is such a case.
    pub fn fits(&self, operation: &str, code: &str, message: &str) -> bool {
        any(self.operations, operation) && any(self.codes, code) && self.says.fits(message)
    }
}

impl Says {
    fn fits(&self, message: &str) -> bool {
        match self {
            Says::Somehow([]) => true,
            Says::Somehow(texts) => {
                let message = message.to_ascii_lowercase();
                texts.iter().any(|text| message.contains(text))
            }
            Says::Exactly(patterns) => any(patterns, message),
        }
    }
}

const fn case(
    class: Class,
    operations: &'static [&'static str],
    codes: &'static [&'static str],
    texts: &'static [&'static str],
) -> Case {
    Case { class, operations, codes, says: Says::Somehow(texts) }
}

const fn exactly(
    class: Class,
    operations: &'static [&'static str],
    codes: &'static [&'static str],
    patterns: &'static [&'static str],
) -> Case {
    Case { class, operations, codes, says: Says::Exactly(patterns) }
}

const fn not_yet(
    operations: &'static [&'static str],
    codes: &'static [&'static str],
    texts: &'static [&'static str],
) -> Case {
    case(Class::NotYet, operations, codes, texts)
}

const ANY: &[&str] = &["*"];

/// Errors that mean "just created and not visible here yet", or "another change is in progress":
/// nothing was done, and the same call will do. Each follows the service's page on eventual
/// consistency.
pub const NOT_YET: &[Case] = &[
    // A fresh security group, in a rule.
    not_yet(
        &["ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress"],
        &["InvalidGroup.NotFound"],
        &[],
    ),
    // A fresh gateway or table, in a route.
    not_yet(
        &["ec2:CreateRoute", "ec2:ReplaceRoute"],
        &[
            "InvalidNatGatewayID.NotFound",
            "InvalidGatewayID.NotFound",
            "InvalidRouteTableID.NotFound",
        ],
        &[],
    ),
    // A fresh table, subnet, gateway or address, in the call that puts it to use.
    not_yet(
        &["ec2:AssociateRouteTable"],
        &["InvalidRouteTableID.NotFound", "InvalidSubnetID.NotFound"],
        &[],
    ),
    not_yet(&["ec2:AttachInternetGateway"], &["InvalidInternetGatewayID.NotFound"], &[]),
    not_yet(&["ec2:ModifySubnetAttribute"], &["InvalidSubnetID.NotFound"], &[]),
    not_yet(
        &["ec2:CreateNatGateway"],
        &["InvalidAllocationID.NotFound", "InvalidSubnetID.NotFound"],
        &[],
    ),
    // Tagging a resource that was just created.
    not_yet(&["ec2:CreateTags"], &["*.NotFound"], &[]),
    // A fresh role.
    not_yet(&["ec2:CreateFlowLogs"], ANY, &["unable to assume"]),
    not_yet(&["iam:AddRoleToInstanceProfile"], &["NoSuchEntity"], &[]),
    // Policies for a fresh role; a policy that does not exist is no such case.
    not_yet(
        &["iam:AttachRolePolicy", "iam:PutRolePolicy"],
        &["NoSuchEntity"],
        &["the role with name"],
    ),
    // Two changes of one thing at once, or one too soon after the other.
    not_yet(&["iam:*"], &["ConcurrentModification", "EntityTemporarilyUnmodifiable"], &[]),
    // Auto Scaling has texts alone. A fresh instance profile, security group or template, in what
    // a group is to launch.
    not_yet(
        &[
            "autoscaling:CreateAutoScalingGroup",
            "autoscaling:UpdateAutoScalingGroup",
            "autoscaling:StartInstanceRefresh",
        ],
        &["ValidationError"],
        &[
            "invalid iam instance profile",
            "the security group",
            "could not find launch template",
            "the specified launch template",
        ],
    ),
    // A request-count policy needs its target group on the balancer and on the group.
    not_yet(
        &["autoscaling:PutScalingPolicy"],
        &["ValidationError"],
        &["resourcelabel", "resource label"],
    ),
    // A fresh target group or certificate, in a listener or rule.
    not_yet(
        &[
            "elasticloadbalancing:CreateListener",
            "elasticloadbalancing:ModifyListener",
            "elasticloadbalancing:AddListenerCertificates",
            "elasticloadbalancing:CreateRule",
            "elasticloadbalancing:ModifyRule",
        ],
        &["TargetGroupNotFound", "CertificateNotFound", "UnsupportedCertificate"],
        &[],
    ),
    // A log bucket whose policy has just been written.
    not_yet(
        &["elasticloadbalancing:ModifyLoadBalancerAttributes"],
        &["InvalidConfigurationRequest"],
        &["access denied for bucket"],
    ),
    not_yet(&["s3:Put*"], &["NoSuchBucket"], &[]),
    // Another change of the bucket is under way, its creation for one.
    not_yet(&["s3:*"], &["OperationAborted"], &[]),
    // A change of the same group, topic or key is under way.
    not_yet(&["logs:*"], &["OperationAbortedException"], &[]),
    not_yet(&["sns:*"], &["ConcurrentAccess", "ConcurrentAccessException"], &[]),
    not_yet(&["kms:*"], &["DependencyTimeout", "DependencyTimeoutException"], &[]),
    // The logs of a fresh distribution.
    not_yet(&["logs:PutDeliverySource"], &["ResourceNotFoundException"], &[]),
    // A fresh role by which API Gateway is to write logs.
    not_yet(
        &["apigateway:UpdateAccount", "apigateway:UpdateStage"],
        &["BadRequestException"],
        &["role arn"],
    ),
    // A stage that was just created.
    not_yet(
        &["apigateway:CreateUsagePlan"],
        &["BadRequestException", "NotFoundException"],
        &["stage"],
    ),
    // Another change is under way, which any call may run into: "Unable to complete operation due
    // to concurrent modification. Please try again later."
    // <https://github.com/hashicorp/terraform-provider-aws/issues/776>
    not_yet(&["apigateway:*"], &["ConflictException"], &["concurrent modification"]),
    // Fresh groups, and a fresh role for enhanced monitoring.
    not_yet(RDS_INSTANCE, &["DBSubnetGroupNotFoundFault", "DBParameterGroupNotFound"], &[]),
    not_yet(RDS_INSTANCE, &["InvalidParameterValue"], &["iam role arn value"]),
    // A name that was a queue's a minute ago; a fresh dead-letter queue, in a redrive policy.
    not_yet(SQS_QUEUE, &["*QueueDeletedRecently"], &[]),
    not_yet(SQS_QUEUE, ANY, &["dead letter target"]),
    // A fresh ACL, stage or load balancer, in the call that puts the one before the other.
    not_yet(&["wafv2:*"], &["WAFUnavailableEntityException"], &[]),
    // A role of the service's own, made with the first resource that needs it.
    not_yet(ANY, &["ServiceLinkedRoleFailure"], &[]),
];

const RDS_INSTANCE: &[&str] =
    &["rds:CreateDBInstance", "rds:CreateDBInstanceReadReplica", "rds:ModifyDBInstance"];
const SQS_QUEUE: &[&str] = &["sqs:CreateQueue", "sqs:SetQueueAttributes"];

/// Codes that do not mean the same in every call.
pub const CASES: &[Case] = &[
    // An address is released that is still in use.
    case(Class::InUse, &["ec2:ReleaseAddress"], &["AuthFailure"], &[]),
    // API Gateway has few codes, <https://docs.aws.amazon.com/apigateway/latest/api/CommonErrors.html>.
    // This one is a quota, which no waiting raises.
    case(Class::Refused, &["apigateway:*"], &["LimitExceededException"], &[]),
    case(Class::Denied, &["apigateway:*"], &["UnauthorizedException"], &[]),
    case(Class::Exists, &["apigateway:Create*"], &["ConflictException"], &[]),
    case(Class::InUse, &["apigateway:*"], &["ConflictException"], &[]),
    // A usage plan still names a stage, an integration a link, a mapping an API.
    case(
        Class::InUse,
        &["apigateway:DeleteRestApi", "apigateway:DeleteUsagePlan"],
        &["BadRequestException"],
        &["usage plan", "usageplan", "stage", "mapping"],
    ),
    // Still used, not yet switched off, or changed since it was read: the next attempt reads it
    // afresh.
    case(
        Class::InUse,
        &["cloudfront:*"],
        &[
            "OriginAccessControlInUse",
            "CachePolicyInUse",
            "FunctionInUse",
            "CannotDeleteEntityWhileInUse",
            "CannotUpdateEntityWhileInUse",
            "DistributionNotDisabled",
            "PreconditionFailed",
            "InvalidIfMatchVersion",
        ],
        &[],
    ),
    // One delivery for each pair of source and destination; neither goes before it.
    case(Class::Exists, &["logs:CreateDelivery"], &["ConflictException"], &[]),
    case(Class::InUse, &["logs:DeleteDelivery*"], &["ConflictException"], &[]),
    // Auto Scaling has no code of its own for what is not there.
    exactly(
        Class::NotFound,
        ANY,
        &["ValidationError"],
        &["*not found*", "*not part of the group*", "No Lifecycle Hook *"],
    ),
    // A group that goes.
    exactly(Class::InUse, &["autoscaling:*"], &["ValidationError"], &["*pending delete*"]),
    // What is launched cannot be set by hand while a refresh is about to set it.
    exactly(Class::InUse, ANY, &["ValidationError"], &["*active instance refresh*"]),
    // A record that was read before it came to be another: the next attempt reads it afresh.
    exactly(
        Class::InUse,
        ANY,
        &["InvalidChangeBatch"],
        &["*do not match the current values*", "*but it was not found*"],
    ),
    // Route 53 has one code for all that is wrong with a change.
    exactly(Class::Exists, ANY, &["InvalidChangeBatch"], &["*already exists*"]),
];
