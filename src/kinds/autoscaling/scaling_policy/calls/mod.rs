mod convert;
mod forecast;

use super::{ScalingPolicy, outputs};
use crate::aws::Aws;
use crate::error::Result;
use crate::kinds::autoscaling::auto_scaling_group::AutoScalingGroup;
use crate::kinds::autoscaling::calls::owner;
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_autoscaling::types;

impl Calls for ScalingPolicy {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        // Without a group name, AWS returns the policies of all groups.
        let call = |token| {
            aws.autoscaling.describe_policies().max_records(100).set_next_token(token).send()
        };
        let policies = aws.pages("autoscaling:DescribePolicies", call, |page| {
            (page.next_token, page.scaling_policies)
        });
        let (policies, groups) = futures::try_join!(policies, listing.of::<AutoScalingGroup>())?;
        let read = |policy| read(policy, &groups, listing.stack);
        Ok(policies.into_iter().filter_map(read).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await
    }

    async fn update(&self, _live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || {
            let delete = aws.autoscaling.delete_policy().policy_name(&live.spec.policy_name);
            delete.auto_scaling_group_name(&live.spec.auto_scaling_group_name).send()
        };
        aws.delete("autoscaling:DeletePolicy", call).await
    }
}

impl ScalingPolicy {
    /// Sets all properties: AWS removes those that the call leaves out.
    async fn put(&self, aws: &Aws) -> Result<Outputs> {
        let tracking = self.target_tracking_configuration.as_ref();
        let predictive = self.predictive_scaling_configuration.as_ref();
        let call = || {
            aws.autoscaling
                .put_scaling_policy()
                .auto_scaling_group_name(&self.auto_scaling_group_name)
                .policy_name(&self.policy_name)
                .policy_type(&self.policy_type)
                .set_target_tracking_configuration(tracking.map(convert::tracking))
                .set_predictive_scaling_configuration(predictive.map(forecast::request))
                .set_adjustment_type(self.adjustment_type.clone())
                .set_min_adjustment_magnitude(self.min_adjustment_magnitude)
                .set_step_adjustments(convert::steps(self))
                .set_metric_aggregation_type(self.metric_aggregation_type.clone())
                .set_estimated_instance_warmup(self.estimated_instance_warmup)
                .set_scaling_adjustment(self.scaling_adjustment)
                .set_cooldown(self.cooldown)
                .send()
        };
        let put = aws.safe("autoscaling:PutScalingPolicy", call).await?;
        Ok(outputs(&self.policy_name, put.policy_arn.unwrap_or_default()))
    }
}

fn read(
    policy: types::ScalingPolicy,
    groups: &[Live<AutoScalingGroup>],
    stack: &str,
) -> Option<Live<ScalingPolicy>> {
    let group = policy.auto_scaling_group_name.as_deref();
    let group = groups.iter().find(|live| Some(live.handle.as_str()) == group)?;
    let owner = owner::<ScalingPolicy>(policy.policy_name()?, group, stack)?;
    let handle = policy.policy_arn.clone()?;
    let spec = convert::read(policy);
    let outputs = outputs(&spec.policy_name, handle.clone());
    Some(owner.live(handle, spec, outputs))
}
