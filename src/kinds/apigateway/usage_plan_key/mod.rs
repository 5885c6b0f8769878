//! The membership of an API key in a usage plan, which puts its client in a tier,
//! <https://docs.aws.amazon.com/apigateway/latest/api/API_CreateUsagePlanKey.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UsagePlanKey {
    pub key_id: String,
    /// `API_KEY`.
    pub key_type: String,
    pub usage_plan_id: String,
}

impl Spec for UsagePlanKey {
    const INFO: KindInfo = KindInfo {
        name: "usage-plan-key",
        type_name: "AWS::ApiGateway::UsagePlanKey",
        // A key can be in only one usage plan per stage, so it leaves one before it enters another.
        create_only: &["KeyId", "KeyType", "UsagePlanId"],
        depends_on_kinds: &["usage-plan", "api-key"],
        // The usage plans of each key of the stack. Keys that people created by hand cost no calls.
        reads: Reads { fixed: 0, each: 1 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        outputs(&self.key_id, &self.usage_plan_id)
    }
}

fn outputs(key: &str, plan: &str) -> Outputs {
    Outputs::from([("id".into(), format!("{key}:{plan}"))])
}
