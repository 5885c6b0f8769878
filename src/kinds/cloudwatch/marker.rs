//! The owner of an alarm, stored in the alarm's description.
//!
//! DescribeAlarms does not return tags, and reading them takes one call for each alarm; AWS allows
//! ten of these calls per second. The name alone is not enough: the names of stack `shop-eu` have the
//! prefix of stack `shop` too. The description therefore ends with a line that contains the tags, and
//! one listing returns both. The line also helps people: a notification contains the description but
//! not the tags. The alarm has the tags themselves as well. tenfold does not notice if someone changes
//! only those.
use crate::error::{CloudError, Result};
use crate::tags::Tags;

const MARK: &str = "[tenfold] ";
/// The longest description that AWS accepts, in characters.
const MAX_CHARS: usize = 1024;

/// A description with a last line that contains the tags.
///
/// # Errors
/// The result has more than 1024 characters.
pub fn write(text: &str, tags: &Tags) -> Result<String> {
    let tags: serde_json::Map<_, _> =
        tags.iter().map(|(key, value)| (key.to_string(), value.into())).collect();
    let marked = format!("{text}\n{MARK}{}", serde_json::Value::Object(tags));
    if marked.chars().count() > MAX_CHARS {
        return Err(CloudError::refused(format!(
            "the description and the tags of an alarm have more than {MAX_CHARS} characters \
             together: shorten the description, or remove tags"
        )));
    }
    Ok(marked)
}

/// The description and the tags of an alarm. Both are empty if tenfold has not written the
/// description.
pub fn read(marked: Option<&str>) -> (String, Tags) {
    marked.and_then(parse).unwrap_or_default()
}

fn parse(marked: &str) -> Option<(String, Tags)> {
    let (text, mark) = marked.rsplit_once('\n')?;
    let tags: serde_json::Map<_, _> = serde_json::from_str(mark.strip_prefix(MARK)?).ok()?;
    let tags = tags.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)));
    Some((text.to_string(), tags.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_the_description_and_the_tags() {
        let tags: Tags = [("tenfold:stack", "shop"), ("a\n\"b", "c\nd")].into_iter().collect();
        for text in ["", "Too many errors.", "two\nlines\n[tenfold] {}"] {
            let marked = write(text, &tags).expect("short enough");
            assert_eq!(read(Some(&marked)), (text.to_string(), tags.clone()));
        }
    }

    #[test]
    fn descriptions_of_other_owners_have_no_tags() {
        for text in ["", "Too many errors.", "x\n[tenfold] shop", "x\n[other] {}"] {
            assert_eq!(parse(text), None, "{text}");
            assert!(read(Some(text)).1.is_empty(), "{text}");
        }
        assert!(read(None).1.is_empty());
    }

    #[test]
    fn refuses_a_description_that_is_too_long() {
        let tags: Tags = [("tenfold:stack", "shop")].into_iter().collect();
        assert!(write(&"x".repeat(1000), &tags).is_err());
    }
}
