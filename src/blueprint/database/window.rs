//! `maintenance` and `backups.window` of a database: windows in UTC in which shards take turns.

use serde::{Serialize, Serializer};
use std::fmt;

use super::super::decode::Value;

const DAY_MIN: u32 = 24 * 60;
/// The least that RDS grants, and what a shard gets.
const TURN_MIN: u32 = 30;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Between two times of a day, perhaps past midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayWindow {
    /// Minutes after midnight.
    pub start_min: u32,
    pub length_min: u32,
}

/// Once a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekWindow {
    /// The day on which it starts; 0 is Monday.
    pub day: usize,
    pub times: DayWindow,
}

impl WeekWindow {
    /// Early on Sunday.
    pub const DEFAULT: WeekWindow =
        WeekWindow { day: 6, times: DayWindow { start_min: 120, length_min: 240 } };

    /// The turn of the shard of some number: the same however many others there are. Two shards
    /// share one only when there are more shards than half hours.
    pub fn turn(self, number: u32) -> String {
        let (start, end) = self.times.turn_min(number);
        format!("{}-{}", self.moment(start), self.moment(end))
    }

    /// As RDS writes it, `sun:02:00`.
    fn moment(self, minutes: u32) -> String {
        let past_midnight = usize::from(minutes >= DAY_MIN);
        let day = DAYS[(self.day + past_midnight) % DAYS.len()];
        format!("{day}:{}", clock(minutes))
    }
}

impl DayWindow {
    /// The turn of the shard of some number, as RDS writes it: `02:00-02:30`.
    pub fn turn(self, number: u32) -> String {
        let (start, end) = self.turn_min(number);
        format!("{}-{}", clock(start), clock(end))
    }

    fn turn_min(self, number: u32) -> (u32, u32) {
        let turns = (self.length_min / TURN_MIN).max(1);
        let start = self.start_min + number % turns * TURN_MIN;
        (start, start + TURN_MIN)
    }

    /// A window that ends as this one starts.
    pub fn before(self, length_min: u32) -> DayWindow {
        DayWindow { start_min: (self.start_min + DAY_MIN - length_min) % DAY_MIN, length_min }
    }

    /// Whether the two have a time of day in common.
    pub fn overlaps(self, other: DayWindow) -> bool {
        let after = |from: u32, to: u32| (to + DAY_MIN - from) % DAY_MIN;
        after(self.start_min, other.start_min) < self.length_min
            || after(other.start_min, self.start_min) < other.length_min
    }
}

fn clock(minutes: u32) -> String {
    let minutes = minutes % DAY_MIN;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

impl fmt::Display for DayWindow {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let end = self.start_min + self.length_min;
        write!(f, "{}-{}", clock(self.start_min), clock(end))
    }
}

impl fmt::Display for WeekWindow {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", DAYS[self.day], self.times)
    }
}

impl Serialize for DayWindow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for WeekWindow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// `sun 02:00-06:00`
pub(super) fn week(value: Value<'_>) -> Option<WeekWindow> {
    let text = value.text()?;
    match read_week(text) {
        Some(window) => Some(window),
        None => value.malformed(
            "a day and two times in UTC, half an hour apart or more",
            "write it like `sun 02:00-06:00`",
        ),
    }
}

/// `03:00-04:00`
pub(super) fn day(value: Value<'_>) -> Option<DayWindow> {
    match read_day(value.text()?) {
        Some(window) => Some(window),
        None => value.malformed(
            "two times in UTC, half an hour apart or more",
            "write it like `00:00-02:00`",
        ),
    }
}

fn read_week(text: &str) -> Option<WeekWindow> {
    let (day, times) = text.split_once(' ')?;
    let day = DAYS.iter().position(|known| *known == day)?;
    Some(WeekWindow { day, times: read_day(times)? })
}

fn read_day(text: &str) -> Option<DayWindow> {
    let (start, end) = text.split_once('-')?;
    let (start_min, end_min) = (read_clock(start)?, read_clock(end)?);
    let length_min = (end_min + DAY_MIN - start_min) % DAY_MIN;
    (length_min >= TURN_MIN).then_some(DayWindow { start_min, length_min })
}

fn read_clock(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() == 2);
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_and_written() {
        for text in ["sun 02:00-06:00", "mon 23:00-01:30"] {
            assert_eq!(read_week(text).map(|window| window.to_string()).as_deref(), Some(text));
        }
        for text in ["", "sun", "sun 2:00-6:00", "so 02:00-06:00", "sun 02:00-02:15"] {
            assert_eq!(read_week(text), None, "{text}");
        }
    }

    #[test]
    fn shards_take_turns() {
        let window = WeekWindow::DEFAULT;
        assert_eq!(window.turn(0), "sun:02:00-sun:02:30");
        assert_eq!(window.turn(7), "sun:05:30-sun:06:00");
        assert_eq!(window.turn(8), window.turn(0));
        let late = read_week("sun 23:30-00:30").expect("a window");
        assert_eq!(late.turn(0), "sun:23:30-mon:00:00");
        assert_eq!(late.turn(1), "mon:00:00-mon:00:30");
    }

    #[test]
    fn the_window_before_does_not_overlap() {
        let night = read_day("01:00-03:00").expect("a window");
        assert_eq!(night.before(120).to_string(), "23:00-01:00");
        assert!(!night.overlaps(night.before(120)));
        assert!(night.overlaps(read_day("02:30-04:00").expect("a window")));
        assert!(night.overlaps(read_day("23:30-01:30").expect("a window")));
    }
}
