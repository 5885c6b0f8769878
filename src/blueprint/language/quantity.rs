//! Decoders of counts and of values with a unit.

use std::ops::RangeInclusive;

use super::code;
use super::decode::Value;
use super::node::Type;
use super::units::{
    Fault, GIB, KIB, MIB, Percent, Rate, byte_rate, count, duration, percent, rate,
    show_milliseconds, show_seconds, size, trim, whole,
};

/// How messages describe a type of quantity.
struct Kind {
    name: &'static str,
    /// The unit that a message suggests if the user wrote none.
    unit: &'static str,
    /// All units, as a list in words.
    units: &'static str,
}

const fn kind(name: &'static str, unit: &'static str, units: &'static str) -> Kind {
    Kind { name, unit, units }
}

const DURATION: Kind = kind("a duration", "s", "ms, s, m, h or d");
const DAYS: Kind = kind("a duration", "d", "ms, s, m, h or d");
const SIZE: Kind = kind("a size", "GiB", "KiB, MiB, GiB or TiB");
const THROUGHPUT: Kind = kind("a throughput", "MiB/s", "KiB/s, MiB/s, GiB/s or TiB/s");
const PERCENTAGE: Kind = kind("a percentage", "%", "%");
const RATE: Kind = kind("a rate", "/s", "/s, /5m, /h or /day");

impl Value<'_> {
    /// Parses the value as a quantity and reports a missing or wrong unit.
    fn quantity<T>(self, kind: &Kind, parse: fn(&str) -> Result<T, Fault>) -> Option<T> {
        let Kind { name, unit, units } = kind;
        let example = format!("write {name} such as `10{unit}`");
        let Some(scalar) = self.node.scalar() else {
            return self.wrong_type(name, example);
        };
        let (key, text) = (self.key, scalar.text.as_str());
        match parse(text) {
            Ok(value) => Some(value),
            Err(Fault::NotANumber) => self.wrong_type(name, example),
            Err(Fault::NoUnit(number)) => {
                let summary = format!("`{key}`: {text} has no unit");
                let report = self.error(code::MISSING_UNIT, summary, "needs a unit");
                self.report(report.help(format!("write {number}{unit}: the unit must be {units}")));
                None
            }
            Err(Fault::WrongUnit(right)) => {
                let summary = format!("`{key}`: `{text}` does not have a valid unit");
                let label = format!("the unit of {name} must be {units}");
                let report = self.error(code::WRONG_UNIT, summary, &label);
                let help = right.map_or(example, |right| format!("write {right}"));
                self.report(report.help(help));
                None
            }
        }
    }

    fn whole(self, value: f64, unit: &str) -> Option<u32> {
        whole(value).or_else(|| {
            self.malformed(&format!("a whole number of {unit}"), format!("write whole {unit}"))
        })
    }

    /// The value if it is in the range; otherwise reports it.
    fn within<B: PartialOrd>(
        self,
        value: B,
        range: &RangeInclusive<B>,
        show: impl Fn(&B) -> String,
    ) -> Option<B> {
        if range.contains(&value) {
            return Some(value);
        }
        self.out_of_range(value, range, show)
    }

    /// A duration in whole seconds.
    pub fn seconds(self, range: RangeInclusive<u32>) -> Option<u32> {
        let seconds = self.quantity(&DURATION, duration)?;
        let seconds = self.whole(seconds, "seconds")?;
        self.within(seconds, &range, |seconds| show_seconds(*seconds))
    }

    /// A duration in whole milliseconds.
    pub fn milliseconds(self, range: RangeInclusive<u32>) -> Option<u32> {
        let seconds = self.quantity(&DURATION, duration)?;
        let milliseconds = self.whole(seconds * 1000.0, "milliseconds")?;
        self.within(milliseconds, &range, |ms| show_milliseconds(*ms))
    }

    /// A duration in seconds, with fractions: 1 ms to 1 day.
    pub fn precise_seconds(self) -> Option<f64> {
        let seconds = self.quantity(&DURATION, duration)?;
        self.within(seconds, &(0.001..=86_400.0), |seconds| format!("{}s", trim(*seconds)))
    }

    /// A duration in whole days.
    pub fn days(self, range: RangeInclusive<u32>) -> Option<u32> {
        let seconds = self.quantity(&DAYS, duration)?;
        let days = self.whole(seconds / 86400.0, "days")?;
        self.within(days, &range, |days| format!("{days}d"))
    }

    /// A size in bytes, above 0.
    pub fn size_bytes(self) -> Option<u64> {
        let bytes = self.quantity(&SIZE, size)?;
        self.positive(bytes.round() as u64, bytes, "6KiB")
    }

    /// A size in whole GiB.
    pub fn gib(self, range: RangeInclusive<u32>) -> Option<u32> {
        let bytes = self.quantity(&SIZE, size)?;
        let gib = self.whole(bytes / GIB, "GiB")?;
        self.within(gib, &range, |gib| format!("{gib}GiB"))
    }

    /// A size in whole KiB.
    pub fn kib(self, range: RangeInclusive<u32>) -> Option<u32> {
        let bytes = self.quantity(&SIZE, size)?;
        let kib = self.whole(bytes / KIB, "KiB")?;
        self.within(kib, &range, |kib| format!("{kib}KiB"))
    }

    /// A throughput in whole MiB per second.
    pub fn mib_per_second(self, range: RangeInclusive<u32>) -> Option<u32> {
        let rate = self.quantity(&THROUGHPUT, byte_rate)?;
        let mib = self.whole(rate.per_second() / MIB, "MiB/s")?;
        self.within(mib, &range, |mib| format!("{mib}MiB/s"))
    }

    /// A percentage; `range` is in percent.
    pub fn percent(self, range: RangeInclusive<f64>) -> Option<Percent> {
        let value = self.quantity(&PERCENTAGE, percent)?;
        self.within(value, &range, |value| format!("{}%", trim(*value))).map(Percent)
    }

    /// A whole percentage.
    pub fn whole_percent(self, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.quantity(&PERCENTAGE, percent)?;
        let value = self.whole(value, "percent")?;
        self.within(value, &range, |value| format!("{value}%"))
    }

    /// A rate such as `100/s`, above 0.
    pub fn rate(self) -> Option<Rate> {
        let rate = self.quantity(&RATE, rate)?;
        self.positive(rate, rate.count, "100/s")
    }

    /// A rate such as `50MiB/s`, in bytes and above 0.
    pub fn byte_rate(self) -> Option<Rate> {
        let rate = self.quantity(&THROUGHPUT, byte_rate)?;
        self.positive(rate, rate.count, "50MiB/s")
    }

    fn positive<T>(self, value: T, count: f64, example: &str) -> Option<T> {
        if count > 0.0 {
            return Some(value);
        }
        let summary = format!("`{}` must be above 0", self.key);
        let report = self.error(code::OUT_OF_RANGE, summary, "is 0");
        self.report(report.help(format!("write a value such as `{example}`")));
        None
    }

    /// A whole number without a unit: `3`, `10k`.
    pub fn count(self, range: RangeInclusive<u32>) -> Option<u32> {
        const WANTED: &str = "a whole number";
        let help = format!("write a number from {} to {}", range.start(), range.end());
        let Some(scalar) = self.node.scalar() else {
            return self.wrong_type(WANTED, help);
        };
        let text = scalar.text.as_str();
        if scalar.quoted && !scalar.interpolated {
            return self.wrong_type(WANTED, format!("write {text} without quotes"));
        }
        if let Type::Integer(value) = scalar.core_type()
            && !scalar.is_canonical()
        {
            let summary = format!("`{}`: `{text}` is not a plain decimal number", self.key);
            let label = format!("YAML 1.2 reads this as {value}");
            let report = self.error(code::AMBIGUOUS_SCALAR, summary, &label);
            self.report(report.help(format!("write {value}")));
            return None;
        }
        let value = match count(text) {
            Ok(value) => value,
            Err(Fault::WrongUnit(Some(right))) => {
                let summary = format!("`{}` must be {WANTED}, not `{text}`", self.key);
                let report = self.error(code::WRONG_UNIT, summary, "a count has no unit");
                self.report(report.help(format!("write {right}")));
                return None;
            }
            Err(_) => match scalar.core_type() {
                Type::Integer(value) => {
                    let range = i64::from(*range.start())..=i64::from(*range.end());
                    return self.out_of_range(value, &range, i64::to_string);
                }
                _ => return self.wrong_type(WANTED, help),
            },
        };
        match whole(value) {
            Some(value) => self.within(value, &range, u32::to_string),
            None => self.wrong_type(WANTED, help),
        }
    }

    /// Any finite number. The key defines its unit.
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
