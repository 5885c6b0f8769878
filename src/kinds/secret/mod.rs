//! A secret, <https://docs.aws.amazon.com/secretsmanager/latest/userguide/>. Its value never stands
//! in a spec: AWS makes it up, or somebody puts it there.
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Replace, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Secret {
    pub name: String,
    pub description: String,
    /// How the first value is made up. Only a create heeds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generate_secret_string: Option<Generate>,
    /// None: the key that AWS manages.
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

impl Spec for Secret {
    const INFO: KindInfo = KindInfo {
        name: "secret",
        type_name: "AWS::SecretsManager::Secret",
        name_property: "Name",
        create_only: &["Name"],
        replace: Replace::Refuse,
        stateful: true,
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let suffix =
            mint.id("suffix", "").trim_start_matches('-').chars().take(6).collect::<String>();
        let arn = mint.arn("secretsmanager", &format!("secret:{}-{suffix}", self.name));
        Outputs::from([("arn".into(), arn), ("name".into(), self.name.clone())])
    }
}
