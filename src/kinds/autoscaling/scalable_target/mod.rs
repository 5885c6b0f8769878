//! The shards or replicas of a cache that Application Auto Scaling may change, with their limits,
//! <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::kinds::elasticache::CACHES;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ScalableTarget {
    /// [`crate::kinds::elasticache::CACHES`].
    pub service_namespace: String,
    /// `replication-group/shop-hot`.
    pub resource_id: String,
    /// [`crate::kinds::elasticache::SHARDS`] or [`crate::kinds::elasticache::REPLICAS`].
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
        // The resource ID is plain text to a plan, which therefore sees no reference to the group.
        depends_on_kinds: &["replication-group"],
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        outputs(&self.resource_id, &self.scalable_dimension)
    }
}

/// CloudFormation's identifier of a target.
fn outputs(resource: &str, dimension: &str) -> Outputs {
    let id = format!("{resource}|{dimension}|{CACHES}");
    Outputs::from([("id".into(), id)])
}

/// The resource ID and the dimension of a target, from its identifier.
pub fn parts(id: &str) -> Option<(&str, &str)> {
    let (resource, rest) = id.split_once('|')?;
    Some((resource, rest.split_once('|')?.0))
}
