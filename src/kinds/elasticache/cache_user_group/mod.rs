//! The users that can access a cache,
//! <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CacheUserGroup {
    /// Lower case. Contains the engine, so that a group for another engine can exist beside it.
    pub user_group_id: String,
    /// `valkey` or `redis`; a group for Redis OSS needs a user named `default`.
    pub engine: String,
    pub user_ids: BTreeSet<String>,
    pub tags: Tags,
}

impl Spec for CacheUserGroup {
    const INFO: KindInfo = KindInfo {
        name: "cache-user-group",
        type_name: "AWS::ElastiCache::UserGroup",
        name_property: "UserGroupId",
        create_only: &["UserGroupId", "Engine"],
        replace: Replace::Successor,
        // All groups of the region, and the tags of each.
        reads: Reads { fixed: 1, each: 1 },
        times: Times { create_s: 10, update_s: 30, delete_s: 30 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = mint.arn("elasticache", &format!("usergroup:{}", self.user_group_id));
        outputs(&self.user_group_id, arn)
    }
}

fn outputs(id: &str, arn: String) -> Outputs {
    Outputs::from([("id".into(), id.into()), ("arn".into(), arn)])
}
