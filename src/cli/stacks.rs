//! `stacks`: which stacks there are.
use super::Session;
use super::error::Error;
use crate::render::doc::{Block, Document, Label, Line};
use crate::render::plan::count;
use serde_json::json;
use std::process::ExitCode;

pub async fn run(session: &Session) -> Result<ExitCode, Error> {
    let region = session.global.region_without_blueprint()?;
    let cloud = session.connect(&region, None).await?;
    let found = {
        let _busy = session.output.busy(format!("looking for stacks in {region}"));
        cloud.stacks().await.map_err(Error::cloud("list the stacks"))?
    };
    let row = |stack: &crate::cloud::StackSummary| {
        let resources = Line::new(Label::Muted, count(stack.resources, "resource"));
        vec![Line::plain(stack.name.clone()), resources]
    };
    let mut document = Document::default();
    if found.is_empty() {
        let place = cloud.place();
        let none = format!("No stacks in {}, account {}.", place.region, place.account);
        document.text(Line::plain(none));
    } else {
        document.push(Block::Rows(found.iter().map(row).collect()));
    }
    session.output.either(&document, &json!(found))?;
    Ok(ExitCode::SUCCESS)
}
