//! The fixtures of the kinds: what each of them creates, and what is changed.
use crate::localstack::REGION;
use crate::localstack::given::Given;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tenfold::graph::Graph;
use tenfold::resource::{Id, Resource};
use tenfold::{desired, kinds};

/// `tests/fixtures/kinds/<kind>.json`: a small graph around one resource, and a changed value for
/// each of its properties.
#[derive(Deserialize)]
pub struct Fixture {
    #[serde(default)]
    given: Given,
    pub resources: Vec<Wanted>,
    pub subject: Id,
    pub changes: Vec<Change>,
}

#[derive(Clone, Deserialize)]
pub struct Wanted {
    pub id: Id,
    pub spec: Value,
}

#[derive(Deserialize)]
pub struct Change {
    /// New values by JSON pointer; null removes the property.
    pub set: BTreeMap<String, Value>,
    pub expect: Expect,
    /// The change cannot be undone: later changes start from here.
    #[serde(default)]
    pub stays: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    Update,
    Replace,
    Refuse,
    /// A directive: never compared.
    None,
}

pub async fn fixture(kind: &str, stack: &str, account: &str) -> Fixture {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/kinds/{kind}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let text = [
        ("${stack}", stack),
        ("${account}", account),
        ("${region}", REGION),
        ("${zone0}", "us-east-1a"),
        ("${zone1}", "us-east-1b"),
    ]
    .iter()
    .fold(text, |text, (from, to)| text.replace(from, to));
    let read = |text: &str| -> Fixture {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{path:?}: {error}"))
    };
    let names = read(&text).given.make(account).await;
    let text = names.iter().fold(text, |text, (from, to)| text.replace(from, to));
    let fixture = read(&text);
    Fixture { resources: with_default_groups(fixture.resources), ..fixture }
}

/// Adds the tags by which a stack finds its resources.
fn tagged(wanted: &Wanted, stack: &str) -> Value {
    let mut spec = wanted.spec.clone();
    let own = [
        ("Name", format!("{stack}-{}", wanted.id.name)),
        ("tenfold:component", "test".into()),
        ("tenfold:name", wanted.id.name.clone()),
        ("tenfold:stack", stack.into()),
    ];
    if let Some(tags) = spec.get_mut("Tags").and_then(Value::as_array_mut) {
        for (key, value) in own {
            let mut tag = json!({ "Key": key, "Value": value });
            if wanted.id.kind == "auto-scaling-group" {
                tag["PropagateAtLaunch"] = json!(true);
            }
            tags.push(tag);
        }
        tags.sort_by_key(|tag| tag["Key"].to_string());
    }
    spec
}

/// Every VPC has a default security group, which belongs to the VPC's stack.
fn with_default_groups(mut resources: Vec<Wanted>) -> Vec<Wanted> {
    let group = |vpc: &Wanted| {
        let id = Id::new("default-security-group", &vpc.id.name);
        let vpc_id = format!("${{{}.id}}", vpc.id);
        let spec = json!({
            "VpcId": vpc_id, "SecurityGroupIngress": [], "SecurityGroupEgress": [],
        });
        Wanted { id, spec }
    };
    let vpcs = resources.iter().filter(|wanted| wanted.id.kind == "vpc");
    let groups: Vec<Wanted> = vpcs.map(group).collect();
    let missing = |group: &Wanted| resources.iter().all(|wanted| wanted.id != group.id);
    let missing: Vec<Wanted> = groups.into_iter().filter(missing).collect();
    resources.extend(missing);
    resources
}

pub fn graph(resources: &[Wanted], stack: &str) -> Graph<Id, Resource> {
    let resource = |wanted: &Wanted| {
        let spec = tagged(wanted, stack);
        let kind =
            kinds::registry().find(&wanted.id.kind).unwrap_or_else(|| panic!("{}", wanted.id));
        kind.check(&spec).unwrap_or_else(|error| panic!("{}: {error}", wanted.id));
        Resource { id: wanted.id.clone(), component: "test".into(), spec, pins: Vec::new() }
    };
    desired::graph(resources.iter().map(resource).collect(), kinds::registry()).expect("a graph")
}

/// Sets a property by pointer, and creates its parents; null removes it.
fn set(spec: &mut Value, pointer: &str, value: &Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    if !parent.is_empty() && spec.pointer(parent).is_none() {
        set(spec, parent, &json!({}));
    }
    match spec.pointer_mut(parent) {
        Some(Value::Object(fields)) if value.is_null() => drop(fields.remove(name)),
        Some(Value::Object(fields)) => drop(fields.insert(name.into(), value.clone())),
        Some(Value::Array(items)) => {
            items[name.parse::<usize>().expect("an index")] = value.clone()
        }
        other => panic!("{pointer} leads to {other:?}"),
    }
}

pub fn changed(fixture: &Fixture, change: &Change) -> Vec<Wanted> {
    let mut resources = fixture.resources.clone();
    let subject = resources.iter_mut().find(|wanted| wanted.id == fixture.subject);
    let subject = subject.expect("the subject is among the resources");
    change.set.iter().for_each(|(pointer, value)| set(&mut subject.spec, pointer, value));
    resources
}
