//! Kinds made up for the planner, and a small stack of them.
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tenfold::graph::Graph;
use tenfold::plan::steps::{listing, steps};
use tenfold::plan::{Plan, PlanOptions, plan};
use tenfold::reference;
use tenfold::resource::{Condition, Id, Live, Observation, Outputs, Pin, Resource};
use tenfold::spec::{DynSpec, KindInfo, Mint, Registry, Replace};

static NET: KindInfo =
    KindInfo { name: "net", create_only: &["Cidr"], replace: Replace::Refuse, ..KindInfo::PLAIN };
static TARGET: KindInfo = KindInfo {
    name: "target",
    create_only: &["Name", "Port", "Net"],
    replace: Replace::Successor,
    ..KindInfo::PLAIN
};
static GATE: KindInfo = KindInfo {
    name: "gate",
    create_only: &["Net"],
    replace: Replace::DeleteFirst,
    ..KindInfo::PLAIN
};
static RULE: KindInfo = KindInfo {
    name: "rule",
    create_only: &["Gate"],
    replace: Replace::DeleteFirst,
    ..KindInfo::PLAIN
};
static TEMPLATE: KindInfo =
    KindInfo { name: "template", volatile_outputs: &["version"], ..KindInfo::PLAIN };
static GROUP: KindInfo = KindInfo {
    name: "group",
    depends_on_kinds: &["rule"],
    directives: &["Rollout"],
    ..KindInfo::PLAIN
};
static STORE: KindInfo = KindInfo { name: "store", stateful: true, ..KindInfo::PLAIN };

/// A kind that consists of its `KindInfo`; the protection of a `gate` can be lifted.
struct Made(&'static KindInfo);

impl DynSpec for Made {
    fn info(&self) -> &'static KindInfo {
        self.0
    }
    fn check(&self, _: &Value) -> Result<(), String> {
        Ok(())
    }
    fn canonical(&self, spec: &Value) -> Value {
        spec.clone()
    }
    fn template(&self, _: &Value) -> Vec<Value> {
        Vec::new()
    }
    fn unprotected(&self, spec: &Value) -> Option<Value> {
        spec.get("Protected").map(|_| json!({ "Net": spec["Net"] }))
    }
    fn holds_data(&self, _: &Value) -> bool {
        self.0.stateful
    }
    fn refusal(&self, _: &Value, _: &Live) -> Option<String> {
        None
    }
    fn remaining_work(&self, _: &Value, _: Option<&Live>) -> Vec<String> {
        Vec::new()
    }
    fn simulate(&self, _: &str, _: &Value, _: &Value, _: &mut Mint) -> Option<Value> {
        None
    }
    fn invalidates(&self, _: &str, _: &Value, _: &Outputs) -> Option<String> {
        None
    }
    fn outputs(&self, _: &Value, _: &Id, _: &mut Mint) -> Outputs {
        Outputs::new()
    }
}

/// The kinds of this file.
pub static KINDS: Registry = Registry::new(&LIST);

static LIST: [&dyn DynSpec; 7] = [
    &Made(&NET),
    &Made(&TARGET),
    &Made(&GATE),
    &Made(&RULE),
    &Made(&TEMPLATE),
    &Made(&GROUP),
    &Made(&STORE),
];

/// The desired state of a small stack.
pub fn wanted(port: u16) -> Vec<(&'static str, Value)> {
    vec![
        ("net.main", json!({ "Cidr": "10.0.0.0/16" })),
        ("gate.main", json!({ "Net": "${net.main.id}" })),
        (
            "target.api",
            json!({ "Name": format!("api-{port}"), "Port": port, "Net": "${net.main.id}" }),
        ),
        ("rule.api", json!({ "Gate": "${gate.main.id}", "Target": "${target.api.arn}" })),
        ("template.api", json!({ "Image": "ami-1", "From": "newest-arm" })),
        (
            "group.api",
            json!({
                "Template": "${template.api.id}", "Version": "${template.api.version}",
                "Target": "${target.api.arn}", "Rollout": 1,
            }),
        ),
    ]
}

pub fn graph(wanted: &[(&str, Value)]) -> Graph<Id, Resource> {
    let mut graph = Graph::default();
    for (id, spec) in wanted {
        let id: Id = id.parse().unwrap();
        let pin = Pin { property: "/Image".into(), source: Some("/From".into()) };
        let pins = if id.kind == "template" { vec![pin] } else { Vec::new() };
        let component = format!("part.{}", id.name);
        graph.add(id.clone(), Resource { id, component, spec: spec.clone(), pins });
    }
    for (id, spec) in wanted {
        for reference in reference::within(spec) {
            graph.connect(&id.parse().unwrap(), &reference.id);
        }
    }
    graph
}

/// The observation once the stack is created, with identifiers in AWS's format.
pub fn made(wanted: &[(&str, Value)]) -> Observation {
    let graph = graph(wanted);
    let mut outputs: BTreeMap<Id, Outputs> = BTreeMap::new();
    let mut observation = Observation::new();
    for (at, id) in graph.order().unwrap().into_iter().enumerate() {
        let resource = graph.get(&id).unwrap();
        let mut spec = reference::resolve(&resource.spec, &|r| reference::output(&outputs, r));
        spec.as_object_mut().unwrap().remove("Rollout");
        let handle = format!("{}-{at:08x}", id.kind);
        let own =
            [("id", handle.clone()), ("arn", format!("arn:{handle}")), ("version", "1".into())];
        let own: Outputs = own.map(|(key, value)| (key.to_string(), value)).into();
        outputs.insert(id.clone(), own.clone());
        let component = Some(resource.component.clone());
        let condition = Condition::Ready;
        let live = Live { id: id.clone(), handle, component, spec, outputs: own, condition };
        observation.insert(id, vec![live]);
    }
    observation
}

pub fn decide(wanted: &[(&str, Value)], observation: &Observation) -> Plan {
    plan("shop", &graph(wanted), observation, &PlanOptions::default(), KINDS)
}

pub fn actions(plan: &Plan) -> Vec<String> {
    let show = |change: &tenfold::plan::Change| {
        let names: Vec<&str> = change.properties.iter().map(|p| p.property.as_str()).collect();
        format!("{:?} {} {}", change.action, change.id, names.join(",")).trim_end().to_string()
    };
    plan.effective().map(show).collect()
}

pub fn order(plan: &Plan) -> String {
    listing(&steps(plan, KINDS).unwrap())
}
