//! `keys`: the API keys of a stack, and what one of them is.
use super::Session;
use super::error::Error;
use crate::cloud::Cloud;
use crate::render::doc::{Block, Label, Line};
use crate::render::{Document, stack};
use crate::resource::{Live, Observation};
use clap::Args;
use serde_json::{Value, json};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct Keys {
    /// The key of this client alone, such as storefront or public.storefront
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// Print what the key is, and nothing else
    #[arg(long, requires = "name")]
    show: bool,

    /// The stack by its name, without a blueprint
    #[arg(long, value_name = "NAME", conflicts_with = "blueprints")]
    stack: Option<String>,
}

/// A key of the house. Those that people have minted by hand are not known.
struct Key<'a> {
    api: &'a str,
    client: &'a str,
    /// None: it is of no usage plan, and so opens nothing.
    tier: Option<&'a str>,
    live: &'a Live,
}

impl Keys {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let wanted = session.stack(&[], self.stack.as_deref())?;
        let cloud = session.cloud_of(&wanted).await?;
        let observation = session.observe_named(cloud.as_ref(), &wanted).await?;
        let all = keys(&observation);
        let chosen = match &self.name {
            Some(name) => vec![choose(&all, name)?],
            None => all.iter().collect(),
        };
        match chosen.as_slice() {
            [key] if self.show => show(session, cloud.as_ref(), key).await?,
            keys => session.output.either(&document(keys), &value(keys))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn show(session: &Session, cloud: &dyn Cloud, key: &Key<'_>) -> Result<(), Error> {
    let told = cloud.act(key.live, "show", &Value::Null).await;
    let told = told.map_err(Error::cloud(format!("read {}", key.live.id)))?;
    let text = match &told {
        Value::String(text) if !session.output.json => format!("{text}\n"),
        told => format!("{told}\n"),
    };
    session.output.data(&text)
}

fn keys(observation: &Observation) -> Vec<Key<'_>> {
    let of = |kind: &'static str| {
        let found = observation.iter().filter(move |(id, _)| id.kind == kind);
        found.filter_map(|(_, found)| found.first())
    };
    let text = |live: &Live, property: &str| {
        live.spec.get(property).and_then(Value::as_str).map(str::to_string)
    };
    let key = |live| {
        let api = stack::component(live).rsplit('.').next().unwrap_or_default();
        let link = of("usage-plan-key")
            .find(|link| text(link, "KeyId").as_ref() == live.outputs.get("id"));
        let plan = link.and_then(|link| {
            let id = text(link, "UsagePlanId")?;
            of("usage-plan").find(|plan| plan.outputs.get("id") == Some(&id))
        });
        let tier = plan.map(|plan| own(&plan.id.name, api));
        Key { api, client: own(&live.id.name, api), tier, live }
    };
    of("api-key").map(key).collect()
}

/// A name without that of the API before it.
fn own<'a>(name: &'a str, api: &str) -> &'a str {
    name.strip_prefix(api).and_then(|rest| rest.strip_prefix('-')).unwrap_or(name)
}

fn choose<'a, 'b>(all: &'b [Key<'a>], name: &str) -> Result<&'b Key<'a>, Error> {
    let is_it = |key: &&Key| match name.split_once('.') {
        Some((api, client)) => key.api == api && key.client == client,
        None => key.client == name,
    };
    let found: Vec<&Key> = all.iter().filter(is_it).collect();
    match found.as_slice() {
        [key] => Ok(key),
        [] => {
            let what = format!("no key is called `{name}`");
            Err(Error::usage(what, "tenfold keys lists those there are"))
        }
        [first, ..] => {
            let what = format!("several APIs have a key `{name}`");
            Err(Error::usage(what, format!("say which: {}.{name}", first.api)))
        }
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
        [] => document.text(Line::plain("No keys.")),
        keys => document.push(Block::Rows(keys.iter().map(row).collect())),
    }
    document
}

fn value(keys: &[&Key]) -> Value {
    let key = |key: &&Key| json!({ "api": key.api, "name": key.client, "tier": key.tier, "id": key.live.handle });
    keys.iter().map(key).collect()
}
