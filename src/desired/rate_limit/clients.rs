//! The clients of an API and their limits: tiers become usage plans, `keys` become API keys.
use super::parts::Parts;
use crate::blueprint::rate_limit::tier::{Limit, Period, Quota, Tier};
use crate::desired::build::{Build, Handle, int};
use crate::desired::secret;
use crate::kinds::apigateway::api_key::ApiKey;
use crate::kinds::apigateway::usage_plan;
use crate::kinds::apigateway::usage_plan::{ApiStage, Throttle, UsagePlan};
use crate::kinds::apigateway::usage_plan_key::UsagePlanKey;
use crate::reference;

/// API Gateway's limit for the names of plans and keys.
const NAME: usize = 1024;
/// How many letters and digits a key has; API Gateway accepts 20 to 128.
const KEY_LENGTH: i32 = 40;

pub fn expand(build: &mut Build, parts: &Parts, api: &Handle) {
    let wanted = parts.wanted;
    for (tier, limits) in &wanted.tiers {
        plan(build, parts, api, tier, limits);
    }
    for (key, tier) in &wanted.keys {
        client(build, parts, key, tier);
    }
}

fn plan(build: &mut Build, parts: &Parts, api: &Handle, tier: &str, limits: &Tier) {
    let Parts { component, name, wanted } = parts;
    let own = format!("{name}-{tier}");
    let methods = wanted.operations().into_iter().filter_map(|operation| {
        let limit = operation.route.tiers.get(tier)?;
        Some((format!("{}/{}", operation.path, operation.method), throttle(limit)))
    });
    let stage = ApiStage {
        api_id: api.output("id"),
        stage: api.output("stage"),
        throttle: methods.collect(),
    };
    let spec = UsagePlan {
        usage_plan_name: build.name(&own, NAME),
        description: format!("tenfold {component}, tier {tier}"),
        api_stages: vec![stage],
        throttle: limits.limit.as_ref().map(throttle),
        quota: limits.quota.as_ref().map(quota),
        tags: build.tags(component, &own),
    };
    build.add(component, &own, &spec);
}

fn throttle(limit: &Limit) -> Throttle {
    Throttle { rate_limit: limit.rate, burst_limit: int(limit.burst) }
}

fn quota(quota: &Quota) -> usage_plan::Quota {
    let period = match quota.period {
        Period::Day => "DAY",
        Period::Week => "WEEK",
        Period::Month => "MONTH",
    };
    usage_plan::Quota { limit: int(quota.requests), offset: 0, period: period.into() }
}

/// Adds a key and its usage plan. AWS generates the key's value, and a secret stores it.
fn client(build: &mut Build, parts: &Parts, key: &str, tier: &str) {
    let Parts { component, name, .. } = parts;
    let own = format!("{name}-{key}");
    let secret_name = format!("key-{own}");
    let secret = secret::generated(
        build,
        (component, &secret_name),
        format!("API key {key} of {component}"),
        KEY_LENGTH,
    );
    let spec = ApiKey {
        name: build.name(&own, NAME),
        description: format!("tenfold {component}, key {key}"),
        enabled: true,
        value: reference::secret(&secret.output("arn")),
        tags: build.tags(component, &own),
    };
    let made = build.add(component, &own, &spec);
    let plan = Handle::of::<UsagePlan>(format!("{name}-{tier}"));
    let link = UsagePlanKey {
        key_id: made.output("id"),
        key_type: "API_KEY".into(),
        usage_plan_id: plan.output("id"),
    };
    build.add(component, &own, &link);
}
