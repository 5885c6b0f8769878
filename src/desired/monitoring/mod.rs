//! `monitoring`: alarms, log metrics, a dashboard and saved queries for the resources of all other
//! sections. It reads only their typed specs.
mod alarms;
mod cache;
mod dashboard;
mod database;
mod entry_points;
mod load_balancer;
mod logs;
mod notifications;
mod queries;
mod queue;
mod rule;
mod service;
#[cfg(test)]
mod tests;
mod widget;

pub use logs::{environment, permissions};

use super::build::Build;
use rule::Signal;

/// Runs after all other sections: resources that are added later have no alarms.
pub fn expand(build: &mut Build) {
    let Some(wanted) = build.blueprint.monitoring.as_ref() else { return };
    let notify = notifications::expand(build, wanted);
    let mut signals: Vec<Signal> = load_balancer::signals(build, wanted);
    signals.extend(service::signals(build));
    signals.extend(cache::signals(build));
    signals.extend(database::signals(build));
    signals.extend(queue::signals(build));
    signals.extend(entry_points::signals(build));
    signals.extend(logs::expand(build));
    let pages = alarms::expand(build, signals, &notify);
    alarms::user_impact(build, &pages, &notify);
    queries::expand(build, wanted);
    if wanted.dashboard {
        dashboard::expand(build);
    }
}
