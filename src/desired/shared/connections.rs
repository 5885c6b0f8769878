//! Facts of components, such as endpoints, as parameters in Parameter Store: for people and
//! programs to read, and for a service's instances when they boot.
use super::data_stores;
use crate::blueprint::service::connection::{Section, Target};
use crate::desired::build::{Build, Handle};
use crate::desired::queue;
use crate::kinds::elasticache::replication_group::ReplicationGroup;
use crate::kinds::s3::bucket::Bucket;
use crate::kinds::secretsmanager::secret::Secret;
use crate::kinds::ssm::parameter::Parameter;
use crate::spec::Spec;

/// The sections whose facts are not known before the resources exist.
const SECTIONS: [Section; 3] = [Section::Buckets, Section::Caches, Section::Queues];

/// The parameter that contains a fact.
pub fn parameter(of: &Target, fact: &str) -> Handle {
    Handle::of::<Parameter>(format!("{}-{}-{fact}", of.section.name(), of.name))
}

/// The name of that parameter in Parameter Store.
pub fn path(stack: &str, of: &Target, fact: &str) -> String {
    format!("/tenfold/{stack}/{}/{}/{fact}", of.section.name(), of.name)
}

/// Adds the parameters of the components that have been added so far.
pub fn expand(build: &mut Build) {
    for section in SECTIONS {
        let names: Vec<String> = build.blueprint.names(section.name()).map(Into::into).collect();
        for name in names {
            let target = Target { section, name };
            for fact in section.facts() {
                if let Some(value) = value(build, &target, fact) {
                    add(build, &target, fact, value);
                }
            }
        }
    }
}

/// The value of a fact, or a reference to it; none if the component has no such fact.
fn value(build: &Build, of: &Target, fact: &str) -> Option<String> {
    match (of.section, fact) {
        (Section::Buckets, _) => output::<Bucket>(build, of, fact),
        (Section::Caches, "secret_arn") => {
            let secret = data_stores::cache(&of.name);
            build.has::<Secret>(&secret).then(|| Handle::of::<Secret>(secret).output("arn"))
        }
        (Section::Caches, _) => output::<ReplicationGroup>(build, of, fact),
        (Section::Queues, _) => {
            let queue = build.blueprint.queues.get(&of.name)?;
            Some(queue::address(build, &of.name, queue).url)
        }
        (Section::Databases | Section::Secrets, _) => None,
    }
}

/// A reference to an output of the component's main resource, which has the component's name.
fn output<K: Spec>(build: &Build, of: &Target, fact: &str) -> Option<String> {
    let component = of.to_string();
    let mut added = build.all::<K>();
    let main = added.find(|one| one.name() == of.name && one.component() == component)?;
    Some(main.output(fact))
}

fn add(build: &mut Build, of: &Target, fact: &str, value: String) {
    let component = of.to_string();
    let own = parameter(of, fact).name;
    let spec = Parameter {
        name: path(&build.blueprint.stack, of, fact),
        type_name: "String".into(),
        value,
        description: format!("The {fact} of {component}"),
        tier: "Standard".into(),
        tags: build.tags(&component, &own),
    };
    build.add(&component, &own, &spec);
}
