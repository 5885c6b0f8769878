//! Patterns with `*` and `?` against each other.

/// Whether all that `inner` stands for, `outer` stands for too. Wildcards of `inner` count as
/// letters, which only those of `outer` cover.
pub fn covers(outer: &str, inner: &str) -> bool {
    let (outer, inner): (Vec<char>, Vec<char>) = (outer.chars().collect(), inner.chars().collect());
    walk(&outer, &inner, &|one, other| one == other || one == '?' && other != '*', false)
}

/// Whether some text fits both patterns.
pub fn meet(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    walk(&one, &other, &|one, other| one == other || one == '?' || other == '?', true)
}

/// Matches letter by letter; a `*` of the left, and of the right if `both`, stands for any letters.
fn walk(left: &[char], right: &[char], fits: &dyn Fn(char, char) -> bool, both: bool) -> bool {
    match (left.first(), right.first()) {
        (None, None) => true,
        (Some('*'), _) if walk(&left[1..], right, fits, both) => true,
        (Some('*'), Some(_)) => walk(left, &right[1..], fits, both),
        (_, Some('*')) if both => {
            walk(left, &right[1..], fits, both)
                || !left.is_empty() && walk(&left[1..], right, fits, both)
        }
        (Some(one), Some(other)) => fits(*one, *other) && walk(&left[1..], &right[1..], fits, both),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_what_lies_within_it() {
        for (outer, inner) in [("/*", "/v1/*"), ("/v1/*", "/v1/catalog/*"), ("/a?", "/ab")] {
            assert!(covers(outer, inner), "{outer} {inner}");
            assert!(!covers(inner, outer), "{inner} {outer}");
        }
        assert!(covers("/v1/*", "/v1/*") && !covers("/v1/a?", "/v1/*"));
    }

    #[test]
    fn two_patterns_meet_where_a_text_fits_both() {
        assert!(meet("/v1/*", "/*/orders") && meet("/*", "/v1/x") && meet("/a?c", "/abc"));
        assert!(!meet("/v1/*", "/v2/*") && !meet("/a", "/a/b"));
    }
}
