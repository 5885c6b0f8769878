//! AWS: the clients, and the one path that every call takes.
//!
//! A kind's calls go through [`Aws::safe`] or [`Aws::once`], which count, pace and repeat them and
//! turn the SDK's errors into [`CloudError`]; below, the connector guards and records the request.
mod call;
mod connect;
mod connector;
mod errors;
mod facts;
mod pace;
mod secrets;
pub mod tags;

pub use call::Calls;
pub use connect::{Options, connect};
pub use connector::Fault;
pub use errors::all_succeeded;
pub use secrets::TwoValues;

use crate::facts::EDGE_REGION;
use crate::resource::Place;

/// The clients for one account and region, and the path that calls take.
pub struct Aws {
    pub acm: aws_sdk_acm::Client,
    pub apigateway: aws_sdk_apigateway::Client,
    pub apigatewayv2: aws_sdk_apigatewayv2::Client,
    pub application_autoscaling: aws_sdk_applicationautoscaling::Client,
    pub ec2: aws_sdk_ec2::Client,
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub autoscaling: aws_sdk_autoscaling::Client,
    pub cloudfront: aws_sdk_cloudfront::Client,
    pub iam: aws_sdk_iam::Client,
    pub s3: aws_sdk_s3::Client,
    pub ssm: aws_sdk_ssm::Client,
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    /// What CloudFront uses of other services lives in one region, wherever the stack is.
    pub edge: Edge,
    pub elasticache: aws_sdk_elasticache::Client,
    pub kms: aws_sdk_kms::Client,
    pub logs: aws_sdk_cloudwatchlogs::Client,
    pub quotas: aws_sdk_servicequotas::Client,
    pub rds: aws_sdk_rds::Client,
    pub route53: aws_sdk_route53::Client,
    pub secrets: aws_sdk_secretsmanager::Client,
    pub sns: aws_sdk_sns::Client,
    pub sqs: aws_sdk_sqs::Client,
    /// What is tagged, of whichever service.
    pub tagging: aws_sdk_resourcegroupstagging::Client,
    pub sts: aws_sdk_sts::Client,
    pub waf: aws_sdk_wafv2::Client,
    pub place: Place,
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
    calls: Calls,
}

/// The clients for us-east-1, where CloudFront takes its certificates, web ACLs, logs and metrics from.
pub struct Edge {
    pub acm: aws_sdk_acm::Client,
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    pub logs: aws_sdk_cloudwatchlogs::Client,
    pub waf: aws_sdk_wafv2::Client,
}

impl Aws {
    /// Whether what CloudFront uses is in another region than the stack. CloudFront is in AWS's
    /// public partition alone.
    pub fn edge_is_elsewhere(&self) -> bool {
        self.partition == "aws" && self.place.region != EDGE_REGION
    }

    /// An ARN in this partition, region and account.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        let Place { region, account, .. } = &self.place;
        format!("arn:{}:{service}:{region}:{account}:{resource}", self.partition)
    }

    /// A token by which AWS takes a create and its repetition by the call path for one and the
    /// same. Another create never has it: AWS remembers tokens for long, and would answer a later
    /// one with what has been deleted since, or with what failed. After a crash resources are
    /// found by their tags.
    pub fn token(&self) -> String {
        format!("{:032x}", fastrand::u128(..))
    }
}
