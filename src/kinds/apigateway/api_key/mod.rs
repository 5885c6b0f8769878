//! An API key, by which a client of the house is known,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-setup-api-key-with-console.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::names::hash;
use crate::reference::secret_arn;
use crate::resource::{Id, Outputs};
use crate::spec::{ChangeInterval, KindInfo, Mint, Replace, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ApiKey {
    pub name: String,
    pub description: String,
    pub enabled: bool,
    /// The secret that holds it, as a dynamic reference; never the value itself.
    pub value: String,
    pub tags: Tags,
}

/// The action that tells the value of a key.
pub const SHOW: &str = "show";

impl Spec for ApiKey {
    const INFO: KindInfo = KindInfo {
        name: "api-key",
        type_name: "AWS::ApiGateway::ApiKey",
        // CloudFormation has a new name make a new key, but no two may have one value; the API
        // renames. Keys of different secrets have different values.
        create_only: &["Value"],
        replace: Replace::Successor,
        change_interval: ChangeInterval { create_ms: 200, delete_ms: 200, ..ChangeInterval::NONE },
        ..KindInfo::PLAIN
    };

    fn simulate(&self, action: &str, _arguments: &Value, _mint: &mut Mint) -> Option<Value> {
        let made_up = || secret_arn(&self.value).map(|arn| json!(hash(arn, 40)));
        (action == SHOW).then(made_up).flatten()
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.short("id", 10), self.name.clone())
    }
}

fn outputs(id: String, name: String) -> Outputs {
    Outputs::from([("id".into(), id), ("name".into(), name)])
}
