//! Runs a saved query of CloudWatch Logs Insights.
use super::wait::{Check, Wait};
use super::{Error, Result};
use crate::cloud::Cloud;
use crate::error::ResultExt;
use crate::exec::Backoff;
use crate::kinds::logs::query_definition::{QueryDefinition, RESULTS, START};
use crate::resource::Live;
use crate::spec::Spec;
use serde_json::{Value, json};

/// The fields of a result with their values, in the order of the query.
pub type Row = Vec<(String, String)>;

/// The saved queries of a stack.
///
/// # Errors
/// The cloud cannot be read.
pub async fn list(cloud: &dyn Cloud, stack: &str) -> Result<Vec<Live>> {
    let found = cloud.list(stack, QueryDefinition::INFO.name).await;
    Ok(found.doing(format!("list the saved queries of {stack}"))?)
}

/// Runs a query over the time from `from_s` to `to_s`, in seconds since the Unix epoch, and returns
/// its results.
///
/// # Errors
/// The query cannot be started, fails, or does not end in time.
pub async fn run(cloud: &dyn Cloud, query: &Live, from_s: i64, to_s: i64) -> Result<Vec<Row>> {
    let name = &query.id.name;
    let doing = || format!("run the query {name}");
    let span = json!({ "from_s": from_s, "to_s": to_s });
    let started = cloud.act(query, START, &span).await.doing(doing())?;
    let mut wait = Wait {
        what: format!("the query {name} to end"),
        help: format!("query a shorter time: tenfold logs {name} --since 15m"),
        // As long as CloudWatch runs a query,
        // <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html>.
        backoff: Backoff::progress(),
    };
    let check = async || {
        let answer = cloud.act(query, RESULTS, &started).await.doing(doing())?;
        match answer["status"].as_str().unwrap_or_default() {
            "Complete" => Ok(Check::Done(rows(&answer["rows"]))),
            status @ ("Scheduled" | "Running" | "Unknown") => Ok(Check::Pending(status.into())),
            "" => Ok(Check::Pending("none".into())),
            status => {
                let what = format!("the query {name} ended with the status {status}");
                Err(Error::refused(what, "check the query in the CloudWatch console, or try again"))
            }
        }
    };
    wait.until(cloud, check).await
}

fn rows(rows: &Value) -> Vec<Row> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let row = |row: &Value| {
        let fields = row.as_array().into_iter().flatten();
        fields.map(|field| (text(&field[0]), text(&field[1]))).collect()
    };
    rows.as_array().into_iter().flatten().map(row).collect()
}
