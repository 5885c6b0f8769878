//! `monitoring`: looks at everything that the other sections have made, and makes alarms, counts,
//! a dashboard and saved queries of it. It knows those by their kinds and specs alone.
mod alarms;
mod balancers;
mod caches;
mod dashboard;
mod databases;
mod doors;
mod find;
mod logs;
mod notify;
mod queries;
mod queues;
mod rule;
mod services;
#[cfg(test)]
mod tests;
mod widget;

pub use logs::{environment, permissions};

use super::build::Build;
use rule::Signal;

/// Comes last: what is made after it is not watched.
pub fn expand(build: &mut Build) {
    let Some(wanted) = build.blueprint.monitoring.as_ref() else { return };
    let notify = notify::expand(build, wanted);
    let mut signals: Vec<Signal> = balancers::signals(build, wanted);
    signals.extend(services::signals(build));
    signals.extend(caches::signals(build));
    signals.extend(databases::signals(build));
    signals.extend(queues::signals(build));
    signals.extend(doors::signals(build));
    signals.extend(logs::expand(build));
    let pages = alarms::expand(build, signals, &notify);
    alarms::user_impact(build, &pages, &notify);
    queries::expand(build, wanted);
    if wanted.dashboard {
        dashboard::expand(build);
    }
}
