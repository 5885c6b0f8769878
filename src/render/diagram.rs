//! Renders a graph in the formats of drawing tools, and as JSON.
use crate::graph::Graph;
use crate::resource::{Id, Resource};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A Mermaid flowchart, which GitHub draws in Markdown.
pub fn mermaid(graph: &Graph<Id, Resource>) -> String {
    let mut text = String::from("flowchart LR\n");
    for (component, ids) in by_component(graph) {
        let _ = writeln!(text, "  subgraph {}[\"{component}\"]", identifier(component));
        for id in ids {
            let _ = writeln!(text, "    {}[\"{id}\"]", identifier(&id.to_string()));
        }
        text.push_str("  end\n");
    }
    for (id, need) in edges(graph) {
        let (from, to) = (identifier(&id.to_string()), identifier(&need.to_string()));
        let _ = writeln!(text, "  {from} --> {to}");
    }
    text
}

/// A Graphviz digraph in the DOT language.
pub fn dot(graph: &Graph<Id, Resource>) -> String {
    let mut text = String::from("digraph {\n  rankdir = LR;\n  node [shape = box];\n");
    for (component, ids) in by_component(graph) {
        let _ = writeln!(text, "  subgraph \"cluster_{component}\" {{");
        let _ = writeln!(text, "    label = \"{component}\";");
        for id in ids {
            let _ = writeln!(text, "    \"{id}\";");
        }
        text.push_str("  }\n");
    }
    for (id, need) in edges(graph) {
        let _ = writeln!(text, "  \"{id}\" -> \"{need}\";");
    }
    text.push_str("}\n");
    text
}

/// The nodes and edges as JSON.
pub fn json(graph: &Graph<Id, Resource>) -> Value {
    let node =
        |(id, resource): (&Id, &Resource)| json!({ "id": id, "component": resource.component });
    let edge = |(from, to)| json!({ "from": from, "to": to });
    let nodes: Vec<Value> = graph.iter().map(node).collect();
    json!({ "nodes": nodes, "edges": edges(graph).map(edge).collect::<Vec<_>>() })
}

fn by_component(graph: &Graph<Id, Resource>) -> BTreeMap<&str, Vec<&Id>> {
    let mut groups: BTreeMap<&str, Vec<&Id>> = BTreeMap::new();
    for (id, resource) in graph.iter() {
        groups.entry(&resource.component).or_default().push(id);
    }
    groups
}

/// Pairs of a resource and one it depends on.
fn edges(graph: &Graph<Id, Resource>) -> impl Iterator<Item = (&Id, &Id)> {
    graph.iter().flat_map(|(id, _)| graph.needs(id).map(move |need| (id, need)))
}

/// A Mermaid identifier: letters, digits and underscores. Hyphens and dots become different
/// sequences, so that two addresses never get the same identifier.
fn identifier(text: &str) -> String {
    text.replace('_', "___").replace('.', "__").replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph() -> Graph<Id, Resource> {
        let resource = |id: &Id, component: &str| Resource {
            id: id.clone(),
            component: component.into(),
            spec: json!({}),
            pins: Vec::new(),
        };
        let (vpc, group) = (Id::new("vpc", "main"), Id::new("target-group", "api"));
        let mut graph = Graph::default();
        graph.add(vpc.clone(), resource(&vpc, "network"));
        graph.add(group.clone(), resource(&group, "services.api"));
        graph.connect(&group, &vpc);
        graph
    }

    #[test]
    fn mermaid_groups_resources_by_component() {
        let expected = "flowchart LR\n  \
                        subgraph network[\"network\"]\n    vpc__main[\"vpc.main\"]\n  end\n  \
                        subgraph services__api[\"services.api\"]\n    \
                        target_group__api[\"target-group.api\"]\n  end\n  \
                        target_group__api --> vpc__main\n";
        assert_eq!(mermaid(&graph()), expected);
    }

    #[test]
    fn json_contains_nodes_and_edges() {
        let expected = json!({
            "nodes": [
                { "id": "target-group.api", "component": "services.api" },
                { "id": "vpc.main", "component": "network" },
            ],
            "edges": [{ "from": "target-group.api", "to": "vpc.main" }],
        });
        assert_eq!(json(&graph()), expected);
    }

    #[test]
    fn dot_groups_resources_and_draws_edges() {
        let dot = dot(&graph());
        assert!(dot.contains("subgraph \"cluster_services.api\" {"));
        assert!(dot.ends_with("  \"target-group.api\" -> \"vpc.main\";\n}\n"));
    }
}
