//! `logs`: runs a saved query on the stack's logs.
use super::Session;
use super::error::Error;
use crate::actions::query;
use crate::blueprint::language::units;
use crate::render::rows;
use crate::resource::Live;
use clap::Args;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Args, Debug)]
pub struct Logs {
    /// Saved query to run, such as errors; without a name, list the saved queries
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// How far back to search: 30m, 6h, 7d
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = seconds)]
    since: i64,

    /// Name of the stack, instead of a blueprint
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
        let found = query::list(cloud.as_ref(), &wanted.name).await?;
        if found.is_empty() {
            session.observe_existing(cloud.as_ref(), &wanted).await?;
        }
        let Some(name) = &self.name else { return list(session, &found) };
        let Some(query) = found.iter().find(|live| live.id.name == *name) else {
            let what = format!("{} has no saved query named `{name}`", wanted.name);
            return Err(Error::usage(what, "tenfold logs lists the saved queries"));
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now_s = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let rows = {
            let _spinner = session.output.spinner(format!("running the query {name}"));
            query::run(cloud.as_ref(), query, now_s - self.since, now_s).await?
        };
        session.output.result(&rows::table(&rows), &rows::objects(&rows))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn list(session: &Session, found: &[Live]) -> Result<ExitCode, Error> {
    let row = |live: &Live| {
        let text = live.spec["QueryString"].as_str().unwrap_or_default();
        vec![("name".to_string(), live.id.name.clone()), ("query".to_string(), text.to_string())]
    };
    let mut rows: Vec<rows::Row> = found.iter().map(row).collect();
    rows.sort();
    session.output.result(&rows::table(&rows), &rows::objects(&rows))?;
    Ok(ExitCode::SUCCESS)
}
