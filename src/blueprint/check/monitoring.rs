//! What is asked to be watched, and whether anything watches.

use super::Check;
use crate::blueprint::code;

impl Check<'_> {
    /// Without `monitoring` there are neither alarms nor metrics: what is said of them is idle.
    pub(super) fn monitoring(&self) {
        if self.is_written("monitoring") {
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

    fn unwatched(&self, path: &str, key: &str) {
        let summary = format!("`{key}` without `monitoring`");
        let report = self.warning(path, code::UNWATCHED, &summary, "makes no alarm");
        self.decoder.report(report.help("write `monitoring: {}` at the top level"));
    }
}
