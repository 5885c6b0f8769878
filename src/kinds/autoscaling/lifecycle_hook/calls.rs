use super::{LifecycleHook, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::autoscaling::auto_scaling_group::AutoScalingGroup;
use crate::kinds::autoscaling::calls::owner;
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_autoscaling::types;
use futures::future::try_join_all;

impl Calls for LifecycleHook {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let groups = listing.of::<AutoScalingGroup>().await?;
        let found = try_join_all(groups.iter().map(|group| of_group(group, listing))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await?;
        Ok(outputs(&self.lifecycle_hook_name))
    }

    /// AWS keeps a property that a call leaves out, so to remove one the hook is deleted and
    /// recreated.
    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if live.spec.notification_metadata.is_some() && self.notification_metadata.is_none() {
            live.spec.delete_hook(aws).await?;
        }
        self.put(aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        live.spec.delete_hook(aws).await
    }
}

impl LifecycleHook {
    async fn put(&self, aws: &Aws) -> Result<()> {
        let call = || {
            aws.autoscaling
                .put_lifecycle_hook()
                .lifecycle_hook_name(&self.lifecycle_hook_name)
                .auto_scaling_group_name(&self.auto_scaling_group_name)
                .lifecycle_transition(&self.lifecycle_transition)
                .heartbeat_timeout(self.heartbeat_timeout)
                .default_result(&self.default_result)
                .set_notification_metadata(self.notification_metadata.clone())
                .send()
        };
        aws.safe("autoscaling:PutLifecycleHook", call).await.map(drop)
    }

    async fn delete_hook(&self, aws: &Aws) -> Result<Progress> {
        let call = || {
            aws.autoscaling
                .delete_lifecycle_hook()
                .lifecycle_hook_name(&self.lifecycle_hook_name)
                .auto_scaling_group_name(&self.auto_scaling_group_name)
                .send()
        };
        aws.delete("autoscaling:DeleteLifecycleHook", call).await
    }
}

async fn of_group(
    group: &Live<AutoScalingGroup>,
    listing: &Listing<'_>,
) -> Result<Vec<Live<LifecycleHook>>> {
    let aws = listing.aws;
    let call = || {
        let describe = aws.autoscaling.describe_lifecycle_hooks();
        describe.auto_scaling_group_name(&group.handle).send()
    };
    let page = aws.safe("autoscaling:DescribeLifecycleHooks", call).await.found()?;
    let hooks = page.and_then(|page| page.lifecycle_hooks).unwrap_or_default();
    Ok(hooks.into_iter().filter_map(|hook| read(hook, group, listing.stack)).collect())
}

fn read(
    hook: types::LifecycleHook,
    group: &Live<AutoScalingGroup>,
    stack: &str,
) -> Option<Live<LifecycleHook>> {
    let name = hook.lifecycle_hook_name?;
    let owner = owner::<LifecycleHook>(&name, group, stack)?;
    let handle = format!("{}/{name}", group.handle);
    let outputs = outputs(&name);
    let spec = LifecycleHook {
        lifecycle_hook_name: name,
        auto_scaling_group_name: group.handle.clone(),
        lifecycle_transition: hook.lifecycle_transition.unwrap_or_default(),
        heartbeat_timeout: hook.heartbeat_timeout.unwrap_or(0),
        default_result: hook.default_result.unwrap_or_default(),
        notification_metadata: hook.notification_metadata.filter(|text| !text.is_empty()),
    };
    Some(owner.live(handle, spec, outputs))
}
