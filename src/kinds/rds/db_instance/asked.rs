//! What was asked of an instance where AWS goes further by itself: it adds storage when that fills
//! up, and installs newer minor versions.
//!
//! What was asked for is kept in tags of the instance, written whenever tenfold sets it. So long
//! as the instance has at least that storage, and a version that begins as that one does, what was
//! asked for is reported, and there is nothing to correct. Anything else is drift, and reported as
//! it is. A third tag keeps which key was asked for: without one RDS takes the account's own, and
//! tells that like any other; a key never changes.
use super::DbInstance;
use crate::tags::Tags;

const STORAGE: &str = "tenfold:storage";
const VERSION: &str = "tenfold:version";
const KEY: &str = "tenfold:key";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub storage: Option<i32>,
    pub version: Option<String>,
    pub key: Option<String>,
}

impl Asked {
    /// Takes the tags out of an instance's tags.
    pub fn take(tags: &mut Tags) -> Self {
        let asked = Asked {
            storage: tags.get(STORAGE).and_then(|text| text.parse().ok()),
            version: tags.get(VERSION).map(str::to_string),
            key: tags.get(KEY).map(str::to_string),
        };
        [STORAGE, VERSION, KEY].iter().for_each(|key| tags.remove(key));
        asked
    }

    /// GiB to report.
    pub fn storage(&self, live: i32) -> i32 {
        self.storage.filter(|asked| live >= *asked).unwrap_or(live)
    }

    /// The key to report: none if none was asked for.
    pub fn key(&self, live: Option<&String>) -> Option<String> {
        self.key.as_ref().and(live).cloned()
    }

    /// The version to report.
    pub fn version(&self, live: &str) -> String {
        let asked = self.version.as_deref().filter(|asked| satisfies(live, asked));
        asked.unwrap_or(live).to_string()
    }
}

impl DbInstance {
    /// The tags as they stand at the instance: with those that keep what was asked for.
    pub(super) fn tags_with_asked(&self) -> Tags {
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

/// Whether a version is the one that was asked for, or one of its minor versions: `17.4` is `17`.
pub fn satisfies(version: &str, asked: &str) -> bool {
    version.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A version to be compared with another.
pub fn numbers(version: &str) -> Vec<u32> {
    version.split('.').filter_map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(storage: &str, version: &str) -> Asked {
        let mut tags: Tags =
            [(STORAGE, storage), (VERSION, version), ("a", "b")].into_iter().collect();
        let asked = Asked::take(&mut tags);
        assert_eq!(tags.iter().count(), 1);
        asked
    }

    #[test]
    fn what_rds_adds_by_itself_is_no_difference() {
        let asked = asked("400", "17");
        assert_eq!((asked.storage(400), asked.storage(480)), (400, 400));
        assert_eq!((asked.version("17.4"), asked.version("17")), ("17".into(), "17".into()));
    }

    #[test]
    fn anything_else_is_reported_as_it_is() {
        let asked = asked("400", "17");
        assert_eq!(asked.storage(200), 200);
        assert_eq!((asked.version("16.9"), asked.version("170")), ("16.9".into(), "170".into()));
        let nothing = Asked::default();
        assert_eq!((nothing.storage(480), nothing.version("17.4")), (480, "17.4".into()));
    }
}
