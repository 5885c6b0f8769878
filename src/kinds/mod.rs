//! All kinds, grouped by AWS service. A new kind needs a folder in its service's folder, a `mod` line
//! there, and a line in [`KINDS`].
// Only the calls use some of the pure helpers, and a light build leaves the calls out.
#![cfg_attr(not(feature = "aws"), allow(dead_code))]

pub mod acm;
pub mod apigateway;
pub mod autoscaling;
#[cfg(feature = "aws")]
pub mod cloud;
pub mod cloudfront;
pub mod cloudwatch;
#[cfg(feature = "aws")]
pub mod contract;
pub mod ec2;
pub mod elasticache;
pub mod elb;
pub mod iam;
pub mod kms;
pub mod logs;
pub mod rds;
pub mod route53;
pub mod s3;
pub mod secretsmanager;
pub mod sns;
pub mod sqs;
pub mod ssm;
pub mod text;
pub mod version;
pub mod waf;

#[cfg(not(feature = "aws"))]
use crate::spec::DynSpec as DynEntry;
use crate::spec::{DynSpec, Erased, Registry};
/// The entries of [`KINDS`]: whole kinds, or only their specs in a build without AWS.
#[cfg(feature = "aws")]
use contract::DynKind as DynEntry;
use std::marker::PhantomData;
use std::sync::LazyLock;

/// Roughly in the order in which a stack is created.
pub static KINDS: &[&dyn DynEntry] = &[
    &Erased::<ec2::vpc::Vpc>(PhantomData),
    &Erased::<ec2::internet_gateway::InternetGateway>(PhantomData),
    &Erased::<ec2::subnet::Subnet>(PhantomData),
    &Erased::<ec2::elastic_ip::ElasticIp>(PhantomData),
    &Erased::<ec2::nat_gateway::NatGateway>(PhantomData),
    &Erased::<ec2::route_table::RouteTable>(PhantomData),
    &Erased::<ec2::vpc_endpoint::VpcEndpoint>(PhantomData),
    &Erased::<ec2::security_group::SecurityGroup>(PhantomData),
    &Erased::<ec2::security_group_rule::SecurityGroupRule>(PhantomData),
    &Erased::<ec2::default_security_group::DefaultSecurityGroup>(PhantomData),
    &Erased::<kms::key::Key>(PhantomData),
    &Erased::<s3::bucket::Bucket>(PhantomData),
    &Erased::<s3::bucket_policy::BucketPolicy>(PhantomData),
    &Erased::<secretsmanager::secret::Secret>(PhantomData),
    &Erased::<ssm::parameter::Parameter>(PhantomData),
    &Erased::<logs::log_group::LogGroup>(PhantomData),
    &Erased::<logs::metric_filter::MetricFilter>(PhantomData),
    &Erased::<ec2::flow_log::FlowLog>(PhantomData),
    &Erased::<sns::topic::Topic>(PhantomData),
    &Erased::<sns::subscription::Subscription>(PhantomData),
    &Erased::<iam::role::Role>(PhantomData),
    &Erased::<iam::instance_profile::InstanceProfile>(PhantomData),
    &Erased::<sqs::queue::Queue>(PhantomData),
    &Erased::<elasticache::cache_subnet_group::CacheSubnetGroup>(PhantomData),
    &Erased::<elasticache::cache_parameter_group::CacheParameterGroup>(PhantomData),
    &Erased::<elasticache::cache_user::CacheUser>(PhantomData),
    &Erased::<elasticache::cache_user_group::CacheUserGroup>(PhantomData),
    &Erased::<elasticache::replication_group::ReplicationGroup>(PhantomData),
    &Erased::<autoscaling::scalable_target::ScalableTarget>(PhantomData),
    &Erased::<autoscaling::scalable_policy::ScalablePolicy>(PhantomData),
    &Erased::<rds::db_subnet_group::DbSubnetGroup>(PhantomData),
    &Erased::<rds::db_parameter_group::DbParameterGroup>(PhantomData),
    &Erased::<rds::db_instance::DbInstance>(PhantomData),
    &Erased::<ssm::shard_map::ShardMap>(PhantomData),
    &Erased::<acm::certificate::Certificate>(PhantomData),
    &Erased::<elb::load_balancer::LoadBalancer>(PhantomData),
    &Erased::<elb::target_group::TargetGroup>(PhantomData),
    &Erased::<elb::listener::Listener>(PhantomData),
    &Erased::<elb::listener_rule::ListenerRule>(PhantomData),
    &Erased::<ec2::launch_template::LaunchTemplate>(PhantomData),
    &Erased::<autoscaling::auto_scaling_group::AutoScalingGroup>(PhantomData),
    &Erased::<autoscaling::lifecycle_hook::LifecycleHook>(PhantomData),
    &Erased::<autoscaling::scaling_policy::ScalingPolicy>(PhantomData),
    &Erased::<autoscaling::scheduled_action::ScheduledAction>(PhantomData),
    &Erased::<apigateway::vpc_link::VpcLink>(PhantomData),
    &Erased::<apigateway::api_account::ApiAccount>(PhantomData),
    &Erased::<apigateway::rest_api::RestApi>(PhantomData),
    &Erased::<apigateway::usage_plan::UsagePlan>(PhantomData),
    &Erased::<apigateway::api_key::ApiKey>(PhantomData),
    &Erased::<apigateway::usage_plan_key::UsagePlanKey>(PhantomData),
    &Erased::<apigateway::api_domain::ApiDomain>(PhantomData),
    &Erased::<waf::ip_set::IpSet>(PhantomData),
    &Erased::<waf::web_acl::WebAcl>(PhantomData),
    &Erased::<waf::web_acl_logging::WebAclLogging>(PhantomData),
    &Erased::<waf::web_acl_association::WebAclAssociation>(PhantomData),
    &Erased::<cloudfront::vpc_origin::VpcOrigin>(PhantomData),
    &Erased::<cloudfront::origin_access_control::OriginAccessControl>(PhantomData),
    &Erased::<cloudfront::cache_policy::CachePolicy>(PhantomData),
    &Erased::<cloudfront::edge_function::EdgeFunction>(PhantomData),
    &Erased::<cloudfront::distribution::Distribution>(PhantomData),
    &Erased::<cloudfront::monitoring_subscription::MonitoringSubscription>(PhantomData),
    &Erased::<logs::log_delivery_source::LogDeliverySource>(PhantomData),
    &Erased::<logs::log_delivery_destination::LogDeliveryDestination>(PhantomData),
    &Erased::<logs::log_delivery::LogDelivery>(PhantomData),
    &Erased::<route53::dns_record::DnsRecord>(PhantomData),
    &Erased::<cloudwatch::alarm::Alarm>(PhantomData),
    &Erased::<cloudwatch::composite_alarm::CompositeAlarm>(PhantomData),
    &Erased::<cloudwatch::dashboard::Dashboard>(PhantomData),
    &Erased::<logs::query_definition::QueryDefinition>(PhantomData),
];

/// The specs of all kinds.
pub fn registry() -> Registry {
    static SPECS: LazyLock<Vec<&'static dyn DynSpec>> =
        LazyLock::new(|| KINDS.iter().map(|kind| *kind as &dyn DynSpec).collect());
    Registry::new(&SPECS)
}
