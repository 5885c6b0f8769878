//! `keys`: the API keys of a stack, and the value of one.
use super::Session;
use super::error::Error;
use crate::actions::keys::{Key, choose, keys, value};
use crate::render::Document;
use crate::render::doc::{Block, Label, Line};
use clap::Args;
use serde_json::{Value, json};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Keys {
    /// Client whose key to list, such as storefront or public.storefront
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// Print only the value of the key
    #[arg(long, requires = "name")]
    show: bool,

    /// Name of the stack, instead of a blueprint
    #[arg(long, value_name = "NAME", conflicts_with = "blueprints")]
    stack: Option<String>,
}

impl Keys {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let wanted = session.stack(&[], self.stack.as_deref())?;
        let cloud = session.cloud_of(&wanted).await?;
        let observation = session.observe_existing(cloud.as_ref(), &wanted).await?;
        let all = keys(&observation);
        let chosen = match &self.name {
            Some(name) => vec![choose(&all, name)?],
            None => all.iter().collect(),
        };
        match chosen.as_slice() {
            [key] if self.show => {
                let text = match value(cloud.as_ref(), key).await? {
                    Value::String(text) if !session.output.json => format!("{text}\n"),
                    value => format!("{value}\n"),
                };
                session.output.data(&text)?;
            }
            keys => session.output.result(&document(keys), &objects(keys))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn document(keys: &[&Key]) -> Document {
    let row = |key: &&Key| {
        let tier = match key.tier {
            Some(tier) => Line::plain(tier),
            None => Line::new(Label::Warning, "no tier"),
        };
        let id = Line::new(Label::Muted, key.live.handle.clone());
        vec![Line::plain(format!("{}.{}", key.api, key.client)), tier, id]
    };
    let mut document = Document::default();
    match keys {
        [] => document.text(Line::plain("No API keys.")),
        keys => document.push(Block::Rows(keys.iter().map(row).collect())),
    }
    document
}

fn objects(keys: &[&Key]) -> Value {
    let key = |key: &&Key| json!({ "api": key.api, "name": key.client, "tier": key.tier, "id": key.live.handle });
    keys.iter().map(key).collect()
}
