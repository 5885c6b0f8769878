//! The subnets in which caches can be placed,
//! <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CacheSubnetGroup {
    /// Lower case.
    pub cache_subnet_group_name: String,
    pub description: String,
    pub subnet_ids: BTreeSet<String>,
    pub tags: Tags,
}

impl Spec for CacheSubnetGroup {
    const INFO: KindInfo = KindInfo {
        name: "cache-subnet-group",
        type_name: "AWS::ElastiCache::SubnetGroup",
        name_property: "CacheSubnetGroupName",
        create_only: &["CacheSubnetGroupName"],
        // A cache cannot be moved to another group.
        replace: Replace::Refuse,
        // All groups of the region, and the tags of each.
        reads: Reads { fixed: 1, each: 1 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        outputs(&self.cache_subnet_group_name)
    }
}

fn outputs(name: &str) -> Outputs {
    Outputs::from([("name".into(), name.into())])
}
