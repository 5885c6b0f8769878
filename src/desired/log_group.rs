//! Log groups, whatever writes to them.
use super::build::{Build, Handle};
use crate::kinds::log_group::LogGroup;

/// What CloudWatch Logs calls a group, where no service prescribes its name.
pub fn name(build: &Build, own: &str) -> String {
    format!("/tenfold/{}/{own}", build.blueprint.stack)
}

/// Adds a component's log group `own`, known to CloudWatch Logs as `name`.
pub fn add(
    build: &mut Build,
    (component, own): (&str, &str),
    name: String,
    retention_in_days: i32,
) -> Handle {
    let tags = build.tags(component, own);
    let spec = LogGroup { log_group_name: name, retention_in_days, kms_key_id: None, tags };
    build.add(component, own, &spec)
}
