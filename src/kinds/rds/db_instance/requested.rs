//! The storage and version that were requested of an instance. RDS goes beyond them by itself: it adds
//! storage when the volume fills up, and installs newer minor versions.
//!
//! Tags of the instance store what was requested, written whenever tenfold sets it. As long as the
//! instance has at least that storage, and a version that begins with the requested one, the listing
//! reports what was requested, so there is no difference to correct. Anything else is drift, and
//! reported as it is. A third tag stores which key was requested: without one RDS uses the account's
//! default key, and returns it like any other; a key never changes.
use super::DbInstance;
use crate::tags::Tags;

const STORAGE: &str = "tenfold:storage";
const VERSION: &str = "tenfold:version";
const KEY: &str = "tenfold:key";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requested {
    pub storage: Option<i32>,
    pub version: Option<String>,
    pub key: Option<String>,
}

impl Requested {
    /// Takes the tags out of an instance's tags.
    pub fn take(tags: &mut Tags) -> Self {
        let requested = Requested {
            storage: tags.get(STORAGE).and_then(|text| text.parse().ok()),
            version: tags.get(VERSION).map(str::to_string),
            key: tags.get(KEY).map(str::to_string),
        };
        [STORAGE, VERSION, KEY].iter().for_each(|key| tags.remove(key));
        requested
    }

    /// The storage to report, in GiB.
    pub fn storage(&self, live: i32) -> i32 {
        self.storage.filter(|requested| live >= *requested).unwrap_or(live)
    }

    /// The key to report: `None` if none was requested.
    pub fn key(&self, live: Option<&String>) -> Option<String> {
        self.key.as_ref().and(live).cloned()
    }

    /// The version to report.
    pub fn version(&self, live: &str) -> String {
        let requested = self.version.as_deref().filter(|version| satisfies(live, version));
        requested.unwrap_or(live).to_string()
    }
}

impl DbInstance {
    /// The tags of the instance in RDS: with those that store what was requested.
    pub(super) fn tags_with_requested(&self) -> Tags {
        let mut tags = self.tags.clone();
        tags.set(STORAGE, &self.allocated_storage.to_string());
        if let Some(version) = &self.engine_version {
            tags.set(VERSION, version);
        }
        if let Some(key) = &self.kms_key_id {
            tags.set(KEY, key);
        }
        tags
    }
}

/// Whether a version is the requested one, or one of its minor versions: `17.4` satisfies `17`.
pub fn satisfies(version: &str, requested: &str) -> bool {
    version.strip_prefix(requested).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requested(storage: &str, version: &str) -> Requested {
        let mut tags: Tags =
            [(STORAGE, storage), (VERSION, version), ("a", "b")].into_iter().collect();
        let requested = Requested::take(&mut tags);
        assert_eq!(tags.iter().count(), 1);
        requested
    }

    #[test]
    fn reports_requested_values_when_rds_exceeds_them() {
        let requested = requested("400", "17");
        assert_eq!((requested.storage(400), requested.storage(480)), (400, 400));
        assert_eq!(
            (requested.version("17.4"), requested.version("17")),
            ("17".into(), "17".into())
        );
    }

    #[test]
    fn reports_live_values_that_do_not_satisfy_the_request() {
        let requested = requested("400", "17");
        assert_eq!(requested.storage(200), 200);
        assert_eq!(
            (requested.version("16.9"), requested.version("170")),
            ("16.9".into(), "170".into())
        );
        let nothing = Requested::default();
        assert_eq!((nothing.storage(480), nothing.version("17.4")), (480, "17.4".into()));
    }
}
