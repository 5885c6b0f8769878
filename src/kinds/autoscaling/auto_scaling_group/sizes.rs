//! The sizes of a group inside and outside the windows of scheduled actions.
//!
//! A scheduled action writes its sizes into the group itself, so that AWS no longer tells what
//! the group's own are. They are kept in two tags of the group, written whenever tenfold writes
//! the sizes. A live size that is not the tag's but that of one of the group's scheduled actions
//! is a window at work: the tag's value is reported, and there is nothing to correct. Any other
//! is drift, and reported as it is. (Setting a size by hand to just what a schedule would set is
//! thus not seen; the schedule undoes it.)
//!
//! When the sizes change in the blueprint while a window is open, the larger of the window's and
//! the new one is written: nothing is taken from a window, and more is there at once.
use super::{AutoScalingGroup, GroupTags};

/// The tags that keep a group's own sizes; instances do not get them.
const MIN: &str = "tenfold:min";
const MAX: &str = "tenfold:max";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    pub min: i32,
    pub max: i32,
}

/// What a scheduled action sets, where it sets it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scheduled {
    pub min: Option<i32>,
    pub max: Option<i32>,
}

/// The sizes as the tags keep them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub min: Option<i32>,
    pub max: Option<i32>,
}

impl Kept {
    /// Takes the two tags out of a group's tags.
    pub fn take(tags: &mut GroupTags) -> Self {
        let mut take = |key| tags.remove(key).and_then(|tag| tag.value.parse().ok());
        Kept { min: take(MIN), max: take(MAX) }
    }

    /// Whether live sizes are none but the group's own, for all that is known.
    pub fn agrees(self, live: Sizes) -> bool {
        self.min.is_none_or(|min| min == live.min) && self.max.is_none_or(|max| max == live.max)
    }
}

/// A group's own sizes, window or not.
pub fn own(live: Sizes, kept: Kept, schedule: &[Scheduled]) -> Sizes {
    let one = |live, kept: Option<i32>, set: &dyn Fn(&Scheduled) -> Option<i32>| match kept {
        Some(kept) if schedule.iter().any(|action| set(action) == Some(live)) => kept,
        _ => live,
    };
    Sizes {
        min: one(live.min, kept.min, &|action| action.min),
        max: one(live.max, kept.max, &|action| action.max),
    }
}

/// What to write so that a group gets these sizes of its own.
pub fn written(wanted: Sizes, live: Sizes, kept: Kept, schedule: &[Scheduled]) -> Sizes {
    let own = own(live, kept, schedule);
    Sizes {
        min: if own.min == live.min { wanted.min } else { wanted.min.max(live.min) },
        max: if own.max == live.max { wanted.max } else { wanted.max.max(live.max) },
    }
}

impl AutoScalingGroup {
    pub fn sizes(&self) -> Sizes {
        Sizes { min: self.min_size, max: self.max_size }
    }

    /// The tags as they stand at the group: with those that keep its sizes.
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

    const OWN: Kept = Kept { min: Some(6), max: Some(36) };

    fn window() -> [Scheduled; 2] {
        let open = Scheduled { min: Some(18), max: None };
        [open, Scheduled { min: Some(6), max: None }]
    }

    #[test]
    fn a_window_is_not_drift() {
        let during = Sizes { min: 18, max: 36 };
        assert_eq!(own(during, OWN, &window()), Sizes { min: 6, max: 36 });
        assert!(!OWN.agrees(during));
    }

    #[test]
    fn any_other_size_is_drift() {
        let by_hand = Sizes { min: 7, max: 40 };
        assert_eq!(own(by_hand, OWN, &window()), by_hand);
        assert_eq!(own(by_hand, Kept::default(), &window()), by_hand);
        assert!(Kept::default().agrees(by_hand));
    }

    #[test]
    fn nothing_is_taken_from_an_open_window() {
        let during = Sizes { min: 18, max: 36 };
        let wanted = Sizes { min: 8, max: 30 };
        let expected = Sizes { min: 18, max: 30 };
        assert_eq!(written(wanted, during, OWN, &window()), expected);
        let outside = Sizes { min: 6, max: 36 };
        assert_eq!(written(wanted, outside, OWN, &window()), wanted);
    }

    #[test]
    fn more_than_an_open_window_gives_is_there_at_once() {
        let night = [Scheduled { min: Some(1), max: Some(2) }];
        let during = Sizes { min: 1, max: 2 };
        let wanted = Sizes { min: 8, max: 40 };
        assert_eq!(written(wanted, during, OWN, &night), wanted);
    }
}
