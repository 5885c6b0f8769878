//! Rules: what is looked for, and what is done about it.
use super::statement::{Empty, Statement};
use serde::{Deserialize, Serialize};

/// A rule has an action; one that stands for a group of AWS's has an override instead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Rule {
    pub name: String,
    pub priority: i32,
    pub statement: Statement,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_action: Option<OverrideAction>,
    pub visibility_config: Visibility,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    Allow(Empty),
    Block(Block),
    /// Count, and look at the next rule.
    Count(Empty),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Block {
    /// None: 403, without a body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_response: Option<CustomResponse>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CustomResponse {
    pub response_code: i32,
    /// A key of the ACL's `CustomResponseBodies`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_response_body_key: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub response_headers: Vec<Header>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Header {
    pub name: String,
    pub value: String,
}

/// What is done with the verdicts of a rule group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OverrideAction {
    /// They hold.
    None(Empty),
    /// They are counted only.
    Count(Empty),
}

/// Another action for one rule of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RuleActionOverride {
    pub name: String,
    pub action_to_use: Action,
}

/// What WAF tells of the requests that it has judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Visibility {
    pub sampled_requests_enabled: bool,
    pub cloud_watch_metrics_enabled: bool,
    pub metric_name: String,
}

impl Visibility {
    /// Metrics and samples, under a name.
    pub fn full(metric_name: &str) -> Self {
        Visibility {
            sampled_requests_enabled: true,
            cloud_watch_metrics_enabled: true,
            metric_name: metric_name.into(),
        }
    }
}
