//! Values with a unit: `10s`, `400GiB`, `55%`, `100/s`. A number without a unit is a count.

use serde::Serialize;

/// A percentage: `55%` is 55.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Percent(pub f64);

/// A number of events per time window: `100/s`, `20/5m`, `10k/day`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    pub count: f64,
    pub window_s: u32,
}

impl Rate {
    pub fn per_second(self) -> f64 {
        self.count / f64::from(self.window_s)
    }

    /// The unit of AWS's metric of requests per target.
    pub fn per_minute(self) -> f64 {
        self.count * 60.0 / f64::from(self.window_s)
    }
}

/// A unit of a blueprint.
struct Unit {
    name: &'static str,
    /// In the base unit.
    scale: f64,
    /// Spellings that are refused with a suggestion, in lower case.
    aliases: &'static [&'static str],
}

const fn unit(name: &'static str, scale: f64, aliases: &'static [&'static str]) -> Unit {
    Unit { name, scale, aliases }
}

/// In seconds.
const TIMES: &[Unit] = &[
    unit("ms", 0.001, &["msec", "msecs", "millis", "milliseconds"]),
    unit("s", 1.0, &["sec", "secs", "second", "seconds"]),
    unit("m", 60.0, &["min", "mins", "minute", "minutes"]),
    unit("h", 3600.0, &["hr", "hrs", "hour", "hours"]),
    unit("d", 86400.0, &["day", "days"]),
];

/// In bytes.
const SIZES: &[Unit] = &[
    unit("KiB", 1024.0, &["k", "kb"]),
    unit("MiB", 1_048_576.0, &["m", "mb"]),
    unit("GiB", 1_073_741_824.0, &["g", "gb"]),
    unit("TiB", 1_099_511_627_776.0, &["t", "tb"]),
];

pub const GIB: f64 = 1_073_741_824.0;
pub const KIB: f64 = 1024.0;
pub const MIB: f64 = 1_048_576.0;

/// The windows that a rate may spell out, as in `10k/day`, in seconds.
const WINDOWS: &[(&str, f64)] =
    &[("second", 1.0), ("minute", 60.0), ("hour", 3600.0), ("day", 86400.0)];

/// Why a text is not a quantity.
#[derive(Debug, PartialEq)]
pub enum Fault {
    /// A number without a unit, or that number in percent if it was written as a fraction.
    NoUnit(String),
    /// An unknown unit, and what to write instead if that is known.
    WrongUnit(Option<String>),
    NotANumber,
}

/// The number at the start of a text: its value, its text and what follows it.
fn split_number(text: &str) -> Option<(f64, &str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let starts_well = number.starts_with(|first: char| first.is_ascii_digit());
    let ends_well = number.ends_with(|last: char| last.is_ascii_digit());
    let value = number.parse().ok().filter(|_| starts_well && ends_well)?;
    Some((value, number, rest))
}

/// A number with one of `units`, converted to their base unit.
fn quantity(text: &str, units: &[Unit]) -> Result<f64, Fault> {
    let (value, number, rest) = split_number(text).ok_or(Fault::NotANumber)?;
    let rest = rest.trim_start();
    if rest.is_empty() {
        return Err(Fault::NoUnit(number.to_string()));
    }
    if let Some(unit) = units.iter().find(|unit| unit.name == rest) {
        if text.contains(char::is_whitespace) {
            return Err(Fault::WrongUnit(Some(format!("{number}{}", unit.name))));
        }
        return Ok(value * unit.scale);
    }
    let lower = rest.to_lowercase();
    let intended = units
        .iter()
        .find(|unit| unit.name.to_lowercase() == lower || unit.aliases.contains(&lower.as_str()));
    Err(Fault::WrongUnit(intended.map(|unit| format!("{number}{}", unit.name))))
}

/// A duration such as `1h` in seconds.
pub fn seconds(text: &str) -> Option<f64> {
    duration(text).ok()
}

/// A duration in seconds.
pub(crate) fn duration(text: &str) -> Result<f64, Fault> {
    let weeks = ["w", "week", "weeks"];
    match split_number(text) {
        Some((value, _, rest)) if weeks.contains(&rest.trim_start()) => {
            Err(Fault::WrongUnit(Some(format!("{}d", value * 7.0))))
        }
        _ => quantity(text, TIMES),
    }
}

/// A size in bytes.
pub(crate) fn size(text: &str) -> Result<f64, Fault> {
    quantity(text, SIZES)
}

/// A percentage.
pub(crate) fn percent(text: &str) -> Result<f64, Fault> {
    let (value, number, rest) = split_number(text).ok_or(Fault::NotANumber)?;
    match rest {
        "%" => Ok(value),
        "" if value < 1.0 && value > 0.0 => Err(Fault::NoUnit(trim(value * 100.0))),
        "" => Err(Fault::NoUnit(number.to_string())),
        _ => Err(Fault::WrongUnit(Some(format!("{number}%")))),
    }
}

/// A number, optionally with the suffix `k` (thousand) or `M` (million).
pub(crate) fn count(text: &str) -> Result<f64, Fault> {
    let (value, number, rest) = split_number(text).ok_or(Fault::NotANumber)?;
    match rest {
        "" => Ok(value),
        "k" => Ok(value * 1e3),
        "M" => Ok(value * 1e6),
        "K" => Err(Fault::WrongUnit(Some(format!("{number}k")))),
        _ => Err(Fault::WrongUnit(Some(number.to_string()))),
    }
}

/// A count per window: `100/s`, `20/5m`, `10k/day`.
pub(crate) fn rate(text: &str) -> Result<Rate, Fault> {
    rate_of(text, count)
}

/// Bytes per window: `50MiB/s`.
pub(crate) fn byte_rate(text: &str) -> Result<Rate, Fault> {
    rate_of(text, size)
}

fn rate_of(text: &str, amount: fn(&str) -> Result<f64, Fault>) -> Result<Rate, Fault> {
    let Some((number, window)) = text.split_once('/') else {
        let (_, number, rest) = split_number(text).ok_or(Fault::NotANumber)?;
        return Err(match amount(text) {
            Ok(_) if rest.is_empty() => Fault::NoUnit(text.to_string()),
            Ok(_) => Fault::WrongUnit(Some(format!("{text}/s"))),
            Err(_) if rest == "rps" => Fault::WrongUnit(Some(format!("{number}/s"))),
            Err(fault) => fault,
        });
    };
    let count = amount(number).map_err(|fault| match fault {
        Fault::WrongUnit(Some(right)) => Fault::WrongUnit(Some(format!("{right}/{window}"))),
        other => other,
    })?;
    let named = WINDOWS.iter().find(|(name, _)| *name == window).map(|(_, scale)| *scale);
    let one = if window.starts_with(|first: char| first.is_ascii_digit()) { "" } else { "1" };
    let seconds = match named {
        Some(seconds) => seconds,
        None => duration(&format!("{one}{window}")).map_err(|fault| match fault {
            Fault::WrongUnit(Some(right)) => {
                let right = right.strip_prefix(one).unwrap_or(&right);
                Fault::WrongUnit(Some(format!("{number}/{right}")))
            }
            Fault::NoUnit(window) => Fault::WrongUnit(Some(format!("{number}/{window}s"))),
            other => other,
        })?,
    };
    match whole(seconds) {
        Some(window_s) if window_s > 0 => Ok(Rate { count, window_s }),
        _ => Err(Fault::WrongUnit(None)),
    }
}

/// `value` as a whole number, if it is one and fits.
pub(crate) fn whole(value: f64) -> Option<u32> {
    let rounded = value.round();
    let fits = (value - rounded).abs() < 1e-6 && (0.0..=f64::from(u32::MAX)).contains(&rounded);
    // `fits` ensures that the cast loses nothing.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fits.then_some(rounded as u32)
}

/// A number rounded to six decimals, without the rounding errors of binary fractions.
pub(crate) fn trim(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    rounded.to_string()
}

/// Seconds in the largest unit without a remainder: `90s`, `2h`, `14d`.
pub(crate) fn show_seconds(seconds: u32) -> String {
    match seconds {
        0 => "0s".to_string(),
        days if days % 86400 == 0 => format!("{}d", days / 86400),
        hours if hours % 3600 == 0 => format!("{}h", hours / 3600),
        minutes if minutes % 60 == 0 => format!("{}m", minutes / 60),
        seconds => format!("{seconds}s"),
    }
}

/// Milliseconds in the largest unit without a remainder: `250ms`, `2s`.
pub(crate) fn show_milliseconds(milliseconds: u32) -> String {
    match milliseconds % 1000 {
        0 => show_seconds(milliseconds / 1000),
        _ => format!("{milliseconds}ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(right: &str) -> Fault {
        Fault::WrongUnit(Some(right.to_string()))
    }

    fn missing(number: &str) -> Fault {
        Fault::NoUnit(number.to_string())
    }

    #[test]
    fn parses_durations_as_seconds() {
        for (text, seconds) in
            [("10s", 10.0), ("5m", 300.0), ("1.5h", 5400.0), ("14d", 1_209_600.0)]
        {
            assert_eq!(duration(text), Ok(seconds), "{text}");
        }
        assert_eq!(duration("250ms"), Ok(0.25));
        assert_eq!(duration("10"), Err(missing("10")));
        assert_eq!(duration("10 s"), Err(wrong("10s")));
        assert_eq!(duration("10S"), Err(wrong("10s")));
        assert_eq!(duration("10min"), Err(wrong("10m")));
        assert_eq!(duration("2weeks"), Err(wrong("14d")));
        assert_eq!(duration("1h30m"), Err(Fault::WrongUnit(None)));
        for text in ["", "s", "ten s", "-5s", ".5s", "5.s", "1e3s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn accepts_binary_units_of_size_only() {
        assert_eq!(size("400GiB"), Ok(400.0 * GIB));
        assert_eq!(size("6KiB"), Ok(6144.0));
        for text in ["400GB", "400gb", "400G", "400gib", "400 GiB"] {
            assert_eq!(size(text), Err(wrong("400GiB")), "{text}");
        }
        assert_eq!(size("400"), Err(missing("400")));
    }

    #[test]
    fn requires_a_percent_sign() {
        assert_eq!(percent("55%"), Ok(55.0));
        assert_eq!(percent("0.5%"), Ok(0.5));
        assert_eq!(percent("55"), Err(missing("55")));
        assert_eq!(percent("0.55"), Err(missing("55")));
        assert_eq!(percent("55 %"), Err(wrong("55%")));
    }

    #[test]
    fn parses_rates_with_their_window() {
        let per = |count, window_s| Ok(Rate { count, window_s });
        assert_eq!(rate("100/s"), per(100.0, 1));
        assert_eq!(rate("20/5m"), per(20.0, 300));
        assert_eq!(rate("10k/day"), per(10_000.0, 86_400));
        assert_eq!(rate("1M/d"), per(1e6, 86_400));
        assert_eq!(rate("0.5/minute"), per(0.5, 60));
        assert_eq!(rate("100"), Err(missing("100")));
        assert_eq!(rate("100rps"), Err(wrong("100/s")));
        assert_eq!(rate("100/sec"), Err(wrong("100/s")));
        assert_eq!(rate("100/5mins"), Err(wrong("100/5m")));
        assert_eq!(rate("100/5"), Err(wrong("100/5s")));
        assert_eq!(rate("100/0s"), Err(Fault::WrongUnit(None)));
        assert_eq!(rate("1M/month"), Err(Fault::WrongUnit(None)));
        assert_eq!(byte_rate("50MiB/s"), per(50.0 * MIB, 1));
        assert_eq!(byte_rate("50MB/s"), Err(wrong("50MiB/s")));
        assert_eq!(byte_rate("50MiB"), Err(wrong("50MiB/s")));
    }

    #[test]
    fn converts_a_rate_per_minute_exactly() {
        let rate = rate("1000/m").map(Rate::per_minute);
        assert_eq!(rate, Ok(1000.0));
    }

    #[test]
    fn accepts_suffixes_for_thousands_and_millions() {
        assert_eq!(count("3"), Ok(3.0));
        assert_eq!(count("10k"), Ok(10_000.0));
        assert_eq!(count("1.5M"), Ok(1_500_000.0));
        assert_eq!(count("10K"), Err(wrong("10k")));
        assert_eq!(count("10s"), Err(wrong("10")));
    }

    #[test]
    fn shows_seconds_in_the_largest_exact_unit() {
        for (seconds, text) in
            [(0, "0s"), (90, "90s"), (300, "5m"), (7200, "2h"), (1_209_600, "14d")]
        {
            assert_eq!(show_seconds(seconds), text);
        }
    }
}
