//! Physical names: deterministic, within AWS's limits, and so long as they are unique never cut
//! without a hash of the whole.
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The HTTP header by which CloudFront identifies itself to an origin that is reachable from the
/// internet. Its value is a secret.
pub const ORIGIN_HEADER: &str = "X-Origin-Verify";

/// The first `digits` hexadecimal digits of the SHA-256 of a text.
pub fn hash(text: &str, digits: usize) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex.truncate(digits);
    hex
}

/// `stack-part-part`, cut to `max` characters: an over-long name keeps its beginning and ends in
/// eight digits of the hash of the whole, so that it stays deterministic and unique.
pub fn name(parts: &[&str], max: usize) -> String {
    let whole = parts.join("-");
    if whole.len() <= max {
        return whole;
    }
    let kept: String = whole.chars().take(max.saturating_sub(9)).collect();
    format!("{}-{}", kept.trim_end_matches('-'), hash(&whole, 8))
}

/// A name that changes with what it stands for: its successor can be made beside it. `what` is
/// the literal text of all properties that AWS cannot change in place.
pub fn successor(parts: &[&str], what: &str, max: usize) -> String {
    format!("{}-{}", name(parts, max - 9), hash(what, 8))
}

/// What stands in the comment of a resource that a listing gives without tags, so that one look
/// finds whose it is.
pub fn marker(stack: &str, component: &str, name: &str) -> String {
    format!("tenfold:{stack}/{component}/{name}")
}

/// The name of a resource within the stack, if its comment marks it as one of that stack.
pub fn marked<'a>(comment: &'a str, stack: &str) -> Option<&'a str> {
    let own = comment.strip_prefix("tenfold:")?.strip_prefix(stack)?.strip_prefix('/')?;
    let (_, name) = own.split_once('/')?;
    (!name.is_empty()).then_some(name)
}

/// The component that a comment tells of, if it marks the resource of this name.
pub fn marked_component<'a>(comment: &'a str, name: &str) -> Option<&'a str> {
    let mut words = comment.strip_prefix("tenfold:")?.splitn(3, '/').skip(1);
    let (component, marked) = (words.next()?, words.next()?);
    (marked == name).then_some(component)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_names_one_stack() {
        let own = marker("shop", "cdn.edge", "edge-all");
        assert_eq!(marked(&own, "shop"), Some("edge-all"));
        assert_eq!(marked_component(&own, "edge-all"), Some("cdn.edge"));
        assert_eq!(marked_component(&own, "edge"), None);
        assert_eq!(marked(&marker("shop-staging", "cdn.edge", "edge"), "shop"), None);
        assert_eq!(marked("the shop's", "shop"), None);
    }

    #[test]
    fn a_long_name_is_cut_and_hashed() {
        assert_eq!(name(&["shop", "api"], 32), "shop-api");
        let long = name(&["shop", "a-rather-long-component-name", "targets"], 32);
        assert_eq!(long.len(), 32);
        assert_ne!(long, name(&["shop", "a-rather-long-component-name", "other"], 32));
    }

    #[test]
    fn a_successor_has_another_name() {
        let one = successor(&["shop", "api"], "80", 32);
        assert!(one.starts_with("shop-api-") && one.len() == "shop-api-".len() + 8);
        assert_ne!(one, successor(&["shop", "api"], "81", 32));
    }
}
