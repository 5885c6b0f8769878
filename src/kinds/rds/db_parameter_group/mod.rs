//! The settings of a database engine,
//! <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DbParameterGroup {
    /// Contains the family: a new major version needs a separate group.
    #[serde(rename = "DBParameterGroupName")]
    pub db_parameter_group_name: String,
    pub description: String,
    /// `postgres17`
    pub family: String,
    /// Parameters that differ from the engine's defaults. A static parameter takes effect with the next
    /// restart of the instance; the instance's condition shows that it waits for it.
    pub parameters: BTreeMap<String, String>,
    pub tags: Tags,
}

impl Spec for DbParameterGroup {
    const INFO: KindInfo = KindInfo {
        name: "db-parameter-group",
        type_name: "AWS::RDS::DBParameterGroup",
        name_property: "DBParameterGroupName",
        create_only: &["DBParameterGroupName", "Description", "Family"],
        replace: Replace::Successor,
        // The groups, and the tags and parameters of each.
        reads: Reads { fixed: 1, each: 2 },
        times: Times { create_s: 3, update_s: 3, delete_s: 3 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = mint.arn("rds", &format!("pg:{}", self.db_parameter_group_name));
        outputs(&self.db_parameter_group_name, arn)
    }
}

fn outputs(name: &str, arn: String) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name.into())])
}
