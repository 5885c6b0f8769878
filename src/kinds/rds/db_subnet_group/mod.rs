//! The subnets in which database instances can be placed,
//! <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DbSubnetGroup {
    #[serde(rename = "DBSubnetGroupName")]
    pub db_subnet_group_name: String,
    #[serde(rename = "DBSubnetGroupDescription")]
    pub db_subnet_group_description: String,
    /// In at least two zones.
    #[serde(rename = "SubnetIds")]
    pub subnet_ids: BTreeSet<String>,
    #[serde(rename = "Tags")]
    pub tags: Tags,
}

impl Spec for DbSubnetGroup {
    const INFO: KindInfo = KindInfo {
        name: "db-subnet-group",
        type_name: "AWS::RDS::DBSubnetGroup",
        name_property: "DBSubnetGroupName",
        create_only: &["DBSubnetGroupName"],
        // Instances stay in their group.
        replace: Replace::Refuse,
        // The groups, and the tags of each.
        reads: Reads { fixed: 1, each: 1 },
        times: Times { create_s: 2, update_s: 2, delete_s: 2 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = mint.arn("rds", &format!("subgrp:{}", self.db_subnet_group_name));
        outputs(&self.db_subnet_group_name, arn)
    }
}

fn outputs(name: &str, arn: String) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name.into())])
}
