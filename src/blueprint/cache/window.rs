//! Windows in UTC: `03:00-04:00` every day, `sun 05:00-06:00` every week.

use super::super::decode::Value;

/// ElastiCache wants an hour at least.
const LEAST_MIN: u32 = 60;
const DAY_MIN: u32 = 24 * 60;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

pub const USUAL_DAILY: &str = "03:00-04:00";
pub const USUAL_WEEKLY: &str = "sun:05:00-sun:06:00";

/// `03:00-04:00`, and ElastiCache writes it so.
pub fn daily(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    match times(text) {
        Some(_) => Some(text.to_string()),
        None => value.malformed("two times in UTC, an hour apart", "write it like `03:00-04:00`"),
    }
}

/// `sun 05:00-06:00`, which ElastiCache writes `sun:05:00-sun:06:00`.
pub fn weekly(value: Value<'_>) -> Option<String> {
    match week(value.text()?) {
        Some(window) => Some(window),
        None => value.malformed(
            "a day and two times in UTC, an hour apart",
            "write it like `sun 05:00-06:00`",
        ),
    }
}

fn week(text: &str) -> Option<String> {
    let (day, window) = text.split_once(' ')?;
    let (start, end) = times(window)?;
    let at = DAYS.iter().position(|known| *known == day)?;
    let last = DAYS[(at + usize::from(end <= start)) % DAYS.len()];
    let (from, to) = window.split_once('-')?;
    Some(format!("{day}:{from}-{last}:{to}"))
}

/// Minutes after midnight; the end may be on the next day.
fn times(text: &str) -> Option<(u32, u32)> {
    let (start, end) = text.split_once('-')?;
    let (start, end) = (clock(start)?, clock(end)?);
    ((end + DAY_MIN - start) % DAY_MIN >= LEAST_MIN).then_some((start, end))
}

fn clock(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() == 2);
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_written_as_elasticache_does() {
        assert_eq!(week("sun 05:00-06:00").as_deref(), Some(USUAL_WEEKLY));
        assert_eq!(week("sun 23:30-00:30").as_deref(), Some("sun:23:30-mon:00:30"));
        for text in ["", "sun", "sun 5:00-6:00", "so 05:00-06:00", "sun 05:00-05:30"] {
            assert_eq!(week(text), None, "{text}");
        }
    }
}
