//! The sizes of a group inside and outside the windows of scheduled actions.
//!
//! A scheduled action writes its sizes into the group itself, so that AWS no longer returns the
//! group's own sizes. Two tags of the group store those; tenfold writes the tags whenever it writes
//! the sizes. If a live size is not the tag's but that of one of the group's scheduled actions, a
//! window is open: the listing reports the tag's value, so there is nothing to correct. Any other
//! size is drift, and the listing reports it as it is. (A size set by hand to the size of a
//! scheduled action is therefore not detected; the schedule undoes it.)
//!
//! When the sizes change in the blueprint while a window is open, tenfold writes the larger of the
//! window's size and the new one: a window loses no capacity, and a larger size takes effect at
//! once.
use super::{AutoScalingGroup, GroupTags};

/// The tags that store a group's own sizes. Instances do not receive them.
const MIN: &str = "tenfold:min";
const MAX: &str = "tenfold:max";

/// The smallest and the largest number of instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    pub min: i32,
    pub max: i32,
}

/// The sizes that a scheduled action sets; `None` for a size that it leaves as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scheduled {
    pub min: Option<i32>,
    pub max: Option<i32>,
}

/// The sizes that the tags store; `None` without such a tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    pub min: Option<i32>,
    pub max: Option<i32>,
}

impl Stored {
    /// Takes the two tags out of a group's tags.
    pub fn take(tags: &mut GroupTags) -> Self {
        let mut take = |key| tags.remove(key).and_then(|tag| tag.value.parse().ok());
        Stored { min: take(MIN), max: take(MAX) }
    }

    /// Whether no stored size differs from the live one.
    pub fn agrees(self, live: Sizes) -> bool {
        self.min.is_none_or(|min| min == live.min) && self.max.is_none_or(|max| max == live.max)
    }
}

/// A group's own sizes, whether or not a window is open.
pub fn own(live: Sizes, stored: Stored, schedule: &[Scheduled]) -> Sizes {
    let one = |live, stored: Option<i32>, set: &dyn Fn(&Scheduled) -> Option<i32>| match stored {
        Some(stored) if schedule.iter().any(|action| set(action) == Some(live)) => stored,
        _ => live,
    };
    Sizes {
        min: one(live.min, stored.min, &|action| action.min),
        max: one(live.max, stored.max, &|action| action.max),
    }
}

/// The sizes to write into the group so that its own sizes become `wanted`.
pub fn to_write(wanted: Sizes, live: Sizes, stored: Stored, schedule: &[Scheduled]) -> Sizes {
    let own = own(live, stored, schedule);
    Sizes {
        min: if own.min == live.min { wanted.min } else { wanted.min.max(live.min) },
        max: if own.max == live.max { wanted.max } else { wanted.max.max(live.max) },
    }
}

impl AutoScalingGroup {
    pub fn sizes(&self) -> Sizes {
        Sizes { min: self.min_size, max: self.max_size }
    }

    /// The tags as the group has them on AWS, with those that store its sizes.
    pub fn tags_with_sizes(&self) -> GroupTags {
        let mut tags = self.tags.clone();
        tags.set(MIN, self.min_size.to_string(), false);
        tags.set(MAX, self.max_size.to_string(), false);
        tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: Stored = Stored { min: Some(6), max: Some(36) };

    fn window() -> [Scheduled; 2] {
        let open = Scheduled { min: Some(18), max: None };
        [open, Scheduled { min: Some(6), max: None }]
    }

    #[test]
    fn reports_own_sizes_during_a_window() {
        let during = Sizes { min: 18, max: 36 };
        assert_eq!(own(during, OWN, &window()), Sizes { min: 6, max: 36 });
        assert!(!OWN.agrees(during));
    }

    #[test]
    fn reports_any_other_size_as_drift() {
        let by_hand = Sizes { min: 7, max: 40 };
        assert_eq!(own(by_hand, OWN, &window()), by_hand);
        assert_eq!(own(by_hand, Stored::default(), &window()), by_hand);
        assert!(Stored::default().agrees(by_hand));
    }

    #[test]
    fn an_open_window_loses_no_capacity() {
        let during = Sizes { min: 18, max: 36 };
        let wanted = Sizes { min: 8, max: 30 };
        let expected = Sizes { min: 18, max: 30 };
        assert_eq!(to_write(wanted, during, OWN, &window()), expected);
        let outside = Sizes { min: 6, max: 36 };
        assert_eq!(to_write(wanted, outside, OWN, &window()), wanted);
    }

    #[test]
    fn a_larger_size_takes_effect_during_a_window() {
        let night = [Scheduled { min: Some(1), max: Some(2) }];
        let during = Sizes { min: 1, max: 2 };
        let wanted = Sizes { min: 8, max: 40 };
        assert_eq!(to_write(wanted, during, OWN, &night), wanted);
    }
}
