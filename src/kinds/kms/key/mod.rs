//! A KMS key with which other services encrypt, and its alias, by which the stack recognises it,
//! <https://docs.aws.amazon.com/kms/latest/developerguide/overview.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::policy::Policy;
use crate::reference;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec};
use crate::tags::{NAME, Tags};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The waiting period in days before AWS deletes a key, during which the deletion can be cancelled:
/// the maximum that AWS allows.
const PENDING_DAYS: i32 = 30;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Key {
    /// A separate resource in CloudFormation. Empty in a live key if a run ended before it created
    /// the alias.
    pub alias_name: String,
    pub description: String,
    pub enable_key_rotation: bool,
    pub key_policy: Policy,
    pub tags: Tags,
}

/// The alias of a key. With an empty name, the prefix of all aliases of a stack.
pub fn alias(stack: &str, name: &str) -> String {
    format!("alias/tenfold/{stack}/{name}")
}

impl Spec for Key {
    const INFO: KindInfo = KindInfo {
        name: "key",
        type_name: "AWS::KMS::Key",
        replace: Replace::Refuse,
        stateful: true,
        // The listings of aliases and keys; the metadata, policy, rotation status and tags of each.
        reads: Reads { fixed: 2, each: 4 },
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let id = reference::to(Self::INFO.name, self.tags.get(NAME).unwrap_or_default(), "id");
        let mut key = json!(self);
        if let Some(fields) = key.as_object_mut() {
            fields.shift_remove("AliasName");
            fields.insert("PendingWindowInDays".into(), PENDING_DAYS.into());
        }
        let alias = json!({ "AliasName": self.alias_name, "TargetKeyId": id });
        vec![(Self::INFO.type_name, key), ("AWS::KMS::Alias", alias)]
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let id = match mint.before.get("id") {
            Some(before) => before.clone(),
            None => (mint.digits)(),
        };
        let arn = mint.arn("kms", &format!("key/{id}"));
        outputs(id, arn)
    }
}

fn outputs(id: String, arn: String) -> Outputs {
    Outputs::from([("id".into(), id), ("arn".into(), arn)])
}
