//! Windows of a cache, as ElastiCache writes them.
use crate::blueprint::language::decode::Value;
use crate::blueprint::window::{DayWindow, WeekWindow};

/// ElastiCache wants an hour at least.
const LEAST_MIN: u32 = 60;

pub const USUAL_DAILY: &str = "03:00-04:00";
pub const USUAL_WEEKLY: &str = "sun:05:00-sun:06:00";

/// `03:00-04:00`
pub fn daily(value: Value<'_>) -> Option<String> {
    match DayWindow::read(value.text()?, LEAST_MIN) {
        Some(window) => Some(window.to_string()),
        None => value.malformed("two times in UTC, an hour apart", "write it like `03:00-04:00`"),
    }
}

/// `sun 05:00-06:00`, which becomes `sun:05:00-sun:06:00`.
pub fn weekly(value: Value<'_>) -> Option<String> {
    match WeekWindow::read(value.text()?, LEAST_MIN) {
        Some(window) => Some(window.to_aws()),
        None => value.malformed(
            "a day and two times in UTC, an hour apart",
            "write it like `sun 05:00-06:00`",
        ),
    }
}
