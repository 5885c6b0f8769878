//! The syntax of a cron expression: minute, hour, day of the month, month, weekday.

const MONTHS: &[&str] =
    &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// A field of a cron expression.
struct Field {
    name: &'static str,
    min: u32,
    max: u32,
    /// Names of the values, starting with that of `min`.
    words: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", min: 0, max: 59, words: &[] },
    Field { name: "hour", min: 0, max: 23, words: &[] },
    Field { name: "day", min: 1, max: 31, words: &[] },
    Field { name: "month", min: 1, max: 12, words: MONTHS },
    Field { name: "weekday", min: 0, max: 7, words: WEEKDAYS },
];

/// Checks a cron expression.
///
/// # Errors
/// The reason why it is not valid.
pub(super) fn check(expression: &str) -> Result<(), String> {
    let parts: Vec<&str> = expression.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Err(format!("a cron expression has five fields, but this one has {}", parts.len()));
    }
    for (field, text) in FIELDS.iter().zip(parts) {
        if !text.split(',').all(|part| field.accepts(part)) {
            return Err(format!("`{text}` is not a valid {}", field.name));
        }
    }
    Ok(())
}

impl Field {
    /// `*`, `*/5`, `3`, `1-5`, `1-30/2`
    fn accepts(&self, part: &str) -> bool {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (part, None),
        };
        let step_fits =
            step.is_none_or(|step| number(step).is_some_and(|step| (1..=self.max).contains(&step)));
        let range_fits = match range.split_once('-') {
            _ if range == "*" => true,
            Some((from, to)) => {
                matches!((self.value(from), self.value(to)), (Some(from), Some(to)) if from <= to)
            }
            None => step.is_none() && self.value(range).is_some(),
        };
        step_fits && range_fits
    }

    fn value(&self, text: &str) -> Option<u32> {
        let lower = text.to_lowercase();
        let named = self.words.iter().zip(self.min..).find(|(word, _)| **word == lower);
        let value = named.map(|(_, value)| value).or_else(|| number(text))?;
        (self.min..=self.max).contains(&value).then_some(value)
    }
}

fn number(text: &str) -> Option<u32> {
    let digits = text.len() <= 2 && text.chars().all(|c| c.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn checks_numbers_names_ranges_and_steps_of_five_fields() {
        for good in ["45 7 * * FRI", "*/5 0-6 1,15 jan-mar 0", "0 22 * * 1-5", "1-59/2 * * * 7"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, reason) in [
            ("45 7 * *", "a cron expression has five fields, but this one has 4"),
            ("60 7 * * *", "`60` is not a valid minute"),
            ("0 24 * * *", "`24` is not a valid hour"),
            ("0 0 0 * *", "`0` is not a valid day"),
            ("0 0 * 13 *", "`13` is not a valid month"),
            ("0 0 * * fry", "`fry` is not a valid weekday"),
            ("0 0 * * 5-1", "`5-1` is not a valid weekday"),
            ("*/0 * * * *", "`*/0` is not a valid minute"),
            ("5/10 * * * *", "`5/10` is not a valid minute"),
        ] {
            assert_eq!(check(bad), Err(reason.to_string()), "{bad}");
        }
    }
}
