//! Roles that services of AWS assume.
use crate::desired::build::{Build, Handle};
use crate::kinds::iam::role::{Policies, Role, path};
use crate::policy::Policy;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The limit of IAM for the name of a role.
pub const ROLE_NAME: usize = 64;

/// Adds a role that a service of AWS assumes, with a policy that AWS manages.
pub fn service_role(
    build: &mut Build,
    (component, name): (&str, &str),
    description: String,
    service: &str,
    policy: &str,
) -> Handle {
    let partition = &build.facts.partition;
    let role = Role {
        role_name: build.name(name, ROLE_NAME),
        path: path(&build.blueprint.stack),
        description,
        assume_role_policy_document: Policy::new(trust(service)),
        managed_policy_arns: [format!("arn:{partition}:iam::aws:policy/{policy}")].into(),
        policies: Policies(BTreeMap::new()),
        max_session_duration: 3600,
        permissions_boundary: None,
        tags: build.tags(component, name),
    };
    build.add(component, name, &role)
}

pub fn trust(service: &str) -> Value {
    let statement = json!({
        "Effect": "Allow",
        "Principal": { "Service": service },
        "Action": "sts:AssumeRole",
    });
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}
