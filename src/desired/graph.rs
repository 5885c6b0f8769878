//! The dependency graph of the desired resources.
use crate::graph::Graph;
use crate::reference;
use crate::resource::{Id, Resource};
use crate::spec::Registry;
use std::fmt;

/// Why resources do not form a graph: an error in an override, or in tenfold.
#[derive(Debug, PartialEq, Eq)]
pub enum GraphError {
    /// Two components define one resource.
    Twice(Id, [String; 2]),
    /// A reference to a resource that the blueprint does not define.
    Unknown {
        from: Id,
        to: Id,
    },
    Cycle(Vec<Id>),
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            GraphError::Twice(id, [one, other]) => {
                write!(f, "{one} and {other} both define {id}: rename one of them")
            }
            GraphError::Unknown { from, to } => {
                write!(f, "{from} refers to {to}, which the blueprint does not define")
            }
            GraphError::Cycle(ids) => {
                let names: Vec<String> = ids.iter().map(Id::to_string).collect();
                write!(
                    f,
                    "these resources depend on each other, so none can be created first: {}",
                    names.join(", ")
                )
            }
        }
    }
}

impl std::error::Error for GraphError {}

/// Builds the graph. Edges follow from references and from the kinds that a kind depends on.
pub fn graph(resources: Vec<Resource>, kinds: Registry) -> Result<Graph<Id, Resource>, GraphError> {
    let mut graph = Graph::default();
    for resource in &resources {
        if let Some(other) = graph.add(resource.id.clone(), resource.clone()) {
            let components = [other.component, resource.component.clone()];
            return Err(GraphError::Twice(resource.id.clone(), components));
        }
    }
    for resource in &resources {
        for reference in reference::within(&resource.spec) {
            if graph.get(&reference.id).is_none() {
                return Err(GraphError::Unknown { from: resource.id.clone(), to: reference.id });
            }
            graph.connect(&resource.id, &reference.id);
        }
        let after = kinds.get(&resource.id.kind).info().depends_on_kinds;
        for other in resources.iter().filter(|other| after.contains(&other.id.kind.as_str())) {
            graph.connect(&resource.id, &other.id);
        }
    }
    graph.order().map_err(GraphError::Cycle)?;
    Ok(graph)
}
