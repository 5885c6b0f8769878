//! Which component an untagged resource belongs to: AWS takes no tags on some, such as scaling
//! policies. Without this, each would stand as a component of its own.
use crate::kinds;
use crate::plan::mention::mentions;
use crate::resource::{Live, Observation};

/// Gives every resource without a component that of a tagged one which its properties name.
pub fn fill(observation: &mut Observation) {
    let tagged: Vec<Live> =
        observation.values().flatten().filter(|live| live.component.is_some()).cloned().collect();
    for live in observation.values_mut().flatten().filter(|live| live.component.is_none()) {
        live.component = nearest(live, &tagged).and_then(|other| other.component.clone());
    }
}

/// Of several that are named, the one whose own name is nearest: a scaling policy of a group may
/// name a load balancer too.
fn nearest<'a>(live: &Live, tagged: &'a [Live]) -> Option<&'a Live> {
    let info = |live: &Live| kinds::spec(&live.id.kind).info();
    let named = tagged.iter().filter(|other| mentions((live, info(live)), (other, info(other))));
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
    fn an_untagged_resource_goes_with_the_nearest_it_names() {
        let balancer = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/x/0123";
        let names = json!({ "AutoScalingGroupName": "shop-api", "Label": balancer });
        let all = [
            live("load-balancer", "main", Some("load_balancers.main"), balancer, json!({})),
            live("auto-scaling-group", "api", Some("services.api"), "shop-api", json!({})),
            live("scaling-policy", "api-requests", None, "policy", names),
            live("scaling-policy", "lonely", None, "other", json!({})),
        ];
        let mut observation: Observation =
            all.into_iter().map(|live| (live.id.clone(), vec![live])).collect();
        fill(&mut observation);
        let component =
            |name: &str| observation[&Id::new("scaling-policy", name)][0].component.as_deref();
        assert_eq!(component("api-requests"), Some("services.api"));
        assert_eq!(component("lonely"), None);
    }
}
