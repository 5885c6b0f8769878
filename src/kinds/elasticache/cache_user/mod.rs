//! A user of caches, and its permissions in them,
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
pub struct CacheUser {
    /// Contains the engine, so that a user for another engine can exist beside it: a Valkey user cannot
    /// access Redis OSS.
    pub user_id: String,
    /// The name with which a client signs in. It has to be unique within a group only.
    pub user_name: String,
    /// `valkey` or `redis`.
    pub engine: String,
    /// Permissions in the engine's ACL syntax, `on ~* &* +@all`.
    pub access_string: String,
    /// A reference to the secret that contains its password, see [`crate::reference::secret`].
    /// ElastiCache returns only the number of passwords; a tag stores which secret it comes from.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub passwords: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_password_required: bool,
    pub tags: Tags,
}

impl Spec for CacheUser {
    const INFO: KindInfo = KindInfo {
        name: "cache-user",
        type_name: "AWS::ElastiCache::User",
        name_property: "UserId",
        create_only: &["UserId", "UserName", "Engine"],
        replace: Replace::Successor,
        // All users of the region, and the tags of each.
        reads: Reads { fixed: 1, each: 1 },
        times: Times { create_s: 5, update_s: 10, delete_s: 10 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(&self.user_id, mint.arn("elasticache", &format!("user:{}", self.user_id)))
    }
}

fn outputs(id: &str, arn: String) -> Outputs {
    Outputs::from([("id".into(), id.into()), ("arn".into(), arn)])
}
