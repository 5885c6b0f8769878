//! Time windows in UTC: `03:00-04:00` every day, `sun 05:00-06:00` every week.
use super::language::decode::Value;
use serde::{Serialize, Serializer};
use std::fmt;

/// RDS's minimum length of a window in minutes, which is also the length of a shard's part.
pub const RDS_MIN_LENGTH_MIN: u32 = 30;

const DAY_MIN: u32 = 24 * 60;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A daily window. It may include midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayWindow {
    /// Minutes after midnight.
    pub start_min: u32,
    pub length_min: u32,
}

/// A weekly window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekWindow {
    /// The day on which the window starts; 0 is Monday.
    pub day: usize,
    pub times: DayWindow,
}

impl DayWindow {
    /// Decodes `03:00-04:00`. Reports a window shorter than `min_length_min` minutes.
    pub(super) fn decode(value: Value<'_>, min_length_min: u32) -> Option<DayWindow> {
        DayWindow::parse(value.text()?, min_length_min).or_else(|| {
            let wanted = format!("two times in UTC, at least {min_length_min} minutes apart");
            value.malformed(&wanted, "write it like `03:00-04:00`")
        })
    }

    fn parse(text: &str, min_length_min: u32) -> Option<DayWindow> {
        let (start, end) = text.split_once('-')?;
        let (start_min, end_min) = (parse_clock(start)?, parse_clock(end)?);
        let length_min = (end_min + DAY_MIN - start_min) % DAY_MIN;
        (length_min >= min_length_min).then_some(DayWindow { start_min, length_min })
    }

    /// The window of `length_min` minutes that ends when this one starts.
    pub fn before(self, length_min: u32) -> DayWindow {
        DayWindow { start_min: (self.start_min + DAY_MIN - length_min) % DAY_MIN, length_min }
    }

    /// Whether the windows have a time of day in common.
    pub fn overlaps(self, other: DayWindow) -> bool {
        let after = |from: u32, to: u32| (to + DAY_MIN - from) % DAY_MIN;
        after(self.start_min, other.start_min) < self.length_min
            || after(other.start_min, self.start_min) < other.length_min
    }

    /// The part of the window for the shard with a number, in RDS's format: `02:00-02:30`.
    pub fn turn(self, number: u32) -> String {
        self.turn_of(number).to_string()
    }

    fn turn_of(self, number: u32) -> DayWindow {
        let turns = (self.length_min / RDS_MIN_LENGTH_MIN).max(1);
        let start_min = self.start_min + number % turns * RDS_MIN_LENGTH_MIN;
        DayWindow { start_min, length_min: RDS_MIN_LENGTH_MIN }
    }
}

impl WeekWindow {
    /// Decodes `sun 05:00-06:00`. Reports a window shorter than `min_length_min` minutes.
    pub(super) fn decode(value: Value<'_>, min_length_min: u32) -> Option<WeekWindow> {
        WeekWindow::parse(value.text()?, min_length_min).or_else(|| {
            let wanted =
                format!("a day and two times in UTC, at least {min_length_min} minutes apart");
            value.malformed(&wanted, "write it like `sun 05:00-06:00`")
        })
    }

    fn parse(text: &str, min_length_min: u32) -> Option<WeekWindow> {
        let (day, times) = text.split_once(' ')?;
        let day = DAYS.iter().position(|known| *known == day)?;
        Some(WeekWindow { day, times: DayWindow::parse(times, min_length_min)? })
    }

    /// The window in AWS's format, in which both ends have a day: `sun:05:00-sun:06:00`.
    pub fn to_aws(self) -> String {
        let start = self.times.start_min;
        format!("{}-{}", self.moment(start), self.moment(start + self.times.length_min))
    }

    /// The part of the window for the shard with a number, in RDS's format. It does not depend on
    /// how many other shards exist. Two shards share a part only if there are more shards than half
    /// hours.
    pub fn turn(self, number: u32) -> String {
        WeekWindow { times: self.times.turn_of(number), ..self }.to_aws()
    }

    fn moment(self, minutes: u32) -> String {
        let past_midnight = usize::from(minutes >= DAY_MIN);
        let day = DAYS[(self.day + past_midnight) % DAYS.len()];
        format!("{day}:{}", clock(minutes))
    }
}

fn clock(minutes: u32) -> String {
    let minutes = minutes % DAY_MIN;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn parse_clock(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() == 2);
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_writes_weekly_windows() {
        let parse = |text| WeekWindow::parse(text, 30);
        for text in ["sun 02:00-06:00", "mon 23:00-01:30"] {
            assert_eq!(parse(text).map(|window| window.to_string()).as_deref(), Some(text));
        }
        for text in ["", "sun", "sun 2:00-6:00", "so 02:00-06:00", "sun 02:00-02:15"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn writes_weekly_windows_in_the_format_of_aws() {
        let written = |text| WeekWindow::parse(text, 60).map(WeekWindow::to_aws);
        assert_eq!(written("sun 05:00-06:00").as_deref(), Some("sun:05:00-sun:06:00"));
        assert_eq!(written("sun 23:30-00:30").as_deref(), Some("sun:23:30-mon:00:30"));
        assert_eq!(written("sun 05:00-05:30"), None);
    }

    #[test]
    fn the_window_before_ends_where_the_window_starts() {
        let window = |text| DayWindow::parse(text, 30).expect("a window");
        let night = window("01:00-03:00");
        assert_eq!(night.before(120).to_string(), "23:00-01:00");
        assert!(!night.overlaps(night.before(120)));
        assert!(night.overlaps(window("02:30-04:00")));
        assert!(night.overlaps(window("23:30-01:30")));
    }

    #[test]
    fn assigns_half_hours_to_shards_in_turn() {
        let window = |text| WeekWindow::parse(text, RDS_MIN_LENGTH_MIN).expect("a window");
        let early = window("sun 02:00-06:00");
        assert_eq!(early.turn(0), "sun:02:00-sun:02:30");
        assert_eq!(early.turn(7), "sun:05:30-sun:06:00");
        assert_eq!(early.turn(8), early.turn(0));
        let late = window("sun 23:30-00:30");
        assert_eq!(late.turn(0), "sun:23:30-mon:00:00");
        assert_eq!(late.turn(1), "mon:00:00-mon:00:30");
    }
}
