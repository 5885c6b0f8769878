//! The form of a cron line: minute, hour, day of the month, month, weekday.

const MONTHS: &[&str] =
    &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    /// Names of the values from `least` on.
    words: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, most: 59, words: &[] },
    Field { name: "hour", least: 0, most: 23, words: &[] },
    Field { name: "day", least: 1, most: 31, words: &[] },
    Field { name: "month", least: 1, most: 12, words: MONTHS },
    Field { name: "weekday", least: 0, most: 7, words: WEEKDAYS },
];

/// Says what is wrong with a cron line.
pub fn check(line: &str) -> Result<(), String> {
    let written: Vec<&str> = line.split_whitespace().collect();
    if written.len() != FIELDS.len() {
        return Err(format!("a cron line has five fields, this one {}", written.len()));
    }
    for (field, text) in FIELDS.iter().zip(written) {
        if !text.split(',').all(|part| field.takes(part)) {
            return Err(format!("no such {} as `{text}`", field.name));
        }
    }
    Ok(())
}

impl Field {
    /// `*`, `*/5`, `3`, `1-5`, `1-30/2`
    fn takes(&self, part: &str) -> bool {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (part, None),
        };
        let step_fits = step
            .is_none_or(|step| number(step).is_some_and(|step| (1..=self.most).contains(&step)));
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
        let named = self.words.iter().zip(self.least..).find(|(word, _)| **word == lower);
        let value = named.map(|(_, value)| value).or_else(|| number(text))?;
        (self.least..=self.most).contains(&value).then_some(value)
    }
}

fn number(text: &str) -> Option<u32> {
    let digits = text.len() <= 2 && text.chars().all(|one| one.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn five_fields_of_numbers_names_ranges_and_steps() {
        for good in ["45 7 * * FRI", "*/5 0-6 1,15 jan-mar 0", "0 22 * * 1-5", "1-59/2 * * * 7"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, fault) in [
            ("45 7 * *", "a cron line has five fields, this one 4"),
            ("60 7 * * *", "no such minute as `60`"),
            ("0 24 * * *", "no such hour as `24`"),
            ("0 0 0 * *", "no such day as `0`"),
            ("0 0 * 13 *", "no such month as `13`"),
            ("0 0 * * fry", "no such weekday as `fry`"),
            ("0 0 * * 5-1", "no such weekday as `5-1`"),
            ("*/0 * * * *", "no such minute as `*/0`"),
            ("5/10 * * * *", "no such minute as `5/10`"),
        ] {
            assert_eq!(check(bad), Err(fault.to_string()), "{bad}");
        }
    }
}
