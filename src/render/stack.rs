//! Renders a live stack: its resources with their condition, or its outputs.
use super::doc::{Block, Document, Label, Line};
use super::plan::{Where, count, heading};
use crate::plan::Plan;
use crate::resource::{Condition, Id, Live, Observation, Outputs};
use std::collections::BTreeMap;

/// Every live resource with its AWS identifier and, unless it is ready, its condition.
pub fn show(at: Where, observation: &Observation) -> Document {
    let mut document = Document::default();
    document.push(Block::Heading(heading(at)));
    let found: Vec<&Live> = observation.values().flatten().collect();
    let mut groups: BTreeMap<(bool, &str), Vec<Vec<Line>>> = BTreeMap::new();
    for live in &found {
        let component = component(live);
        groups.entry((component != "network", component)).or_default().push(row(live));
    }
    for ((_, component), rows) in groups {
        document.push(Block::Group(component.into()));
        document.push(Block::Rows(rows));
    }
    document.text(Line::plain(format!("{}.", count(found.len(), "resource"))));
    document
}

/// The component of a resource; a resource without one is shown under its own name.
pub fn component(live: &Live) -> &str {
    live.component.as_deref().unwrap_or(&live.id.name)
}

fn row(live: &Live) -> Vec<Line> {
    let condition = match &live.condition {
        Condition::Ready => Line::default(),
        Condition::Converging(status) => Line::new(Label::Note, format!("converging: {status}")),
        Condition::Failed(status) => Line::new(Label::Error, format!("failed: {status}")),
    };
    let handle = Line::new(Label::Muted, live.handle.clone());
    vec![Line::plain(live.id.to_string()), handle, condition]
}

/// One output of one resource. Its name is that of a reference: `load-balancer.main.dns_name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output<'a> {
    pub component: &'a str,
    pub name: String,
    pub value: &'a str,
    /// The output is an address at which clients reach the stack.
    pub address: bool,
}

/// The addresses at which clients reach the stack after a run.
pub fn addresses(plan: &Plan, outputs: &BTreeMap<Id, Outputs>) -> Document {
    let mut rows = Vec::new();
    let desired = plan.changes.iter().filter(|change| change.desired.is_some());
    for change in desired.filter(|change| change.component != "network") {
        let known = outputs.get(&change.id).into_iter().flatten();
        rows.extend(known.filter(|(name, _)| is_address(name)).map(|(name, value)| {
            vec![Line::plain(format!("{}.{name}", change.id)), Line::new(Label::Good, value)]
        }));
    }
    Document(if rows.is_empty() { Vec::new() } else { vec![Block::Rows(rows)] })
}

/// All outputs by component. If several resources have one address, those of the first.
pub fn outputs(observation: &Observation) -> Vec<Output<'_>> {
    let mut all = Vec::new();
    for live in observation.values().filter_map(|found| found.first()) {
        let component = component(live);
        all.extend(live.outputs.iter().map(|(name, value)| Output {
            component,
            name: format!("{}.{name}", live.id),
            value,
            address: component != "network" && is_address(name),
        }));
    }
    all.sort_by_key(|output| {
        (output.component == "network", output.component, output.name.clone())
    });
    all
}

/// The names of outputs that are addresses.
const ADDRESSES: &[&str] = &["dns_name", "url", "domain_name", "invoke_url"];

fn is_address(output: &str) -> bool {
    ADDRESSES.contains(&output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Place;
    use serde_json::json;

    fn observation() -> Observation {
        let live = |kind: &str, name: &str, component: Option<&str>, handle: &str| Live {
            id: Id::new(kind, name),
            handle: handle.into(),
            component: component.map(str::to_string),
            spec: json!({}),
            outputs: Outputs::from([("dns_name".into(), format!("{name}.example"))]),
            condition: Condition::Ready,
        };
        let mut group = live("auto-scaling-group", "api", Some("services.api"), "shop-api");
        group.condition = Condition::Converging("instance refresh 40 %".into());
        let all = [
            live("vpc", "main", Some("network"), "vpc-0a1b"),
            live("subnet", "app-a", Some("network"), "subnet-0a1b2c"),
            group,
        ];
        all.into_iter().map(|live| (live.id.clone(), vec![live])).collect()
    }

    #[test]
    fn shows_resources_by_component() {
        let place =
            Place { account: "1".into(), region: "us-east-1".into(), target: "sandbox".into() };
        let at = Where { stack: "shop", place: &place };
        let text = super::super::text(&show(at, &observation()));
        let plain = anstream::adapter::strip_str(&text).to_string();
        let expected = "shop in us-east-1, account 1 (sandbox)\n\n\
                        network\n  subnet.app-a  subnet-0a1b2c\n  vpc.main      vpc-0a1b\n\n\
                        services.api\n  \
                        auto-scaling-group.api  shop-api  converging: instance refresh 40 %\n\n\
                        3 resources.\n";
        assert_eq!(plain, expected);
    }

    #[test]
    fn lists_outputs_of_the_network_last() {
        let observation = observation();
        let outputs = outputs(&observation);
        let names: Vec<(&str, bool)> =
            outputs.iter().map(|output| (output.name.as_str(), output.address)).collect();
        let expected = [
            ("auto-scaling-group.api.dns_name", true),
            ("subnet.app-a.dns_name", false),
            ("vpc.main.dns_name", false),
        ];
        assert_eq!(names, expected);
    }
}
