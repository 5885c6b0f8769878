//! A VPC link: private access from an API to the stack's network,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v2.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{ChangeInterval, KindInfo, Mint, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct VpcLink {
    pub name: String,
    pub security_group_ids: BTreeSet<String>,
    pub subnet_ids: BTreeSet<String>,
    pub tags: Tags,
}

impl Spec for VpcLink {
    const INFO: KindInfo = KindInfo {
        name: "vpc-link",
        type_name: "AWS::ApiGatewayV2::VpcLink",
        create_only: &["SecurityGroupIds", "SubnetIds"],
        // Names need not be unique.
        replace: Replace::Successor,
        times: Times { create_s: 120, update_s: 1, delete_s: 120 },
        change_interval: ChangeInterval {
            create_ms: 15_000,
            delete_ms: 30_000,
            ..ChangeInterval::NONE
        },
        ..KindInfo::PLAIN
    };

    /// In CloudFormation, the tags of this type are a map.
    fn template(&self) -> Vec<(&'static str, Value)> {
        let tags: Map<String, Value> =
            self.tags.iter().map(|(key, value)| (key.to_string(), value.into())).collect();
        let properties = json!({
            "Name": self.name,
            "SecurityGroupIds": self.security_group_ids,
            "SubnetIds": self.subnet_ids,
            "Tags": tags,
        });
        vec![(Self::INFO.type_name, properties)]
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.short("id", 10))
    }
}

fn outputs(id: String) -> Outputs {
    Outputs::from([("id".into(), id)])
}
