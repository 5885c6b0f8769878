//! Which component an untagged resource belongs to: AWS takes no tags on some, such as scaling
//! policies. Without this, each would stand as a component of its own.
use crate::kinds;
use crate::names::marked_component;
use crate::plan::usages::refers_to;
use crate::resource::{Live, Observation};
use serde_json::Value;

/// Gives every resource without a component the one that its comment tells of, else that of a
/// tagged one which its properties name, else that of one which waits for its kind.
pub fn fill(observation: &mut Observation) {
    let tagged: Vec<Live> =
        observation.values().flatten().filter(|live| live.component.is_some()).cloned().collect();
    for live in observation.values_mut().flatten().filter(|live| live.component.is_none()) {
        let other = || nearest(live, &tagged).or_else(|| waiting(live, &tagged));
        live.component = told(&live.spec, &live.id.name)
            .or_else(|| other().and_then(|other| other.component.clone()));
    }
}

fn told(spec: &Value, name: &str) -> Option<String> {
    match spec {
        Value::String(text) => marked_component(text, name).map(str::to_string),
        Value::Object(fields) => fields.values().find_map(|field| told(field, name)),
        _ => None,
    }
}

/// What an account has one of names nothing of a stack, and nothing names it.
fn waiting<'a>(live: &Live, tagged: &'a [Live]) -> Option<&'a Live> {
    let waits = |kind: &str| {
        kinds::registry().get(kind).info().depends_on_kinds.contains(&live.id.kind.as_str())
    };
    tagged.iter().find(|other| waits(&other.id.kind))
}

/// Of several that are named, the one whose own name is nearest: a scaling policy of a group may
/// name a load balancer too.
fn nearest<'a>(live: &Live, tagged: &'a [Live]) -> Option<&'a Live> {
    let info = |live: &Live| kinds::registry().get(&live.id.kind).info();
    let named = tagged.iter().filter(|other| refers_to((live, info(live)), (other, info(other))));
    let shared = |other: &&Live| match live.id.name.starts_with(&other.id.name) {
        true => other.id.name.len(),
        false => 0,
    };
    // Of those that are equally near, the first.
    named.rev().max_by_key(shared)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::marker;
    use crate::resource::{Condition, Id, Outputs};
    use serde_json::{Value, json};

    fn live(kind: &str, name: &str, component: Option<&str>, output: &str, spec: Value) -> Live {
        Live {
            id: Id::new(kind, name),
            handle: output.into(),
            component: component.map(str::to_string),
            spec,
            outputs: Outputs::from([("name".into(), output.into())]),
            condition: Condition::Ready,
        }
    }

    #[test]
    fn an_untagged_resource_goes_with_the_component_it_is_of() {
        let balancer = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/x/0123";
        let names = json!({ "AutoScalingGroupName": "shop-api", "Label": balancer });
        let comment = marker("shop", "cdn.edge", "edge-all");
        let marked = json!({ "CachePolicyConfig": { "Comment": comment } });
        let all = [
            live("load-balancer", "main", Some("load_balancers.main"), balancer, json!({})),
            live("auto-scaling-group", "api", Some("services.api"), "shop-api", json!({})),
            live("scaling-policy", "api-requests", None, "policy", names),
            live("scaling-policy", "lonely", None, "other", json!({})),
            live("cache-policy", "edge-all", None, "policy-2", marked),
            live("rest-api", "public", Some("rate_limits.public"), "a1b2c3", json!({})),
            live("api-account", "main", None, "role", json!({})),
        ];
        let mut observation: Observation =
            all.into_iter().map(|live| (live.id.clone(), vec![live])).collect();
        fill(&mut observation);
        let component =
            |kind: &str, name: &str| observation[&Id::new(kind, name)][0].component.as_deref();
        assert_eq!(component("scaling-policy", "api-requests"), Some("services.api"));
        assert_eq!(component("scaling-policy", "lonely"), None);
        assert_eq!(component("cache-policy", "edge-all"), Some("cdn.edge"));
        assert_eq!(component("api-account", "main"), Some("rate_limits.public"));
    }
}
