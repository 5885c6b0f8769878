//! A parameter, <https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Parameter {
    /// The whole path, `/tenfold/shop/queues/orders/url`.
    pub name: String,
    /// `String` or `StringList`.
    #[serde(rename = "Type")]
    pub type_name: String,
    pub value: String,
    pub description: String,
    /// `Standard` (4 KiB) or `Advanced` (8 KiB).
    pub tier: String,
    pub tags: Tags,
}

impl Spec for Parameter {
    const INFO: KindInfo = KindInfo {
        name: "parameter",
        type_name: "AWS::SSM::Parameter",
        name_property: "Name",
        create_only: &["Name", "Type"],
        // Values and all else by a call each; the tags of each.
        reads: Reads { fixed: 2, each: 1 },
        ..KindInfo::PLAIN
    };

    /// CloudFormation has the tags of parameters as a map.
    fn template(&self) -> Vec<(&'static str, Value)> {
        let mut properties = json!(self);
        let tags: Map<String, Value> =
            self.tags.iter().map(|(key, value)| (key.to_string(), value.into())).collect();
        properties["Tags"] = tags.into();
        vec![(Self::INFO.type_name, properties)]
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = mint.arn("ssm", &format!("parameter{}", self.name));
        outputs(arn, self.name.clone())
    }
}

fn outputs(arn: String, name: String) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name)])
}

/// Whether a parameter of the stack is another kind's: the maps of sharded databases are, which
/// change as slots move.
fn is_elsewhere(name: &str) -> bool {
    let mut parts = name.trim_start_matches('/').split('/').skip(2);
    parts.next() == Some("databases") && parts.nth(1) == Some("map")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_map_is_no_plain_parameter() {
        assert!(is_elsewhere("/tenfold/shop/databases/ledger/map/current"));
        assert!(is_elsewhere("/tenfold/shop/databases/ledger/map/v/3"));
        assert!(!is_elsewhere("/tenfold/shop/databases/ledger/endpoint"));
        assert!(!is_elsewhere("/tenfold/shop/queues/databases/url"));
    }
}
