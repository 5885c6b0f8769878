//! `maintenance` and `backups.window` of a database, which are divided among its shards.
use crate::blueprint::language::decode::Value;
use crate::blueprint::window::{DayWindow, WeekWindow};

/// RDS's minimum length of a window in minutes, which is also the length of a shard's part.
const TURN_MIN: u32 = 30;

impl WeekWindow {
    /// The default of `maintenance`: early on Sunday.
    pub const DEFAULT: WeekWindow =
        WeekWindow { day: 6, times: DayWindow { start_min: 120, length_min: 240 } };

    /// The part of the window for the shard with a number, in RDS's format. It does not depend on
    /// how many other shards exist. Two shards share a part only if there are more shards than half
    /// hours.
    pub fn turn(self, number: u32) -> String {
        WeekWindow { times: self.times.turn_of(number), ..self }.to_aws()
    }
}

impl DayWindow {
    /// The part of the window for the shard with a number, in RDS's format: `02:00-02:30`.
    pub fn turn(self, number: u32) -> String {
        self.turn_of(number).to_string()
    }

    fn turn_of(self, number: u32) -> DayWindow {
        let turns = (self.length_min / TURN_MIN).max(1);
        let start_min = self.start_min + number % turns * TURN_MIN;
        DayWindow { start_min, length_min: TURN_MIN }
    }
}

/// `sun 02:00-06:00`
pub(super) fn week(value: Value<'_>) -> Option<WeekWindow> {
    match WeekWindow::read(value.text()?, TURN_MIN) {
        Some(window) => Some(window),
        None => value.malformed(
            "a day and two times in UTC, at least half an hour apart",
            "write it like `sun 02:00-06:00`",
        ),
    }
}

/// `03:00-04:00`
pub(super) fn day(value: Value<'_>) -> Option<DayWindow> {
    match DayWindow::read(value.text()?, TURN_MIN) {
        Some(window) => Some(window),
        None => value.malformed(
            "two times in UTC, at least half an hour apart",
            "write it like `00:00-02:00`",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assigns_half_hours_to_shards_in_turn() {
        let window = WeekWindow::DEFAULT;
        assert_eq!(window.turn(0), "sun:02:00-sun:02:30");
        assert_eq!(window.turn(7), "sun:05:30-sun:06:00");
        assert_eq!(window.turn(8), window.turn(0));
        let late = WeekWindow::read("sun 23:30-00:30", TURN_MIN).expect("a window");
        assert_eq!(late.turn(0), "sun:23:30-mon:00:00");
        assert_eq!(late.turn(1), "mon:00:00-mon:00:30");
    }
}
