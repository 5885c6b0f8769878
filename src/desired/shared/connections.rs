//! What components tell those that use them: each fact as a parameter, which is there to be read
//! by people and programs, and by a service's instances when they boot.
use crate::desired::build::{Build, Handle};
use crate::desired::queue;
use crate::kinds::ssm::parameter::Parameter;
use crate::reference;

/// By section: the kind that knows, and its outputs. A component's main resource bears its name.
const FACTS: &[(&str, &str, &[&str])] = &[
    ("buckets", "bucket", &["name"]),
    ("caches", "replication-group", &["endpoint", "port"]),
    ("queues", "queue", &["url"]),
];

/// The parameter that holds a fact.
pub fn parameter(section: &str, name: &str, fact: &str) -> Handle {
    Handle { kind: "parameter", name: format!("{section}-{name}-{fact}") }
}

pub fn path(stack: &str, section: &str, name: &str, fact: &str) -> String {
    format!("/tenfold/{stack}/{section}/{name}/{fact}")
}

/// Adds the parameters of everything that has been added so far.
pub fn expand(build: &mut Build) {
    let mut told = Vec::new();
    for (section, kind, facts) in FACTS {
        let of_section = |component: &str| component.split('.').next() == Some(section);
        let main = |resource: &&crate::resource::Resource| {
            resource.id.kind == *kind
                && of_section(&resource.component)
                && resource.component.ends_with(&format!(".{}", resource.id.name))
        };
        for resource in build.resources.iter().filter(main) {
            let name = &resource.id.name;
            for fact in *facts {
                told.push((*section, name.clone(), *fact, reference::to(kind, name, fact)));
            }
        }
        let caches = build.blueprint.names(section).filter(|_| *section == "caches");
        let secret = |name: &&str| build.has("secret", &format!("cache-{name}"));
        told.extend(caches.filter(secret).map(|name| {
            let arn = reference::to("secret", &format!("cache-{name}"), "arn");
            (*section, name.to_string(), "secret_arn", arn)
        }));
    }
    for (name, queue) in &build.blueprint.queues {
        if queue.existing.is_some() {
            let reach = queue::reach(build, name, queue);
            told.push(("queues", name.clone(), "url", reach.url));
        }
    }
    for (section, name, fact, value) in told {
        add(build, section, &name, fact, value);
    }
}

fn add(build: &mut Build, section: &str, name: &str, fact: &str, value: String) {
    let component = format!("{section}.{name}");
    let own = parameter(section, name, fact).name;
    let spec = Parameter {
        name: path(&build.blueprint.stack, section, name, fact),
        type_name: "String".into(),
        value,
        description: format!("The {fact} of {component}"),
        tier: "Standard".into(),
        tags: build.tags(&component, &own),
    };
    build.add(&component, &own, &spec);
}
