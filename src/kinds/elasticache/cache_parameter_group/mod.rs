//! The settings of the engine of a cache,
//! <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CacheParameterGroup {
    /// Lower case. Contains the family, so that a group for another engine or major version can exist
    /// beside it. CloudFormation generates the name itself.
    pub cache_parameter_group_name: String,
    /// The engine and its major version, `valkey8`.
    pub cache_parameter_group_family: String,
    pub description: String,
    /// The parameters that are set; all others have the defaults of the family.
    pub properties: BTreeMap<String, String>,
    pub tags: Tags,
}

impl Spec for CacheParameterGroup {
    const INFO: KindInfo = KindInfo {
        name: "cache-parameter-group",
        type_name: "AWS::ElastiCache::ParameterGroup",
        name_property: "CacheParameterGroupName",
        create_only: &["CacheParameterGroupName", "CacheParameterGroupFamily", "Description"],
        replace: Replace::Successor,
        // All groups of the region; the parameters and the tags of each.
        reads: Reads { fixed: 1, each: 2 },
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let mut properties = to_value(self).unwrap_or_default();
        if let Some(fields) = properties.as_object_mut() {
            fields.shift_remove("CacheParameterGroupName");
        }
        vec![(Self::INFO.type_name, properties)]
    }

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        outputs(&self.cache_parameter_group_name)
    }
}

fn outputs(name: &str) -> Outputs {
    Outputs::from([("name".into(), name.into())])
}
