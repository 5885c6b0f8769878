use super::{CACHES, REPLICAS, SHARDS, ScalableTarget, outputs};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::Result;
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elasticache::replication_group::ReplicationGroup;
use crate::resource::{Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_applicationautoscaling::types::{self, ServiceNamespace};

impl Calls for ScalableTarget {
    /// A target is the stack's if its cache is.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let (targets, groups) =
            futures::try_join!(all(listing.aws), listing.of::<ReplicationGroup>())?;
        Ok(targets.into_iter().filter_map(|target| read(target, &groups)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.register(aws).await?;
        Ok(outputs(&self.resource_id, &self.scalable_dimension))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.register(aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let target = &live.spec;
        let call = || {
            aws.application_autoscaling
                .deregister_scalable_target()
                .service_namespace(ServiceNamespace::Elasticache)
                .resource_id(&target.resource_id)
                .scalable_dimension(target.scalable_dimension.as_str().into())
                .send()
        };
        aws.delete("application-autoscaling:DeregisterScalableTarget", call).await
    }
}

impl ScalableTarget {
    /// Creates the target, or sets its limits. AWS also creates the service-linked role if the
    /// account does not have it.
    async fn register(&self, aws: &Aws) -> Result<()> {
        let call = || {
            aws.application_autoscaling
                .register_scalable_target()
                .service_namespace(ServiceNamespace::Elasticache)
                .resource_id(&self.resource_id)
                .scalable_dimension(self.scalable_dimension.as_str().into())
                .min_capacity(self.min_capacity)
                .max_capacity(self.max_capacity)
                .send()
        };
        aws.safe("application-autoscaling:RegisterScalableTarget", call).await.map(drop)
    }
}

/// All targets of the account and region that are caches.
pub async fn all(aws: &Aws) -> Result<Vec<types::ScalableTarget>> {
    let call = |token| {
        let describe = aws.application_autoscaling.describe_scalable_targets();
        let describe = describe.service_namespace(ServiceNamespace::Elasticache).max_results(50);
        describe.set_next_token(token).send()
    };
    aws.pages("application-autoscaling:DescribeScalableTargets", call, |page| {
        (page.next_token, page.scalable_targets)
    })
    .await
}

/// Whether a target is a dimension of a cache, given as the ID of its replication group.
pub fn is_of(target: &types::ScalableTarget, group: &str, dimension: &str) -> bool {
    target.resource_id.strip_prefix("replication-group/") == Some(group)
        && target.scalable_dimension.as_str() == dimension
}

fn read(
    target: types::ScalableTarget,
    groups: &[Live<ReplicationGroup>],
) -> Option<Live<ScalableTarget>> {
    let dimension = target.scalable_dimension.as_str().to_string();
    let group = groups.iter().find(|group| is_of(&target, &group.handle, &dimension))?;
    let what = match dimension.as_str() {
        SHARDS => "shards",
        REPLICAS => "replicas",
        _ => return None,
    };
    let id = Id::new(ScalableTarget::INFO.name, &format!("{}-{what}", group.id.name));
    let outputs = outputs(&target.resource_id, &dimension);
    let spec = ScalableTarget {
        service_namespace: CACHES.into(),
        resource_id: target.resource_id,
        scalable_dimension: dimension,
        min_capacity: target.min_capacity,
        max_capacity: target.max_capacity,
    };
    let owner = Owner { id, component: group.component.clone() };
    Some(owner.live(outputs["id"].clone(), spec, outputs))
}
