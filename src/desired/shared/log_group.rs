//! Log groups of all components.
use crate::desired::build::{Build, Handle};
use crate::kinds::logs::log_group::LogGroup;

/// The name of a group in CloudWatch Logs, for groups whose name no service of AWS prescribes.
pub fn name(build: &Build, own: &str) -> String {
    format!("/tenfold/{}/{own}", build.blueprint.stack)
}

/// Adds a component's log group with the resource name `own` and, in CloudWatch Logs, the name
/// `name`.
pub fn add(build: &mut Build, of: (&str, &str), name: String, retention_in_days: i32) -> Handle {
    add_in(build, of, name, retention_in_days, None)
}

/// As [`add`], in another region if one is given.
pub fn add_in(
    build: &mut Build,
    (component, own): (&str, &str),
    name: String,
    retention_in_days: i32,
    region: Option<&str>,
) -> Handle {
    let tags = build.tags(component, own);
    let region = region.map(str::to_string);
    let spec = LogGroup { log_group_name: name, retention_in_days, kms_key_id: None, region, tags };
    build.add(component, own, &spec)
}
