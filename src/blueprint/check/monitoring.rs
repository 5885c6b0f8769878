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
            let components = written.value.map().into_iter().flatten().map(|(name, _)| name);
            for name in components {
                for key in ["alarms", "metrics"] {
                    let path = format!("{section}.{name}.{key}");
                    if self.is_written(&path) {
                        let summary = format!("`{key}` without `monitoring`");
                        let report =
                            self.warning(&path, code::UNWATCHED, &summary, "makes no alarm");
                        self.decoder.report(report.help("write `monitoring: {}` at the top level"));
                    }
                }
            }
        }
    }
}
