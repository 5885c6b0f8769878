//! Rules: which requests they match, and the action for those.
use super::statement::{Empty, Statement};
use serde::{Deserialize, Serialize};

/// A rule has an action. A rule that refers to a managed rule group has an override action instead.
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

/// The action for matching requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    Allow(Empty),
    Block(Block),
    /// Count the request, and evaluate the next rule.
    Count(Empty),
}

/// How to respond to blocked requests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Block {
    /// `None`: status 403, without a body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_response: Option<CustomResponse>,
}

/// The response to a blocked request.
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

/// A header of a response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Header {
    pub name: String,
    pub value: String,
}

/// Whether the actions of a rule group's rules apply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum OverrideAction {
    /// They apply.
    None(Empty),
    /// Matching requests are only counted.
    Count(Empty),
}

/// A different action for one rule of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RuleActionOverride {
    pub name: String,
    pub action_to_use: Action,
}

/// The metrics and request samples that WAF publishes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Visibility {
    pub sampled_requests_enabled: bool,
    pub cloud_watch_metrics_enabled: bool,
    pub metric_name: String,
}

impl Visibility {
    /// Metrics and samples, with `metric_name` as the name of the metric.
    pub fn full(metric_name: &str) -> Self {
        Visibility {
            sampled_requests_enabled: true,
            cloud_watch_metrics_enabled: true,
            metric_name: metric_name.into(),
        }
    }
}
