//! The IAM role of a service's instances, and the instance profile with it.
use super::grants::Grants;
use crate::blueprint::Service;
use crate::blueprint::service::permission::{Effect, Permission};
use crate::desired::build::{Build, Handle};
use crate::desired::monitoring;
use crate::desired::shared::identity::{ROLE_NAME, trust};
use crate::kinds::iam::instance_profile::InstanceProfile;
use crate::kinds::iam::role::{Policies, Role, path};
use crate::policy::Policy;
use crate::reference::{escaped, literal};
use serde_json::{Value, json};

/// Allows Session Manager to connect to the instances, so that shell access needs no open port and
/// no key.
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-getting-started-instance-profile.html>
const SESSION_MANAGER: &str = "AmazonSSMManagedInstanceCore";

/// Adds the role of a service, and the instance profile that the launch template refers to.
pub fn expand(
    build: &mut Build,
    component: &str,
    name: &str,
    service: &Service,
    grants: &Grants,
) -> Handle {
    let stack_path = path(&build.blueprint.stack);
    let partition = &build.facts.partition;
    let session_manager = format!("arn:{partition}:iam::aws:policy/{SESSION_MANAGER}");
    let managed = service.managed_policies.iter().map(|arn| literal(arn));
    let role = Role {
        role_name: build.name(name, ROLE_NAME),
        path: stack_path.clone(),
        description: format!("Role of the instances of {component}"),
        assume_role_policy_document: Policy::new(trust("ec2.amazonaws.com")),
        managed_policy_arns: managed.chain([session_manager]).collect(),
        policies: inline(build, name, service, grants),
        max_session_duration: 3600,
        permissions_boundary: service.permissions_boundary.as_deref().map(literal),
        tags: build.tags(component, name),
    };
    let role = build.add(component, name, &role);
    let profile = InstanceProfile {
        instance_profile_name: build.name(name, ROLE_NAME),
        path: stack_path,
        roles: [role.output("name")].into(),
    };
    build.add(component, name, &profile)
}

/// An inline policy for each source of permissions: `permissions` of the blueprint, the components
/// that the service uses, and its logs.
fn inline(build: &Build, name: &str, service: &Service, grants: &Grants) -> Policies {
    let configured: Vec<Value> = service.permissions.iter().map(statement).collect();
    let logs = monitoring::permissions(build, name);
    let all = [("permissions", configured), ("uses", grants.statements.clone()), ("logs", logs)];
    let some = all.into_iter().filter(|(_, statements)| !statements.is_empty());
    let policy = |(reason, statements): (&str, Vec<Value>)| {
        let document = json!({ "Version": "2012-10-17", "Statement": statements });
        (reason.to_string(), Policy::new(document))
    };
    Policies(some.map(policy).collect())
}

fn statement(permission: &Permission) -> Value {
    let effect = match permission.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    let mut statement = json!({
        "Effect": effect,
        "Action": permission.actions,
        "Resource": permission.resources.iter().map(|arn| literal(arn)).collect::<Vec<_>>(),
    });
    if !permission.conditions.is_empty() {
        statement["Condition"] = escaped(&Value::Object(permission.conditions.clone()));
    }
    statement
}
