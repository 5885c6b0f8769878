use super::{ScalableTarget, outputs};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::Result;
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elasticache::calls::{is_of, scalable_targets};
use crate::kinds::elasticache::replication_group::ReplicationGroup;
use crate::kinds::elasticache::{CACHES, REPLICAS, SHARDS};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_applicationautoscaling::types::{self, ServiceNamespace};

impl Calls for ScalableTarget {
    /// A target is the stack's if its cache is.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let (targets, groups) =
            futures::try_join!(scalable_targets(listing.aws), listing.of::<ReplicationGroup>())?;
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
