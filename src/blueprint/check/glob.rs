//! Compares patterns with `*` and `?`.

/// Whether `outer` matches every text that `inner` matches. Treats wildcards of `inner` as characters
/// that only wildcards of `outer` match.
pub fn covers(outer: &str, inner: &str) -> bool {
    let (outer, inner): (Vec<char>, Vec<char>) = (outer.chars().collect(), inner.chars().collect());
    walk(&outer, &inner, &|a, b| a == b || a == '?' && b != '*', false)
}

/// Whether a text exists that both patterns match.
pub fn overlap(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    walk(&a, &b, &|a, b| a == b || a == '?' || b == '?', true)
}

/// Matches two patterns character by character. A `*` in `left`, and in `right` if `both`, matches any
/// characters.
fn walk(left: &[char], right: &[char], fits: &dyn Fn(char, char) -> bool, both: bool) -> bool {
    match (left.first(), right.first()) {
        (None, None) => true,
        (Some('*'), _) if walk(&left[1..], right, fits, both) => true,
        (Some('*'), Some(_)) => walk(left, &right[1..], fits, both),
        (_, Some('*')) if both => {
            walk(left, &right[1..], fits, both)
                || !left.is_empty() && walk(&left[1..], right, fits, both)
        }
        (Some(a), Some(b)) => fits(*a, *b) && walk(&left[1..], &right[1..], fits, both),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_a_narrower_pattern() {
        for (outer, inner) in [("/*", "/v1/*"), ("/v1/*", "/v1/catalog/*"), ("/a?", "/ab")] {
            assert!(covers(outer, inner), "{outer} {inner}");
            assert!(!covers(inner, outer), "{inner} {outer}");
        }
        assert!(covers("/v1/*", "/v1/*") && !covers("/v1/a?", "/v1/*"));
    }

    #[test]
    fn patterns_overlap_if_a_text_matches_both() {
        assert!(overlap("/v1/*", "/*/orders") && overlap("/*", "/v1/x") && overlap("/a?c", "/abc"));
        assert!(!overlap("/v1/*", "/v2/*") && !overlap("/a", "/a/b"));
    }
}
