//! A parameter of Parameter Store,
//! <https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A fact about a resource of the stack for the programs that use it, such as a queue's URL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Parameter {
    /// The full path, such as `/tenfold/shop/queues/orders/url`.
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
        // Values, and the other properties; the tags of each.
        reads: Reads { fixed: 2, each: 1 },
        ..KindInfo::PLAIN
    };

    /// CloudFormation takes the tags of a parameter as a map.
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

/// Whether a parameter belongs to the kind `shard-map`: the map of a sharded database changes as
/// slots move.
fn is_shard_map(name: &str) -> bool {
    let mut parts = name.trim_start_matches('/').split('/').skip(2);
    parts.next() == Some("databases") && parts.nth(1) == Some("map")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_parameters_of_shard_maps() {
        assert!(is_shard_map("/tenfold/shop/databases/ledger/map/current"));
        assert!(is_shard_map("/tenfold/shop/databases/ledger/map/v/3"));
        assert!(!is_shard_map("/tenfold/shop/databases/ledger/endpoint"));
        assert!(!is_shard_map("/tenfold/shop/queues/databases/url"));
    }
}
