//! Whose an alarm is, told by its description.
//!
//! Alarms are listed without their tags, and asking for those takes a call for each alarm, of
//! which AWS grants ten a second. A name alone says too little: alarms of a stack `shop` and of a
//! stack `shop-eu` begin alike. So the description ends in a line with the tags, from which they
//! are read back in the one listing. It is of use to people too: a notification carries the
//! description but not the tags. The tags themselves are set as well; that somebody has changed
//! them behind the description's back is not seen.
use crate::error::{CloudError, Result};
use crate::tags::Tags;

const MARK: &str = "[tenfold] ";
/// What AWS grants a description.
const LONGEST: usize = 1024;

/// A description with the tags at its end.
pub fn write(text: &str, tags: &Tags) -> Result<String> {
    let tags: serde_json::Map<_, _> =
        tags.iter().map(|(key, value)| (key.to_string(), value.into())).collect();
    let marked = format!("{text}\n{MARK}{}", serde_json::Value::Object(tags));
    if marked.chars().count() > LONGEST {
        let message = "an alarm's description and tags together may have 1024 characters, and \
                       these have more: shorten the description, or have fewer tags";
        return Err(CloudError::refused(message));
    }
    Ok(marked)
}

/// The description and the tags; nothing if it has none at its end.
pub fn read(marked: &str) -> Option<(String, Tags)> {
    let (text, mark) = marked.rsplit_once('\n')?;
    let tags: serde_json::Map<_, _> = serde_json::from_str(mark.strip_prefix(MARK)?).ok()?;
    let tags = tags.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)));
    Some((text.to_string(), tags.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_keeps_its_tags() {
        let tags: Tags = [("tenfold:stack", "shop"), ("a\n\"b", "c\nd")].into_iter().collect();
        for text in ["", "Too many errors.", "two\nlines\n[tenfold] {}"] {
            let marked = write(text, &tags).expect("short enough");
            assert_eq!(read(&marked), Some((text.to_string(), tags.clone())));
        }
    }

    #[test]
    fn a_description_of_somebody_else_has_none() {
        for text in ["", "Too many errors.", "x\n[tenfold] shop", "x\n[other] {}"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn too_long_a_description_is_refused() {
        let tags: Tags = [("tenfold:stack", "shop")].into_iter().collect();
        assert!(write(&"x".repeat(1000), &tags).is_err());
    }
}
