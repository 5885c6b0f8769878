//! What a listener or a rule does with a request, including the properties that AWS fills in.
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "Type", rename_all = "kebab-case", rename_all_fields = "PascalCase")]
#[serde(deny_unknown_fields)]
pub enum Action {
    Forward { forward_config: Forward },
    Redirect { redirect_config: Redirect },
    FixedResponse { fixed_response_config: FixedResponse },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Forward {
    pub target_groups: BTreeSet<WeightedGroup>,
    pub target_group_stickiness_config: GroupStickiness,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct WeightedGroup {
    pub target_group_arn: String,
    /// Its share of the sum of all weights; 1 if it is the only group.
    pub weight: i32,
}

/// Whether a client stays with the first group that it was routed to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct GroupStickiness {
    pub enabled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<i32>,
}

/// A redirect to another URL. The parts that are not given stay as in the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Redirect {
    #[serde(default = "same_protocol")]
    pub protocol: String,
    #[serde(default = "same_port")]
    pub port: String,
    #[serde(default = "same_host")]
    pub host: String,
    #[serde(default = "same_path")]
    pub path: String,
    #[serde(default = "same_query")]
    pub query: String,
    /// `HTTP_301` or `HTTP_302`.
    pub status_code: String,
}

fn same_protocol() -> String {
    "#{protocol}".into()
}

fn same_port() -> String {
    "#{port}".into()
}

fn same_host() -> String {
    "#{host}".into()
}

fn same_path() -> String {
    "/#{path}".into()
}

fn same_query() -> String {
    "#{query}".into()
}

impl Redirect {
    /// A permanent redirect to the same URL over HTTPS.
    pub fn to_https() -> Self {
        Redirect {
            protocol: "HTTPS".into(),
            port: "443".into(),
            host: same_host(),
            path: same_path(),
            query: same_query(),
            status_code: "HTTP_301".into(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct FixedResponse {
    pub status_code: String,
    pub content_type: String,
    pub message_body: String,
}

impl Action {
    /// An action that forwards to one target group.
    pub fn forward(target_group_arn: &str) -> Self {
        let group = WeightedGroup { target_group_arn: target_group_arn.into(), weight: 1 };
        let target_groups = BTreeSet::from([group]);
        let target_group_stickiness_config = GroupStickiness::default();
        Action::Forward {
            forward_config: Forward { target_groups, target_group_stickiness_config },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json, to_value};

    #[test]
    fn actions_have_cloudformations_shape() {
        let forward = json!({
            "Type": "forward",
            "ForwardConfig": {
                "TargetGroups": [{ "TargetGroupArn": "arn", "Weight": 1 }],
                "TargetGroupStickinessConfig": { "Enabled": false },
            },
        });
        assert_eq!(to_value(Action::forward("arn")).unwrap(), forward);
        let redirect = json!({
            "Type": "redirect",
            "RedirectConfig": { "Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301" },
        });
        let read: Action = from_value(redirect).unwrap();
        assert_eq!(read, Action::Redirect { redirect_config: Redirect::to_https() });
        let unknown = json!({ "Type": "forward", "ForwardConfig": {}, "TargetGroupArn": "arn" });
        assert!(from_value::<Action>(unknown).is_err());
    }
}
