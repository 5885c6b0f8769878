//! Maintenance and snapshot windows of a cache, in ElastiCache's format.
use crate::blueprint::language::decode::Value;
use crate::blueprint::window::{DayWindow, WeekWindow};

/// ElastiCache's minimum length of a window, in minutes.
const MIN_LENGTH_MIN: u32 = 60;

pub const DEFAULT_DAILY: &str = "03:00-04:00";
pub const DEFAULT_WEEKLY: &str = "sun:05:00-sun:06:00";

/// `03:00-04:00`
pub fn daily(value: Value<'_>) -> Option<String> {
    match DayWindow::read(value.text()?, MIN_LENGTH_MIN) {
        Some(window) => Some(window.to_string()),
        None => value
            .malformed("two times in UTC, at least an hour apart", "write it like `03:00-04:00`"),
    }
}

/// `sun 05:00-06:00`, which becomes `sun:05:00-sun:06:00`.
pub fn weekly(value: Value<'_>) -> Option<String> {
    match WeekWindow::read(value.text()?, MIN_LENGTH_MIN) {
        Some(window) => Some(window.to_aws()),
        None => value.malformed(
            "a day and two times in UTC, at least an hour apart",
            "write it like `sun 05:00-06:00`",
        ),
    }
}
