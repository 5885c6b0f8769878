//! The API keys that tenfold created for a stack. Keys that people created by hand are not listed.
use super::{Error, Result};
use crate::cloud::Cloud;
use crate::error::ResultExt;
use crate::kinds::apigateway::api_key::SHOW;
use crate::resource::{Live, Observation};
use serde_json::Value;

pub struct Key<'a> {
    pub api: &'a str,
    pub client: &'a str,
    /// None if the key belongs to no usage plan: API Gateway then refuses it.
    pub tier: Option<&'a str>,
    pub live: &'a Live,
}

/// All keys of a stack.
pub fn keys<'a>(observation: &'a Observation) -> Vec<Key<'a>> {
    let of = |kind: &'static str| {
        let found = observation.iter().filter(move |(id, _)| id.kind == kind);
        found.filter_map(|(_, found)| found.first())
    };
    let text = |live: &Live, property: &str| {
        live.spec.get(property).and_then(Value::as_str).map(str::to_string)
    };
    let key = |live: &'a Live| {
        let component = live.component.as_deref().unwrap_or(&live.id.name);
        let api = component.rsplit('.').next().unwrap_or_default();
        let link = of("usage-plan-key")
            .find(|link| text(link, "KeyId").as_ref() == live.outputs.get("id"));
        let plan = link.and_then(|link| {
            let id = text(link, "UsagePlanId")?;
            of("usage-plan").find(|plan| plan.outputs.get("id") == Some(&id))
        });
        let tier = plan.map(|plan| without_api(&plan.id.name, api));
        Key { api, client: without_api(&live.id.name, api), tier, live }
    };
    of("api-key").map(key).collect()
}

/// A resource's name without the leading name of its API.
fn without_api<'a>(name: &'a str, api: &str) -> &'a str {
    name.strip_prefix(api).and_then(|rest| rest.strip_prefix('-')).unwrap_or(name)
}

/// The key of a client, given as `client` or `api.client`.
///
/// # Errors
/// There is no such key, or several APIs have one.
pub fn choose<'a, 'b>(all: &'b [Key<'a>], name: &str) -> Result<&'b Key<'a>> {
    let matches = |key: &&Key| match name.split_once('.') {
        Some((api, client)) => key.api == api && key.client == client,
        None => key.client == name,
    };
    let found: Vec<&Key> = all.iter().filter(matches).collect();
    match found.as_slice() {
        [key] => Ok(key),
        [] => {
            let what = format!("no API key is named `{name}`");
            Err(Error::refused(what, "tenfold keys lists the stack's keys"))
        }
        [first, ..] => {
            let what = format!("several APIs have a key named `{name}`");
            let help = format!("name the API too, such as {}.{name}", first.api);
            Err(Error::refused(what, help))
        }
    }
}

/// The value of a key, a JSON string. The sandbox makes one up.
///
/// # Errors
/// The call fails.
pub async fn value(cloud: &dyn Cloud, key: &Key<'_>) -> Result<Value> {
    let answer = cloud.act(key.live, SHOW, &Value::Null).await;
    Ok(answer.doing(format!("read {}", key.live.id))?)
}
