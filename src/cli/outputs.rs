//! `outputs`: the outputs of a stack's resources, such as addresses.
use super::Session;
use super::error::Error;
use crate::render::json;
use crate::render::stack::{Output, outputs};
use clap::Args;
use serde_json::json;
use std::fmt::Write;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Outputs {
    /// Print only the value of this output, such as load-balancer.main.dns_name
    #[arg(value_name = "KEY")]
    key: Option<String>,

    /// Name of the stack, instead of a blueprint
    #[arg(long, value_name = "NAME", conflicts_with = "blueprints")]
    stack: Option<String>,
}

impl Outputs {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let wanted = session.stack(&[], self.stack.as_deref())?;
        let cloud = session.cloud_of(&wanted).await?;
        let observation = session.observe_existing(cloud.as_ref(), &wanted).await?;
        let all = outputs(&observation);
        let text = match &self.key {
            Some(key) => value(&all, key, session.output.json)?,
            None if session.output.json => format!("{:#}\n", json::outputs(&observation)),
            None => lines(&all),
        };
        session.output.data(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn value(all: &[Output], key: &str, json: bool) -> Result<String, Error> {
    match all.iter().find(|output| output.name == key) {
        Some(output) if json => Ok(format!("{}\n", json!(output.value))),
        Some(output) => Ok(format!("{}\n", output.value)),
        None => {
            let what = format!("no output is named `{key}`");
            Err(Error::usage(what, "tenfold outputs lists all outputs"))
        }
    }
}

/// `name=value` lines, below a comment line for each component.
fn lines(all: &[Output]) -> String {
    let mut text = String::new();
    let mut component = "";
    for output in all {
        if output.component != component {
            let gap = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}# {}", output.component);
            component = output.component;
        }
        let _ = writeln!(text, "{}={}", output.name, output.value);
    }
    text
}
