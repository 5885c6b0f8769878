//! Log groups, whatever writes to them.
use crate::desired::build::{Build, Handle};
use crate::kinds::logs::log_group::LogGroup;

/// What CloudWatch Logs calls a group, where no service prescribes its name.
pub fn name(build: &Build, own: &str) -> String {
    format!("/tenfold/{}/{own}", build.blueprint.stack)
}

/// Adds a component's log group `own`, known to CloudWatch Logs as `name`.
pub fn add(build: &mut Build, of: (&str, &str), name: String, retention_in_days: i32) -> Handle {
    add_in(build, of, name, retention_in_days, None)
}

/// The same in another region than the stack's.
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
