//! The logging configuration of a web ACL,
//! <https://docs.aws.amazon.com/waf/latest/developerguide/logging.html>.
#[cfg(feature = "aws")]
mod calls;

use super::web_acl::Field;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec, Times};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An ACL has at most one, so the resource has the ACL's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct WebAclLogging {
    /// The ARN of the web ACL.
    pub resource_arn: String,
    /// The ARN of one log group, whose name starts with `aws-waf-logs-`. The ARN does not end in `:*`.
    pub log_destination_configs: Vec<String>,
    /// Parts of a request that the log omits.
    pub redacted_fields: BTreeSet<Field>,
    pub logging_filter: Filter,
}

/// Selects the requests that are logged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Filter {
    /// `KEEP` or `DROP`, for requests that no filter matches.
    pub default_behavior: String,
    pub filters: Vec<FilterRule>,
}

/// Keeps or drops the requests that match its conditions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct FilterRule {
    /// `KEEP` or `DROP`.
    pub behavior: String,
    /// `MEETS_ALL` or `MEETS_ANY`.
    pub requirement: String,
    pub conditions: BTreeSet<Condition>,
}

/// A condition on a request: the action that a rule took.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Condition {
    pub action_condition: ActionCondition,
}

/// The action that a rule took.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ActionCondition {
    /// `ALLOW`, `BLOCK`, `COUNT` and others.
    pub action: String,
}

impl Filter {
    /// Logs only requests for which a rule took one of these actions.
    pub fn keep(actions: &[&str]) -> Self {
        let condition = |action: &&str| Condition {
            action_condition: ActionCondition { action: action.to_string() },
        };
        Filter {
            default_behavior: "DROP".into(),
            filters: vec![FilterRule {
                behavior: "KEEP".into(),
                requirement: "MEETS_ANY".into(),
                conditions: actions.iter().map(condition).collect(),
            }],
        }
    }
}

impl Spec for WebAclLogging {
    const INFO: KindInfo = KindInfo {
        name: "web-acl-logging",
        type_name: "AWS::WAFv2::LoggingConfiguration",
        create_only: &["ResourceArn"],
        // The listings of both scopes.
        reads: Reads { fixed: 2, each: 0 },
        times: Times { create_s: 3, update_s: 3, delete_s: 1 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        Outputs::new()
    }
}
