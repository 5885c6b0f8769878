//! `cdn`: what is done to a distribution beside changing it.
use super::Session;
use super::error::Error;
use crate::cloud::Cloud;
use crate::exec::Backoff;
use crate::kinds::cloudfront::distribution::{DEPLOYED, Distribution, INVALIDATE, STATUS};
use crate::kinds::secretsmanager::secret::{ROTATE, Secret};
use crate::names::ORIGIN_HEADER;
use crate::reference;
use crate::render::doc::{Block, Document, Line};
use crate::resource::{Id, Live};
use crate::spec::Spec;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub struct CdnVerb {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make every edge forget what it holds
    Invalidate(Invalidate),
    /// Make up another secret by which a CDN proves itself to its origins
    Rotate(Rotate),
}

#[derive(Args, Debug)]
struct Invalidate {
    /// The CDN, such as edge or cdn.edge
    #[arg(value_name = "NAME")]
    name: String,

    /// What to forget, such as /assets/*; everything unless told
    #[arg(value_name = "PATHS", default_value = "/*")]
    paths: Vec<String>,

    /// The stack by its name, without a blueprint
    #[arg(long, value_name = "NAME", conflicts_with = "blueprints")]
    stack: Option<String>,
}

#[derive(Args, Debug)]
struct Rotate {
    /// The CDN, such as edge or cdn.edge
    #[arg(value_name = "NAME")]
    name: String,

    /// The stack by its name, without a blueprint
    #[arg(long, value_name = "NAME", conflicts_with = "blueprints")]
    stack: Option<String>,
}

impl CdnVerb {
    pub async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        match &self.verb {
            Verb::Invalidate(verb) => verb.run(session).await,
            Verb::Rotate(verb) => verb.run(session).await,
        }
    }
}

impl Invalidate {
    async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        self.check_paths()?;
        let name = bare(&self.name);
        let wanted = session.stack(&[], self.stack.as_deref())?;
        let cloud = session.cloud_of(&wanted).await?;
        let live = &distribution(cloud.as_ref(), &wanted.name, name).await?;
        let paths = json!({ "paths": self.paths });
        let answer = cloud.act(live, INVALIDATE, &paths).await;
        let answer = answer.map_err(Error::cloud(format!("invalidate {}", live.id)))?;
        let text = |key: &str| answer[key].as_str().unwrap_or_default().to_string();
        let said = format!(
            "cdn.{name} forgets {} ({}, {})",
            self.paths.join(" "),
            text("id"),
            text("status")
        );
        let said = Document(vec![Block::Text(Line::plain(said))]);
        session.output.either(&said, &answer)?;
        Ok(ExitCode::SUCCESS)
    }

    /// CloudFront takes paths from the root, with one wildcard, at the end.
    fn check_paths(&self) -> Result<(), Error> {
        let fits = |path: &&String| {
            let start = path.strip_suffix('*').unwrap_or(path);
            start.starts_with('/') && !start.contains('*')
        };
        match self.paths.iter().find(|path| !fits(path)) {
            Some(path) => Err(Error::usage(
                format!("`{path}` is no path that can be forgotten"),
                "write a path from the root, with `*` at its end or nowhere",
            )),
            None => Ok(()),
        }
    }
}

impl Rotate {
    async fn run(&self, session: &Session) -> Result<ExitCode, Error> {
        let name = bare(&self.name);
        let wanted = session.stack(&[], self.stack.as_deref())?;
        let cloud = session.cloud_of(&wanted).await?;
        let cloud = cloud.as_ref();
        let distribution = distribution(cloud, &wanted.name, name).await?;
        let id = Id::new(Secret::INFO.name, &format!("origin-{name}"));
        let Some(secret) = find(cloud, &wanted.name, &id).await? else {
            let what = format!("cdn.{name} proves itself to no origin");
            let help = "APIs and load balancers that face the internet ask it to";
            return Err(Error::usage(what, help));
        };
        is_everywhere(cloud, name, &distribution, &secret).await?;
        let answer = cloud.act(&secret, ROTATE, &Value::Null).await;
        let answer = answer.map_err(Error::cloud(format!("change {}", secret.id)))?;
        until_seen(cloud, &wanted.name, &distribution, &secret).await?;
        let version = answer["version"].as_str().unwrap_or_default();
        let mut said = Document::default();
        said.text(Line::plain(format!("{} has another value (version {version})", secret.id)));
        said.text(Line::plain(format!(
            "tenfold apply brings it to the origins of cdn.{name}, then to the edge; the one before it is taken too"
        )));
        session.output.either(&said, &json!({ "secret": secret.handle, "version": version }))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Origins take the value that holds and the one before: a second change leaves those out that an
/// edge without the first one sends.
async fn is_everywhere(
    cloud: &dyn Cloud,
    name: &str,
    distribution: &Live,
    secret: &Live,
) -> Result<(), Error> {
    if !sends(distribution, secret) {
        let what = format!("cdn.{name} does not send what {} holds", secret.id);
        return Err(Error::usage(
            what,
            "tenfold apply first: origins take no value but the last two",
        ));
    }
    let answer = cloud.act(distribution, STATUS, &Value::Null).await;
    let answer = answer.map_err(Error::cloud(format!("look at {}", distribution.id)))?;
    if answer["status"] != DEPLOYED {
        let what = format!("the last change of cdn.{name} has not come to every edge");
        return Err(Error::usage(what, "try again in some minutes"));
    }
    Ok(())
}

/// Whether all origins that are told a secret are told what it holds.
fn sends(distribution: &Live, secret: &Live) -> bool {
    let arn = secret.outputs.get("arn").map_or("", String::as_str);
    let (mut sent, held) = (Vec::new(), reference::secret(arn));
    let origins = distribution.spec.pointer("/DistributionConfig/Origins");
    for origin in origins.and_then(Value::as_array).into_iter().flatten() {
        let headers = origin["OriginCustomHeaders"].as_array().into_iter().flatten();
        sent.extend(headers.filter(|header| header["HeaderName"] == ORIGIN_HEADER));
    }
    !sent.is_empty() && sent.iter().all(|header| header["HeaderValue"] == *held)
}

/// Waits, a minute at most, until a look tells that the secret is another: one that is behind
/// would have an apply find nothing to do.
async fn until_seen(
    cloud: &dyn Cloud,
    stack: &str,
    distribution: &Live,
    secret: &Live,
) -> Result<(), Error> {
    let mut backoff = Backoff::fault();
    while let Some(found) = find(cloud, stack, &distribution.id).await?
        && sends(&found, secret)
        && let Some(pause_s) = backoff.pause_s()
    {
        cloud.pause(pause_s).await;
    }
    Ok(())
}

fn bare(name: &str) -> &str {
    name.strip_prefix("cdn.").unwrap_or(name)
}

async fn distribution(cloud: &dyn Cloud, stack: &str, name: &str) -> Result<Live, Error> {
    let found = find(cloud, stack, &Id::new(Distribution::INFO.name, name)).await?;
    let none = || {
        let what = format!("{stack} has no CDN called `{name}`");
        Error::usage(what, "tenfold show lists what there is")
    };
    found.ok_or_else(none)
}

async fn find(cloud: &dyn Cloud, stack: &str, id: &Id) -> Result<Option<Live>, Error> {
    let found = cloud.list(stack, &id.kind).await;
    let found = found.map_err(Error::cloud(format!("look at {stack}")))?;
    Ok(found.into_iter().find(|live| live.id == *id))
}

/// Seconds between two looks at how far a change has come.
const LOOK_S: f64 = 20.0;

/// Waits until every edge has what the distributions of a stack were told.
///
/// # Errors
/// The cloud cannot be asked.
pub async fn until_deployed(cloud: &dyn Cloud, stack: &str) -> Result<(), Error> {
    let doing = || Error::cloud("wait for the edge");
    let found = cloud.list(stack, Distribution::INFO.name).await.map_err(doing())?;
    for live in &found {
        loop {
            let answer: Value = cloud.act(live, STATUS, &Value::Null).await.map_err(doing())?;
            // One that has gone meanwhile has no status.
            if matches!(answer["status"].as_str(), Some(DEPLOYED | "") | None) {
                break;
            }
            cloud.pause(LOOK_S).await;
        }
    }
    Ok(())
}
