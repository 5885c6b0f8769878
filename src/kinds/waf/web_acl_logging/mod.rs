//! The log of a web ACL, <https://docs.aws.amazon.com/waf/latest/developerguide/logging.html>.
#[cfg(feature = "aws")]
mod calls;

use super::web_acl::Field;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec, Times};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An ACL has one at most, so it bears the ACL's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct WebAclLogging {
    /// The web ACL.
    pub resource_arn: String,
    /// One log group, whose name starts with `aws-waf-logs-`, without the `:*` behind its ARN.
    pub log_destination_configs: Vec<String>,
    /// Parts of a request that are not written down.
    pub redacted_fields: BTreeSet<Field>,
    pub logging_filter: Filter,
}

/// Which requests are written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Filter {
    /// `KEEP` or `DROP`: what becomes of those that no filter is about.
    pub default_behavior: String,
    pub filters: Vec<FilterRule>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct FilterRule {
    /// `KEEP` or `DROP`.
    pub behavior: String,
    /// `MEETS_ALL` or `MEETS_ANY`.
    pub requirement: String,
    pub conditions: BTreeSet<Condition>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Condition {
    pub action_condition: ActionCondition,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ActionCondition {
    /// `ALLOW`, `BLOCK`, `COUNT` and others.
    pub action: String,
}

impl Filter {
    /// Requests that met one of these actions, and no others.
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
        // Both scopes.
        reads: Reads { fixed: 2, each: 0 },
        times: Times { create_s: 3, update_s: 3, delete_s: 1 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, _mint: &mut Mint) -> Outputs {
        Outputs::new()
    }
}
