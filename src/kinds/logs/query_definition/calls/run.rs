//! Running a saved query: one call starts it, later calls return its status and results,
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html>.
use crate::aws::Aws;
use crate::error::{CloudError, Result};
use crate::kinds::logs::query_definition::QueryDefinition;
use aws_sdk_cloudwatchlogs::types::ResultField;
use serde_json::{Value, json};

/// The row limit of a query: the most that AWS returns.
const MAX_ROWS: i32 = 10_000;

impl QueryDefinition {
    /// Starts the query for a period of time, see [`super::super::START`].
    pub(super) async fn start(&self, arguments: &Value, aws: &Aws) -> Result<Value> {
        let time = |key: &str| {
            let missing =
                || CloudError::internal(format!("the action start has no argument {key}"));
            arguments[key].as_i64().ok_or_else(missing)
        };
        let (from_s, to_s) = (time("from_s")?, time("to_s")?);
        let call = || {
            aws.logs_in(self.region.as_deref())
                .start_query()
                .set_log_group_names(Some(self.log_group_names.iter().cloned().collect()))
                .query_string(&self.query_string)
                .start_time(from_s)
                .end_time(to_s)
                .limit(MAX_ROWS)
                .send()
        };
        let started = aws.safe("logs:StartQuery", call).await?;
        Ok(json!({ "query": started.query_id }))
    }

    /// The status and rows of a query that was started, see [`super::super::RESULTS`].
    pub(super) async fn results(&self, arguments: &Value, aws: &Aws) -> Result<Value> {
        let query = arguments["query"].as_str().unwrap_or_default();
        let logs = aws.logs_in(self.region.as_deref());
        let call = || logs.get_query_results().query_id(query).send();
        let response = aws.safe("logs:GetQueryResults", call).await?;
        let status = response.status.map(|status| status.as_str().to_string());
        let rows = response.results.unwrap_or_default();
        let rows: Vec<Value> = rows.iter().map(|row| row_of(row)).collect();
        Ok(json!({ "status": status, "rows": rows }))
    }
}

/// The fields of a row as `[field, value]`, without `@ptr`, by which AWS retrieves the whole event.
fn row_of(row: &[ResultField]) -> Value {
    let fields = row.iter().filter(|field| field.field.as_deref() != Some("@ptr"));
    fields.map(|field| json!([field.field, field.value])).collect()
}
