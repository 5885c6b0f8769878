//! What Application Auto Scaling may change, and within which limits: shards or replicas of a
//! cache, <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html>.
#[cfg(feature = "aws")]
mod calls;

#[cfg(feature = "aws")]
pub use calls::{all, is_of};

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec};
use serde::{Deserialize, Serialize};

/// The dimension of a cache's shards.
pub const SHARDS: &str = "elasticache:replication-group:NodeGroups";
/// The dimension of the replicas of each shard.
pub const REPLICAS: &str = "elasticache:replication-group:Replicas";
/// The service of caches, as Application Auto Scaling has it.
pub const CACHES: &str = "elasticache";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ScalableTarget {
    /// [`CACHES`].
    pub service_namespace: String,
    /// `replication-group/shop-hot`.
    pub resource_id: String,
    /// [`SHARDS`] or [`REPLICAS`].
    pub scalable_dimension: String,
    pub min_capacity: i32,
    pub max_capacity: i32,
}

impl Spec for ScalableTarget {
    const INFO: KindInfo = KindInfo {
        name: "scalable-target",
        type_name: "AWS::ApplicationAutoScaling::ScalableTarget",
        create_only: &["ServiceNamespace", "ResourceId", "ScalableDimension"],
        replace: Replace::DeleteFirst,
        // Its resource's name says nothing of its kind to a plan.
        depends_on_kinds: &["replication-group"],
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        outputs(&self.resource_id, &self.scalable_dimension)
    }
}

/// As CloudFormation identifies one.
fn outputs(resource: &str, dimension: &str) -> Outputs {
    let id = format!("{resource}|{dimension}|{CACHES}");
    Outputs::from([("id".into(), id)])
}

/// Resource and dimension of a target, from its id.
pub fn parts(id: &str) -> Option<(&str, &str)> {
    let (resource, rest) = id.split_once('|')?;
    Some((resource, rest.split_once('|')?.0))
}
