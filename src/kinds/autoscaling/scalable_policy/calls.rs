use super::{PredefinedMetric, ScalablePolicy, Tracking, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result};
use crate::kinds::autoscaling::calls::owner;
use crate::kinds::autoscaling::scalable_target::{ScalableTarget, parts};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_applicationautoscaling::types::{
    PolicyType, PredefinedMetricSpecification, ScalingPolicy, ServiceNamespace,
    TargetTrackingScalingPolicyConfiguration,
};

impl Calls for ScalablePolicy {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            let describe = aws.application_autoscaling.describe_scaling_policies();
            let describe = describe.service_namespace(ServiceNamespace::Elasticache);
            describe.max_results(50).set_next_token(token).send()
        };
        let policies = aws.pages("application-autoscaling:DescribeScalingPolicies", call, |page| {
            (page.next_token, page.scaling_policies)
        });
        let (policies, targets) = futures::try_join!(policies, listing.of::<ScalableTarget>())?;
        let read = |policy| read(policy, &targets, listing.stack);
        Ok(policies.into_iter().filter_map(read).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await
    }

    async fn update(&self, _live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await
    }

    /// AWS owns the alarms of the policy, and deletes them with it.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let (resource, dimension) = live.spec.target()?;
        let call = || {
            aws.application_autoscaling
                .delete_scaling_policy()
                .policy_name(&live.spec.policy_name)
                .service_namespace(ServiceNamespace::Elasticache)
                .resource_id(resource)
                .scalable_dimension(dimension.into())
                .send()
        };
        aws.delete("application-autoscaling:DeleteScalingPolicy", call).await
    }
}

impl ScalablePolicy {
    /// The resource ID and the dimension of the target.
    fn target(&self) -> Result<(&str, &str)> {
        let id = &self.scaling_target_id;
        parts(id).ok_or_else(|| {
            CloudError::internal(format!("{id} is not the identifier of a scalable target"))
        })
    }

    /// Creates the policy, or replaces all its properties.
    async fn put(&self, aws: &Aws) -> Result<Outputs> {
        let (resource, dimension) = self.target()?;
        let tracking = request(&self.target_tracking_scaling_policy_configuration)?;
        let call = || {
            aws.application_autoscaling
                .put_scaling_policy()
                .policy_name(&self.policy_name)
                .policy_type(PolicyType::from(self.policy_type.as_str()))
                .service_namespace(ServiceNamespace::Elasticache)
                .resource_id(resource)
                .scalable_dimension(dimension.into())
                .target_tracking_scaling_policy_configuration(tracking.clone())
                .send()
        };
        let put = aws.safe("application-autoscaling:PutScalingPolicy", call).await?;
        Ok(outputs(&self.policy_name, put.policy_arn))
    }
}

fn request(tracking: &Tracking) -> Result<TargetTrackingScalingPolicyConfiguration> {
    let kind = tracking.predefined_metric_specification.predefined_metric_type.as_str();
    let metric = PredefinedMetricSpecification::builder().predefined_metric_type(kind.into());
    let incomplete = |error: aws_smithy_types::error::operation::BuildError| {
        CloudError::internal(error.to_string())
    };
    TargetTrackingScalingPolicyConfiguration::builder()
        .predefined_metric_specification(metric.build().map_err(incomplete)?)
        .target_value(tracking.target_value)
        .scale_in_cooldown(tracking.scale_in_cooldown)
        .scale_out_cooldown(tracking.scale_out_cooldown)
        .disable_scale_in(tracking.disable_scale_in)
        .build()
        .map_err(incomplete)
}

fn read(
    policy: ScalingPolicy,
    targets: &[Live<ScalableTarget>],
    stack: &str,
) -> Option<Live<ScalablePolicy>> {
    let (resource, dimension) = (policy.resource_id, policy.scalable_dimension.as_str());
    let is_its = |target: &&Live<ScalableTarget>| {
        target.spec.resource_id == resource && target.spec.scalable_dimension == dimension
    };
    let target = targets.iter().find(is_its)?;
    let owner = owner::<ScalablePolicy>(&policy.policy_name, target, stack)?;
    let tracking = policy.target_tracking_scaling_policy_configuration?;
    let metric = tracking.predefined_metric_specification?.predefined_metric_type;
    let spec = ScalablePolicy {
        policy_name: policy.policy_name.clone(),
        policy_type: policy.policy_type.as_str().to_string(),
        scaling_target_id: target.outputs["id"].clone(),
        target_tracking_scaling_policy_configuration: Tracking {
            predefined_metric_specification: PredefinedMetric {
                predefined_metric_type: metric.as_str().to_string(),
            },
            target_value: tracking.target_value,
            scale_in_cooldown: tracking.scale_in_cooldown.unwrap_or_default(),
            scale_out_cooldown: tracking.scale_out_cooldown.unwrap_or_default(),
            disable_scale_in: tracking.disable_scale_in.unwrap_or_default(),
        },
    };
    let outputs = outputs(&policy.policy_name, policy.policy_arn.clone());
    Some(owner.live(policy.policy_arn, spec, outputs))
}
