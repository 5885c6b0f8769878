//! A saved query over log groups,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_Insights-Saving-Queries.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, to_value};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct QueryDefinition {
    /// In a folder of the stack's name, `shop/errors`, by which it is found: AWS keeps neither
    /// tags of a query nor its name unique.
    pub name: String,
    pub query_string: String,
    pub log_group_names: BTreeSet<String>,
    /// Where it and its groups are kept, if not in the stack's region, see
    /// [`super::log_group::LogGroup::region`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// The action that starts the query: takes `from_s` and `to_s`, seconds since 1970, and answers
/// with the `query` to look for.
pub const START: &str = "start";
/// The action that looks how far a query that was started has got: takes the `query`, and answers
/// with its `status` and its `rows`, each a list of `[field, value]`.
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

    /// Nothing writes logs in memory, so a query finds nothing.
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
