//! Windows of time in UTC: `03:00-04:00` every day, `sun 05:00-06:00` every week.
use serde::{Serialize, Serializer};
use std::fmt;

const DAY_MIN: u32 = 24 * 60;
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

impl DayWindow {
    /// `03:00-04:00`, if it is that long at least.
    pub fn read(text: &str, least_min: u32) -> Option<DayWindow> {
        let (start, end) = text.split_once('-')?;
        let (start_min, end_min) = (read_clock(start)?, read_clock(end)?);
        let length_min = (end_min + DAY_MIN - start_min) % DAY_MIN;
        (length_min >= least_min).then_some(DayWindow { start_min, length_min })
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

impl WeekWindow {
    /// `sun 05:00-06:00`, if it is that long at least.
    pub fn read(text: &str, least_min: u32) -> Option<WeekWindow> {
        let (day, times) = text.split_once(' ')?;
        let day = DAYS.iter().position(|known| *known == day)?;
        Some(WeekWindow { day, times: DayWindow::read(times, least_min)? })
    }

    /// As AWS writes one, each end with its day: `sun:05:00-sun:06:00`.
    pub fn to_aws(self) -> String {
        let start = self.times.start_min;
        format!("{}-{}", self.moment(start), self.moment(start + self.times.length_min))
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

fn read_clock(text: &str) -> Option<u32> {
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
    fn windows_are_read_and_written() {
        let read = |text| WeekWindow::read(text, 30);
        for text in ["sun 02:00-06:00", "mon 23:00-01:30"] {
            assert_eq!(read(text).map(|window| window.to_string()).as_deref(), Some(text));
        }
        for text in ["", "sun", "sun 2:00-6:00", "so 02:00-06:00", "sun 02:00-02:15"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_week_is_written_as_aws_does() {
        let written = |text| WeekWindow::read(text, 60).map(WeekWindow::to_aws);
        assert_eq!(written("sun 05:00-06:00").as_deref(), Some("sun:05:00-sun:06:00"));
        assert_eq!(written("sun 23:30-00:30").as_deref(), Some("sun:23:30-mon:00:30"));
        assert_eq!(written("sun 05:00-05:30"), None);
    }

    #[test]
    fn the_window_before_does_not_overlap() {
        let read = |text| DayWindow::read(text, 30).expect("a window");
        let night = read("01:00-03:00");
        assert_eq!(night.before(120).to_string(), "23:00-01:00");
        assert!(!night.overlaps(night.before(120)));
        assert!(night.overlaps(read("02:30-04:00")));
        assert!(night.overlaps(read("23:30-01:30")));
    }
}
