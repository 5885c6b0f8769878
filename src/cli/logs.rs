//! `logs`: runs a saved query over the stack's logs.
use super::Session;
use super::error::Error;
use crate::blueprint::language::units;
use crate::cloud::Cloud;
use crate::kinds::logs::query_definition::{QueryDefinition, RESULTS, START};
use crate::render::rows;
use crate::resource::Live;
use crate::spec::Spec;
use clap::Args;
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds between two looks at a query that runs.
const BETWEEN_LOOKS_S: f64 = 1.0;

#[derive(Args, Debug)]
pub struct Logs {
    /// The saved query, such as errors; without one, those there are
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// How far back: 30m, 6h, 7d
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = seconds)]
    since: i64,

    /// The stack by its name, without a blueprint
    #[arg(long, value_name = "NAME", conflicts_with = "blueprints")]
    stack: Option<String>,
}

fn seconds(text: &str) -> Result<i64, String> {
    let whole = units::seconds(text).filter(|seconds| *seconds >= 1.0);
    whole.map(|seconds| seconds as i64).ok_or_else(|| "write a time such as 30m, 6h or 7d".into())
}

impl Logs {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let wanted = session.stack(&[], self.stack.as_deref())?;
        let cloud = session.cloud_of(&wanted).await?;
        let found = cloud.list(&wanted.name, QueryDefinition::INFO.name).await;
        let found =
            found.map_err(Error::cloud(format!("look for the queries of {}", wanted.name)))?;
        if found.is_empty() {
            session.observe_named(cloud.as_ref(), &wanted).await?;
        }
        let Some(name) = &self.name else { return list(session, &found) };
        let Some(query) = found.iter().find(|live| live.id.name == *name) else {
            let what = format!("{} has no query called `{name}`", wanted.name);
            return Err(Error::usage(what, "tenfold logs lists those there are"));
        };
        let _busy = session.output.busy(format!("asking {name}"));
        let failed = format!("run the query {name}");
        let rows = self.ask(cloud.as_ref(), query).await.map_err(Error::cloud(failed))?;
        session.output.either(&rows::table(&rows), &rows::objects(&rows))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Starts the query, and looks until it has ended.
    async fn ask(&self, cloud: &dyn Cloud, query: &Live) -> crate::error::Result<Vec<rows::Row>> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now_s = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let span = json!({ "from_s": now_s - self.since, "to_s": now_s });
        let started = cloud.act(query, START, &span).await?;
        loop {
            let answer = cloud.act(query, RESULTS, &started).await?;
            match answer["status"].as_str().unwrap_or_default() {
                "Scheduled" | "Running" | "Unknown" | "" => cloud.pause(BETWEEN_LOOKS_S).await,
                "Complete" => return Ok(read(&answer["rows"])),
                other => {
                    let message = format!("the query ended as {other}");
                    return Err(crate::error::CloudError::refused(message));
                }
            }
        }
    }
}

fn list(session: &Session, found: &[Live]) -> Result<ExitCode, Error> {
    let row = |live: &Live| {
        let text = live.spec["QueryString"].as_str().unwrap_or_default();
        vec![("name".to_string(), live.id.name.clone()), ("query".to_string(), text.to_string())]
    };
    let mut rows: Vec<rows::Row> = found.iter().map(row).collect();
    rows.sort();
    session.output.either(&rows::table(&rows), &rows::objects(&rows))?;
    Ok(ExitCode::SUCCESS)
}

fn read(rows: &Value) -> Vec<rows::Row> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let row = |row: &Value| {
        let fields = row.as_array().into_iter().flatten();
        fields.map(|field| (text(&field[0]), text(&field[1]))).collect()
    };
    rows.as_array().into_iter().flatten().map(row).collect()
}
