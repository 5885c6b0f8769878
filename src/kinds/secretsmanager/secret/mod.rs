//! A secret, <https://docs.aws.amazon.com/secretsmanager/latest/userguide/>. A spec never contains
//! its value: AWS generates it, or the user stores it.
#[cfg(feature = "aws")]
mod calls;

use crate::names::hash;
use crate::reference::secret;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec, Waiver};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, to_value};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Secret {
    pub name: String,
    pub description: String,
    /// How AWS generates the first value. Used only by a create, and never read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generate_secret_string: Option<Generate>,
    /// `None`: the AWS managed key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    pub tags: Tags,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Generate {
    /// 1 to 4096 characters.
    pub password_length: i32,
    pub exclude_punctuation: bool,
}

/// The action that generates a new value of the same length; the previous value can still be read.
/// Returns the ID of the new version, `{ version: … }`, and never the value.
pub const ROTATE: &str = "rotate";

impl Spec for Secret {
    const INFO: KindInfo = KindInfo {
        name: "secret",
        type_name: "AWS::SecretsManager::Secret",
        name_property: "Name",
        create_only: &["Name"],
        replace: Replace::Refuse,
        stateful: true,
        directives: &["GenerateSecretString"],
        waivers: &[Waiver {
            controls: &["CKV_AWS_149"],
            because: "secrets are encrypted with an AWS managed key",
        }],
        ..KindInfo::PLAIN
    };

    /// Includes the directive, which is a property in CloudFormation.
    fn template(&self) -> Vec<(&'static str, Value)> {
        vec![(Self::INFO.type_name, to_value(self).unwrap_or_default())]
    }

    fn simulate(&self, action: &str, _arguments: &Value, mint: &mut Mint) -> Option<Value> {
        (action == ROTATE).then(|| {
            let digits = hash(&(mint.digits)(), 32);
            let ends = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
            let version = ends.map(|(from, to)| &digits[from..to]).join("-");
            json!({ "version": version })
        })
    }

    fn invalidates(&self, action: &str, outputs: &Outputs) -> Option<String> {
        (action == ROTATE).then(|| secret(outputs.get("arn").map_or("", String::as_str)))
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let arn = mint.before.get("arn").cloned().unwrap_or_else(|| {
            let suffix: String = (mint.digits)().chars().take(6).collect();
            mint.arn("secretsmanager", &format!("secret:{}-{suffix}", self.name))
        });
        outputs(arn, self.name.clone())
    }
}

fn outputs(arn: String, name: String) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name)])
}
