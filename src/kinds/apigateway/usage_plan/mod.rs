//! A usage plan: the request limits of the clients of a tier,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{ChangeInterval, KindInfo, Mint, Replace, Spec};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UsagePlan {
    pub usage_plan_name: String,
    pub description: String,
    pub api_stages: Vec<ApiStage>,
    /// `None`: only the API's limits apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throttle: Option<Throttle>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
    pub tags: Tags,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ApiStage {
    pub api_id: String,
    pub stage: String,
    /// Limits by path and method, `/v1/orders/POST`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub throttle: BTreeMap<String, Throttle>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Throttle {
    /// Requests per second.
    pub rate_limit: f64,
    pub burst_limit: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Quota {
    pub limit: i32,
    /// The number of requests subtracted from the limit in the first period.
    pub offset: i32,
    /// `DAY`, `WEEK` or `MONTH`.
    pub period: String,
}

impl ApiStage {
    /// The stage as patch operations name it, `a1b2c3:live`.
    fn name(&self) -> String {
        format!("{}:{}", self.api_id, self.stage)
    }
}

impl Spec for UsagePlan {
    const INFO: KindInfo = KindInfo {
        name: "usage-plan",
        type_name: "AWS::ApiGateway::UsagePlan",
        // Names need not be unique.
        replace: Replace::Successor,
        depends_on_kinds: &["rest-api"],
        // A delete removes the stages first, which is an update.
        change_interval: ChangeInterval {
            update_ms: 20_000,
            delete_ms: 20_000,
            ..ChangeInterval::NONE
        },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(mint.short("id", 6), self.usage_plan_name.clone())
    }
}

fn outputs(id: String, name: String) -> Outputs {
    Outputs::from([("id".into(), id), ("name".into(), name)])
}
