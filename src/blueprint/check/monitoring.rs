//! Checks of alarm settings: something must create the alarms.

use super::Check;
use crate::blueprint::language::code;
use crate::blueprint::monitoring::alarm_rules::{Unit, rules};
use crate::blueprint::monitoring::alarms::AlarmChange;
use crate::facts::EDGE_REGION;

impl Check<'_> {
    /// Without `monitoring` there are no alarms or metrics, so that settings of them have no effect.
    pub(super) fn monitoring(&self) {
        if self.is_written("monitoring") {
            self.edge_is_unwatched();
            return;
        }
        let Some(sections) = self.document.map() else { return };
        for (section, written) in sections {
            for (name, component) in written.value.map().into_iter().flatten() {
                for key in ["alarms", "metrics"] {
                    if component.value.get(key).is_some() {
                        self.unwatched(&format!("{section}.{name}.{key}"), key);
                    }
                }
            }
        }
    }

    /// CloudFront's metrics are in its own region, and an alarm must be in the region of its metric.
    fn edge_is_unwatched(&self) {
        let region = self.blueprint.region.as_str();
        if [EDGE_REGION, ""].contains(&region) {
            return;
        }
        for (name, cdn) in &self.blueprint.cdn {
            let off = |(rule, _): &(&str, Unit)| cdn.alarms.get(*rule) == Some(&AlarmChange::Off);
            if rules("cdn").iter().all(off) {
                continue;
            }
            let summary = format!("`cdn.{name}` has no alarms");
            let label =
                format!("its metrics are in {EDGE_REGION}, but the stack's alarms are in {region}");
            let path = format!("cdn.{name}");
            let report = self.warning(&path, code::CDN_WITHOUT_ALARMS, &summary, &label);
            let help = rules("cdn").iter().map(|(rule, _)| format!("{rule}: false"));
            let help = help.collect::<Vec<_>>().join(", ");
            self.report(report.help(format!(
                "its origins have alarms; to confirm that these suffice, add `alarms: {{ {help} }}`"
            )));
        }
    }

    fn unwatched(&self, path: &str, key: &str) {
        let summary = format!("`{key}` is set without `monitoring`");
        let report = self.warning(path, code::WITHOUT_MONITORING, &summary, "has no effect");
        self.report(report.help("add `monitoring: {}` at the top level"));
    }
}
