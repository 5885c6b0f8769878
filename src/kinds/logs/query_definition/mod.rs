//! A saved query over log groups,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_Insights-Saving-Queries.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, to_value};
use std::collections::BTreeSet;

/// A query of CloudWatch Logs Insights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct QueryDefinition {
    /// In a folder with the stack's name, such as `shop/errors`. tenfold recognises the query by this
    /// folder: queries do not support tags, and their names need not be unique.
    pub name: String,
    pub query_string: String,
    pub log_group_names: BTreeSet<String>,
    /// The region of the query and its log groups, if it is not the stack's, see
    /// [`super::log_group::LogGroup::region`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// The action that starts the query. Takes `from_s` and `to_s`, in seconds since 1970, and returns
/// `query`, the ID of this execution.
pub const START: &str = "start";
/// The action that returns the progress of an execution. Takes `query`, and returns its `status` and
/// its `rows` so far, each a list of `[field, value]`.
pub const RESULTS: &str = "results";

impl Spec for QueryDefinition {
    const INFO: KindInfo = KindInfo {
        name: "query-definition",
        type_name: "AWS::Logs::QueryDefinition",
        create_only: &["Region"],
        reads: Reads { fixed: 2, each: 0 },
        ..KindInfo::PLAIN
    };

    fn template(&self) -> Vec<(&'static str, Value)> {
        let properties = to_value(QueryDefinition { region: None, ..self.clone() });
        vec![(Self::INFO.type_name, properties.unwrap_or_default())]
    }

    /// The sandbox contains no log events, so a query finds nothing.
    fn simulate(&self, action: &str, _arguments: &Value, mint: &mut Mint) -> Option<Value> {
        match action {
            START => Some(json!({ "query": mint.before.get("id") })),
            RESULTS => Some(json!({ "status": "Complete", "rows": [] })),
            _ => None,
        }
    }

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let id = match mint.before.get("id") {
            Some(before) => before.clone(),
            None => (mint.digits)(),
        };
        outputs(id, &self.name)
    }
}

fn outputs(id: String, name: &str) -> Outputs {
    Outputs::from([("id".into(), id), ("name".into(), name.into())])
}
