//! Values that carry their unit: `10s`, `400GiB`, `55%`, `100/s`. A bare number is a count.

use serde::Serialize;
use std::ops::RangeInclusive;

use super::code;
use super::decode::{Value, bounds};
use super::node::Type;

/// A share in hundredths: `55%` is 55.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Percent(pub f64);

/// So many of something in a time: `100/s`, `20/5m`, `10k/day`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    pub count: f64,
    pub window_s: u32,
}

impl Rate {
    pub fn per_second(self) -> f64 {
        self.count / f64::from(self.window_s)
    }

    /// How AWS counts requests per target.
    pub fn per_minute(self) -> f64 {
        self.count * 60.0 / f64::from(self.window_s)
    }
}

/// A unit as it is written, what it stands for, and other spellings that are refused.
struct Unit {
    name: &'static str,
    scale: f64,
    aliases: &'static [&'static str],
}

const fn unit(name: &'static str, scale: f64, aliases: &'static [&'static str]) -> Unit {
    Unit {
        name,
        scale,
        aliases,
    }
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

const GIB: f64 = 1_073_741_824.0;
const MIB: f64 = 1_048_576.0;

/// The windows a rate may name in full, as `10k/day` does.
const WINDOWS: &[(&str, f64)] = &[
    ("second", 1.0),
    ("minute", 60.0),
    ("hour", 3600.0),
    ("day", 86400.0),
];

/// Why a text is not a quantity.
#[derive(Debug, PartialEq)]
pub enum Fault {
    /// A number alone.
    NoUnit(String),
    /// Another unit, and what to write instead if that is known.
    WrongUnit(Option<String>),
    NotANumber,
}

/// The number at the start of a text and what follows it.
fn split_number(text: &str) -> Option<(f64, &str, &str)> {
    let end = text
        .find(|one: char| !one.is_ascii_digit() && one != '.')
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let starts_well = number.starts_with(|first: char| first.is_ascii_digit());
    let ends_well = number.ends_with(|last: char| last.is_ascii_digit());
    let value = number.parse().ok().filter(|_| starts_well && ends_well)?;
    Some((value, number, rest))
}

/// A number with one of `units`, in their base unit.
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
    let meant = units
        .iter()
        .find(|unit| unit.name.to_lowercase() == lower || unit.aliases.contains(&lower.as_str()));
    Err(Fault::WrongUnit(
        meant.map(|unit| format!("{number}{}", unit.name)),
    ))
}

/// A duration in seconds.
pub fn duration(text: &str) -> Result<f64, Fault> {
    let weeks = ["w", "week", "weeks"];
    match split_number(text) {
        Some((value, _, rest)) if weeks.contains(&rest.trim_start()) => {
            Err(Fault::WrongUnit(Some(format!("{}d", value * 7.0))))
        }
        _ => quantity(text, TIMES),
    }
}

/// A size in bytes.
pub fn size(text: &str) -> Result<f64, Fault> {
    quantity(text, SIZES)
}

/// A share in hundredths.
pub fn percent(text: &str) -> Result<f64, Fault> {
    let (value, number, rest) = split_number(text).ok_or(Fault::NotANumber)?;
    match rest {
        "%" => Ok(value),
        "" if value < 1.0 && value > 0.0 => Err(Fault::NoUnit(trim(value * 100.0))),
        "" => Err(Fault::NoUnit(number.to_string())),
        _ => Err(Fault::WrongUnit(Some(format!("{number}%")))),
    }
}

/// A number that may be shortened with `k` or `M`.
pub fn count(text: &str) -> Result<f64, Fault> {
    let (value, number, rest) = split_number(text).ok_or(Fault::NotANumber)?;
    match rest {
        "" => Ok(value),
        "k" => Ok(value * 1e3),
        "M" => Ok(value * 1e6),
        "K" => Err(Fault::WrongUnit(Some(format!("{number}k")))),
        _ => Err(Fault::WrongUnit(Some(number.to_string()))),
    }
}

/// A count in a window: `100/s`, `20/5m`, `10k/day`.
pub fn rate(text: &str) -> Result<Rate, Fault> {
    rate_of(text, count)
}

/// Bytes in a window: `50MiB/s`.
pub fn byte_rate(text: &str) -> Result<Rate, Fault> {
    rate_of(text, size)
}

fn rate_of(text: &str, amount: fn(&str) -> Result<f64, Fault>) -> Result<Rate, Fault> {
    let Some((number, window)) = text.split_once('/') else {
        let missing = split_number(text).ok_or(Fault::NotANumber)?;
        return Err(match amount(text) {
            Ok(_) => Fault::NoUnit(text.to_string()),
            Err(_) if missing.2 == "rps" => Fault::WrongUnit(Some(format!("{}/s", missing.1))),
            Err(fault) => fault,
        });
    };
    let count = amount(number)?;
    let named = WINDOWS
        .iter()
        .find(|(name, _)| *name == window)
        .map(|(_, scale)| *scale);
    let one = if window.starts_with(|first: char| first.is_ascii_digit()) {
        ""
    } else {
        "1"
    };
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

/// A whole number that fits.
fn whole(value: f64) -> Option<u32> {
    let rounded = value.round();
    let fits = (value - rounded).abs() < 1e-6 && (0.0..=f64::from(u32::MAX)).contains(&rounded);
    // In range and whole, as has just been checked.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fits.then_some(rounded as u32)
}

fn trim(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    rounded.to_string()
}

/// Seconds as one would write them: `90s`, `2h`, `14d`.
pub fn show_seconds(seconds: u32) -> String {
    match seconds {
        0 => "0s".to_string(),
        days if days % 86400 == 0 => format!("{}d", days / 86400),
        hours if hours % 3600 == 0 => format!("{}h", hours / 3600),
        minutes if minutes % 60 == 0 => format!("{}m", minutes / 60),
        seconds => format!("{seconds}s"),
    }
}

impl<'a> Value<'a> {
    /// A quantity; `unit` is the one to suggest when none is written.
    fn quantity<T>(
        self,
        what: &str,
        unit: &str,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        let example = format!("write {what} such as `10{unit}`");
        let Some(scalar) = self.node.scalar() else {
            return self.wrong_type(what, example);
        };
        let (key, text) = (self.key, scalar.text.as_str());
        match parse(text) {
            Ok(value) => Some(value),
            Err(Fault::NotANumber) => self.wrong_type(what, example),
            Err(Fault::NoUnit(number)) => {
                let summary = format!("`{key}`: {text} what? write {number}{unit}");
                let report = self.error(code::MISSING_UNIT, summary, "has no unit");
                self.report(report.help(format!("write {number}{unit}")));
                None
            }
            Err(Fault::WrongUnit(right)) => {
                let summary = format!("`{key}` wants {what}, not `{text}`");
                let help = right.map_or(example, |right| format!("write {right}"));
                let report = self.error(code::WRONG_UNIT, summary, "not a unit for this");
                self.report(report.help(help));
                None
            }
        }
    }

    fn whole(self, value: f64, unit: &str) -> Option<u32> {
        whole(value).or_else(|| self.malformed(&format!("whole {unit}"), "round it"))
    }

    /// A duration in seconds.
    pub fn seconds(self, range: RangeInclusive<u32>) -> Option<u32> {
        let seconds = self.quantity("a duration", "s", duration)?;
        let seconds = self.whole(seconds, "seconds")?;
        if range.contains(&seconds) {
            return Some(seconds);
        }
        let show = |bound: &u32| show_seconds(*bound);
        self.out_of_range(
            &show(range.start()),
            &show(range.end()),
            &show_seconds(seconds),
        )
    }

    /// A duration in days.
    pub fn days(self, range: RangeInclusive<u32>) -> Option<u32> {
        let seconds = self.quantity("a duration", "d", duration)?;
        let days = self.whole(seconds / 86400.0, "days")?;
        if range.contains(&days) {
            return Some(days);
        }
        let show = |bound: u32| format!("{bound}d");
        self.out_of_range(&show(*range.start()), &show(*range.end()), &show(days))
    }

    pub fn gib(self, range: RangeInclusive<u32>) -> Option<u32> {
        let bytes = self.quantity("a size", "GiB", size)?;
        let gib = self.whole(bytes / GIB, "GiB")?;
        if range.contains(&gib) {
            return Some(gib);
        }
        let show = |bound: u32| format!("{bound}GiB");
        self.out_of_range(&show(*range.start()), &show(*range.end()), &show(gib))
    }

    /// A throughput in MiB a second.
    pub fn mib_per_second(self, range: RangeInclusive<u32>) -> Option<u32> {
        let rate = self.quantity("a throughput", "MiB/s", byte_rate)?;
        let mib = self.whole(rate.per_second() / MIB, "MiB/s")?;
        if range.contains(&mib) {
            return Some(mib);
        }
        let show = |bound: u32| format!("{bound}MiB/s");
        self.out_of_range(&show(*range.start()), &show(*range.end()), &show(mib))
    }

    pub fn percent(self, range: RangeInclusive<f64>) -> Option<Percent> {
        let value = self.quantity("a percentage", "%", percent)?;
        if range.contains(&value) {
            return Some(Percent(value));
        }
        let show = |bound: f64| format!("{}%", trim(bound));
        self.out_of_range(&show(*range.start()), &show(*range.end()), &show(value))
    }

    pub fn whole_percent(self, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.quantity("a percentage", "%", percent)?;
        let value = self.whole(value, "percent")?;
        if range.contains(&value) {
            return Some(value);
        }
        let show = |bound: u32| format!("{bound}%");
        self.out_of_range(&show(*range.start()), &show(*range.end()), &show(value))
    }

    pub fn rate(self) -> Option<Rate> {
        let rate = self.quantity("a rate", "/s", rate)?;
        self.positive(rate, rate.count, "100/s")
    }

    pub fn byte_rate(self) -> Option<Rate> {
        let rate = self.quantity("a rate of bytes", "MiB/s", byte_rate)?;
        self.positive(rate, rate.count, "50MiB/s")
    }

    fn positive<T>(self, value: T, count: f64, example: &str) -> Option<T> {
        if count > 0.0 {
            return Some(value);
        }
        let summary = format!("`{}` must be above 0", self.key);
        let report = self.error(code::OUT_OF_RANGE, summary, "is nothing");
        self.report(report.help(format!("write a rate such as `{example}`")));
        None
    }

    /// A whole number without unit: `3`, `10k`.
    pub fn count(self, range: RangeInclusive<u32>) -> Option<u32> {
        const WHAT: &str = "a whole number";
        let (least, most) = bounds(&range);
        let help = format!("write a number from {least} to {most}");
        let Some(scalar) = self.node.scalar() else {
            return self.wrong_type(WHAT, help);
        };
        let text = scalar.text.as_str();
        if scalar.quoted && !scalar.interpolated {
            return self.wrong_type(WHAT, format!("write {text} without quotes"));
        }
        let value = match count(text) {
            Ok(_) if text.len() > 1 && text.starts_with('0') && !text.contains('.') => {
                let summary = format!("`{}`: `{text}` may be decimal or octal", self.key);
                let report = self.error(code::AMBIGUOUS_SCALAR, summary, "starts with 0");
                let digits = text.trim_start_matches('0');
                let digits = if digits.is_empty() { "0" } else { digits };
                self.report(report.help(format!("write {digits}")));
                return None;
            }
            Ok(value) => value,
            Err(Fault::WrongUnit(Some(right))) => {
                let summary = format!("`{}` wants {WHAT}, not `{text}`", self.key);
                let report = self.error(code::WRONG_UNIT, summary, "a count has no unit");
                self.report(report.help(format!("write {right}")));
                return None;
            }
            Err(_) => match scalar.core_type() {
                Type::Integer(value) => {
                    return self.out_of_range(&least, &most, &value.to_string());
                }
                _ => return self.wrong_type(WHAT, help),
            },
        };
        match whole(value) {
            Some(value) if range.contains(&value) => Some(value),
            Some(value) => self.out_of_range(&least, &most, &value.to_string()),
            None => self.wrong_type(WHAT, help),
        }
    }

    /// Any number, in a unit that only the key knows.
    pub fn number(self) -> Option<f64> {
        let scalar = self.node.scalar();
        let number = scalar.filter(|scalar| !scalar.quoted || scalar.interpolated);
        let value = number.and_then(|scalar| scalar.text.parse::<f64>().ok());
        match value.filter(|value| value.is_finite()) {
            Some(value) => Some(value),
            None => self.wrong_type("a number", "write a number such as `100` or `0.5`"),
        }
    }
}
