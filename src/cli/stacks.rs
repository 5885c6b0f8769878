//! `stacks`: the stacks in the account and region.
use super::Session;
use super::error::Error;
use crate::cloud::Cloud;
use crate::error::ResultExt;
use crate::render::doc::{Block, Document, Label, Line};
use crate::render::plan::count;
use serde_json::json;
use std::process::ExitCode;

pub async fn run(session: &Session) -> Result<ExitCode, Error> {
    let cloud = cloud(session).await?;
    let region = &cloud.place().region;
    let found = {
        let _spinner = session.output.spinner(format!("listing the stacks in {region}"));
        cloud.stacks().await.doing("list the stacks")?
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
    session.output.result(&document, &json!(found))?;
    Ok(ExitCode::SUCCESS)
}

/// The cloud of the blueprint if one is given, else of the region that is configured.
async fn cloud(session: &Session) -> Result<Box<dyn Cloud>, Error> {
    if session.global.blueprints.is_empty() {
        return session.connect(&session.global.region_without_blueprint()?, None).await;
    }
    session.cloud_of(&session.stack(&[], None)?).await
}
