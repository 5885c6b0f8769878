//! Every kind there is. A new kind is a folder, its `mod` line, and its line in [`KINDS`].
// Some pure helpers serve only the calls, which a light build leaves out.
#![cfg_attr(not(feature = "aws"), allow(dead_code))]

/// What the registry stores: whole kinds, or only their specs in a build without AWS.
#[cfg(feature = "aws")]
use crate::kind::DynKind as DynEntry;
#[cfg(not(feature = "aws"))]
use crate::spec::DynSpec as DynEntry;
use crate::spec::{DynSpec, Erased};
use std::marker::PhantomData;

pub mod alarm;
pub mod api_account;
pub mod api_domain;
pub mod api_key;
pub mod auto_scaling_group;
pub mod bucket;
pub mod bucket_policy;
pub mod cache_parameter_group;
pub mod cache_policy;
pub mod cache_subnet_group;
pub mod cache_user;
pub mod cache_user_group;
pub mod certificate;
pub mod composite_alarm;
pub mod dashboard;
pub mod db_instance;
pub mod db_parameter_group;
pub mod db_subnet_group;
pub mod default_security_group;
pub mod distribution;
pub mod dns_record;
pub mod edge_function;
pub mod elastic_ip;
pub mod flow_log;
pub mod instance_profile;
pub mod internet_gateway;
pub mod ip_set;
pub mod key;
pub mod launch_template;
pub mod lifecycle_hook;
pub mod listener;
pub mod listener_rule;
pub mod load_balancer;
pub mod log_delivery;
pub mod log_delivery_destination;
pub mod log_delivery_source;
pub mod log_group;
pub mod metric_filter;
pub mod monitoring_subscription;
pub mod nat_gateway;
pub mod origin_access_control;
pub mod parameter;
pub mod query_definition;
pub mod queue;
pub mod replication_group;
pub mod rest_api;
pub mod role;
pub mod route_table;
pub mod scalable_policy;
pub mod scalable_target;
pub mod scaling_policy;
pub mod scheduled_action;
pub mod secret;
pub mod security_group;
pub mod security_group_rule;
pub mod shard_map;
pub mod subnet;
pub mod subscription;
pub mod target_group;
pub mod topic;
pub mod usage_plan;
pub mod usage_plan_key;
pub mod vpc;
pub mod vpc_endpoint;
pub mod vpc_link;
pub mod vpc_origin;
pub mod web_acl;
pub mod web_acl_association;
pub mod web_acl_logging;

/// In the order in which a stack is built up, by and large.
pub static KINDS: &[&dyn DynEntry] = &[
    &Erased::<vpc::Vpc>(PhantomData),
    &Erased::<internet_gateway::InternetGateway>(PhantomData),
    &Erased::<subnet::Subnet>(PhantomData),
    &Erased::<elastic_ip::ElasticIp>(PhantomData),
    &Erased::<nat_gateway::NatGateway>(PhantomData),
    &Erased::<route_table::RouteTable>(PhantomData),
    &Erased::<vpc_endpoint::VpcEndpoint>(PhantomData),
    &Erased::<security_group::SecurityGroup>(PhantomData),
    &Erased::<security_group_rule::SecurityGroupRule>(PhantomData),
    &Erased::<default_security_group::DefaultSecurityGroup>(PhantomData),
    &Erased::<key::Key>(PhantomData),
    &Erased::<bucket::Bucket>(PhantomData),
    &Erased::<bucket_policy::BucketPolicy>(PhantomData),
    &Erased::<secret::Secret>(PhantomData),
    &Erased::<parameter::Parameter>(PhantomData),
    &Erased::<log_group::LogGroup>(PhantomData),
    &Erased::<metric_filter::MetricFilter>(PhantomData),
    &Erased::<flow_log::FlowLog>(PhantomData),
    &Erased::<topic::Topic>(PhantomData),
    &Erased::<subscription::Subscription>(PhantomData),
    &Erased::<role::Role>(PhantomData),
    &Erased::<instance_profile::InstanceProfile>(PhantomData),
    &Erased::<queue::Queue>(PhantomData),
    &Erased::<cache_subnet_group::CacheSubnetGroup>(PhantomData),
    &Erased::<cache_parameter_group::CacheParameterGroup>(PhantomData),
    &Erased::<cache_user::CacheUser>(PhantomData),
    &Erased::<cache_user_group::CacheUserGroup>(PhantomData),
    &Erased::<replication_group::ReplicationGroup>(PhantomData),
    &Erased::<scalable_target::ScalableTarget>(PhantomData),
    &Erased::<scalable_policy::ScalablePolicy>(PhantomData),
    &Erased::<db_subnet_group::DbSubnetGroup>(PhantomData),
    &Erased::<db_parameter_group::DbParameterGroup>(PhantomData),
    &Erased::<db_instance::DbInstance>(PhantomData),
    &Erased::<shard_map::ShardMap>(PhantomData),
    &Erased::<certificate::Certificate>(PhantomData),
    &Erased::<load_balancer::LoadBalancer>(PhantomData),
    &Erased::<target_group::TargetGroup>(PhantomData),
    &Erased::<listener::Listener>(PhantomData),
    &Erased::<listener_rule::ListenerRule>(PhantomData),
    &Erased::<launch_template::LaunchTemplate>(PhantomData),
    &Erased::<auto_scaling_group::AutoScalingGroup>(PhantomData),
    &Erased::<lifecycle_hook::LifecycleHook>(PhantomData),
    &Erased::<scaling_policy::ScalingPolicy>(PhantomData),
    &Erased::<scheduled_action::ScheduledAction>(PhantomData),
    &Erased::<vpc_link::VpcLink>(PhantomData),
    &Erased::<api_account::ApiAccount>(PhantomData),
    &Erased::<rest_api::RestApi>(PhantomData),
    &Erased::<usage_plan::UsagePlan>(PhantomData),
    &Erased::<api_key::ApiKey>(PhantomData),
    &Erased::<usage_plan_key::UsagePlanKey>(PhantomData),
    &Erased::<api_domain::ApiDomain>(PhantomData),
    &Erased::<ip_set::IpSet>(PhantomData),
    &Erased::<web_acl::WebAcl>(PhantomData),
    &Erased::<web_acl_logging::WebAclLogging>(PhantomData),
    &Erased::<web_acl_association::WebAclAssociation>(PhantomData),
    &Erased::<vpc_origin::VpcOrigin>(PhantomData),
    &Erased::<origin_access_control::OriginAccessControl>(PhantomData),
    &Erased::<cache_policy::CachePolicy>(PhantomData),
    &Erased::<edge_function::EdgeFunction>(PhantomData),
    &Erased::<distribution::Distribution>(PhantomData),
    &Erased::<monitoring_subscription::MonitoringSubscription>(PhantomData),
    &Erased::<log_delivery_source::LogDeliverySource>(PhantomData),
    &Erased::<log_delivery_destination::LogDeliveryDestination>(PhantomData),
    &Erased::<log_delivery::LogDelivery>(PhantomData),
    &Erased::<dns_record::DnsRecord>(PhantomData),
    &Erased::<alarm::Alarm>(PhantomData),
    &Erased::<composite_alarm::CompositeAlarm>(PhantomData),
    &Erased::<dashboard::Dashboard>(PhantomData),
    &Erased::<query_definition::QueryDefinition>(PhantomData),
];

/// The kind of a name, such as `load-balancer`.
pub fn kind(name: &str) -> Option<&'static dyn DynEntry> {
    KINDS.iter().find(|kind| kind.info().name == name).copied()
}

/// The pure half of the kind of a name that is known to be one.
pub fn spec(name: &str) -> &'static dyn DynSpec {
    match kind(name) {
        Some(kind) => kind,
        None => unreachable!("{name} was checked to be a kind where it came in"),
    }
}
