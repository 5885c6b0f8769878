//! A parameter, <https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html>.
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

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
        create_only: &["Name"],
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = mint.arn("ssm", &format!("parameter{}", self.name));
        Outputs::from([("arn".into(), arn), ("name".into(), self.name.clone())])
    }
}
