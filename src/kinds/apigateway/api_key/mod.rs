//! An API key, which identifies a client,
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
    /// The placeholder of the secret that contains the key, see [`crate::reference::secret`]; never
    /// the value itself.
    pub value: String,
    pub tags: Tags,
}

/// The action that returns the value of a key.
pub const SHOW: &str = "show";

impl Spec for ApiKey {
    const INFO: KindInfo = KindInfo {
        name: "api-key",
        type_name: "AWS::ApiGateway::ApiKey",
        // CloudFormation replaces a key to change its name. The API renames it in place, which is
        // needed because two keys must not have the same value. Keys of different secrets have
        // different values, so a new `Value` can have a successor.
        create_only: &["Value"],
        replace: Replace::Successor,
        change_interval: ChangeInterval { create_ms: 200, delete_ms: 200, ..ChangeInterval::NONE },
        ..KindInfo::PLAIN
    };

    fn simulate(&self, action: &str, _arguments: &Value, _mint: &mut Mint) -> Option<Value> {
        let simulated = || secret_arn(&self.value).map(|arn| json!(hash(arn, 40)));
        (action == SHOW).then(simulated).flatten()
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.short("id", 10), self.name.clone())
    }
}

fn outputs(id: String, name: String) -> Outputs {
    Outputs::from([("id".into(), id), ("name".into(), name)])
}
