//! Finds the component that owns an untagged resource: AWS supports no tags on some, such as scaling
//! policies. Without this, plans would treat each as a component of its own.
use crate::names::marked_component;
use crate::plan::usages::refers_to;
use crate::resource::{Live, Observation};
use crate::spec::Registry;
use serde_json::Value;

/// Sets the component of every resource without one: the component in its comment; else that of a
/// tagged resource that its properties name; else that of one whose kind depends on its kind.
/// `known` are further resources to search.
pub fn fill(observation: &mut Observation, known: &[Live], kinds: Registry) {
    let tagged = observation.values().flatten().chain(known);
    let tagged: Vec<Live> = tagged.filter(|live| live.component.is_some()).cloned().collect();
    for live in observation.values_mut().flatten().filter(|live| live.component.is_none()) {
        let owner = || nearest(live, &tagged, kinds).or_else(|| dependent(live, &tagged, kinds));
        live.component = in_comment(&live.spec, &live.id.name)
            .or_else(|| owner().and_then(|owner| owner.component.clone()));
    }
}

fn in_comment(spec: &Value, name: &str) -> Option<String> {
    match spec {
        Value::String(text) => marked_component(text, name).map(str::to_string),
        Value::Object(fields) => fields.values().find_map(|field| in_comment(field, name)),
        _ => None,
    }
}

/// A resource that depends on the kind of `live`. An account-wide setting, such as API Gateway's
/// log role, names no resource of the stack, and none names it.
fn dependent<'a>(live: &Live, tagged: &'a [Live], kinds: Registry) -> Option<&'a Live> {
    let depends =
        |kind: &str| kinds.get(kind).info().depends_on_kinds.contains(&live.id.kind.as_str());
    tagged.iter().find(|other| depends(&other.id.kind))
}

/// Of the resources that `live` names, the one whose own name is most similar: a scaling policy of
/// an Auto Scaling group may name a load balancer too. Of equally similar ones, the first.
fn nearest<'a>(live: &Live, tagged: &'a [Live], kinds: Registry) -> Option<&'a Live> {
    let info = |live: &Live| kinds.get(&live.id.kind).info();
    let named = tagged.iter().filter(|other| refers_to((live, info(live)), (other, info(other))));
    let shared = |other: &&Live| match live.id.name.starts_with(&other.id.name) {
        true => other.id.name.len(),
        false => 0,
    };
    named.rev().max_by_key(shared)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds;
    use crate::names::marker;
    use crate::resource::{Condition, Id, Outputs};
    use serde_json::json;

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
    fn untagged_resource_gets_component_of_its_owner() {
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
        fill(&mut observation, &[], kinds::registry());
        let component =
            |kind: &str, name: &str| observation[&Id::new(kind, name)][0].component.as_deref();
        assert_eq!(component("scaling-policy", "api-requests"), Some("services.api"));
        assert_eq!(component("scaling-policy", "lonely"), None);
        assert_eq!(component("cache-policy", "edge-all"), Some("cdn.edge"));
        assert_eq!(component("api-account", "main"), Some("rate_limits.public"));
    }

    #[test]
    fn owner_is_found_among_known_resources() {
        let names = json!({ "AutoScalingGroupName": "shop-api" });
        let policy = live("scaling-policy", "api-requests", None, "policy", names);
        let group = live("auto-scaling-group", "api", Some("services.api"), "shop-api", json!({}));
        let mut observation = Observation::from([(policy.id.clone(), vec![policy.clone()])]);
        fill(&mut observation, &[group], kinds::registry());
        assert_eq!(observation[&policy.id][0].component.as_deref(), Some("services.api"));
    }
}
