//! Line diffs of two texts.
use super::doc::{Delta, Label, Line, Side};
use crate::names::hash;

/// Unchanged lines that are shown around a difference.
const CONTEXT: usize = 2;
/// Diffs with more lines than this are shown as two hashes.
const LONGEST: usize = 40;
/// Comparing two texts takes memory proportional to the product of their line counts.
const LARGEST_PRODUCT: usize = 1_000_000;
/// Digits of a hash that are shown.
const DIGITS: usize = 8;

/// The removed and added lines with some context, or the hashes of both texts if the diff is too
/// long.
pub fn compare(before: &str, after: &str) -> Delta {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    if old.len() * new.len() > LARGEST_PRODUCT {
        return hashes(before, after);
    }
    let lines = shorten(&merge(&old, &new));
    if lines.len() > LONGEST || lines.is_empty() {
        hashes(before, after)
    } else {
        Delta::Lines(lines)
    }
}

/// The hash and the length of a text.
pub fn digest(text: &str) -> String {
    format!("sha256 {}…, {}", hash(text, DIGITS), count(text))
}

fn count(text: &str) -> String {
    match text.lines().count() {
        1 => "1 line".into(),
        count => format!("{count} lines"),
    }
}

fn hashes(before: &str, after: &str) -> Delta {
    let before = Line::new(Label::Old, format!("(sha256 {}…", hash(before, DIGITS)));
    let end = format!("{}…, {})", hash(after, DIGITS), count(after));
    Delta::Turns { before, after: Line::new(Label::New, end) }
}

/// Merges two texts along their longest common subsequence of lines.
fn merge<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(Side, &'a str)> {
    let width = new.len() + 1;
    // The length of the longest common subsequence of the lines from here on.
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = match old[i] == new[j] {
                true => common[(i + 1) * width + j + 1] + 1,
                false => common[(i + 1) * width + j].max(common[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut merged = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            merged.push((Side::Both, old[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < old.len()
            && (j == new.len() || common[(i + 1) * width + j] >= common[i * width + j + 1])
        {
            merged.push((Side::Before, old[i]));
            i += 1;
        } else {
            merged.push((Side::After, new[j]));
            j += 1;
        }
    }
    merged
}

/// Omits unchanged lines that are not near a difference.
fn shorten(merged: &[(Side, &str)]) -> Vec<(Side, String)> {
    let differs = |at: usize| merged.get(at).is_some_and(|(side, _)| *side != Side::Both);
    let near = |at: usize| (at.saturating_sub(CONTEXT)..=at + CONTEXT).any(differs);
    let mut shown = Vec::new();
    let mut skipped = 0;
    for (at, (side, line)) in merged.iter().enumerate() {
        if near(at) {
            shown.extend(gap(skipped));
            skipped = 0;
            shown.push((*side, (*line).to_string()));
        } else {
            skipped += 1;
        }
    }
    if !shown.is_empty() {
        shown.extend(gap(skipped));
    }
    shown
}

fn gap(skipped: usize) -> Option<(Side, String)> {
    match skipped {
        0 => None,
        1 => Some((Side::Gap, "1 line".into())),
        _ => Some((Side::Gap, format!("{skipped} lines"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> Vec<String> {
        match compare(before, after) {
            Delta::Lines(lines) => {
                lines.into_iter().map(|(side, line)| format!("{side:?} {line}")).collect()
            }
            other => vec![format!("{other:?}")],
        }
    }

    #[test]
    fn shows_differences_with_context() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n9";
        let expected = [
            "Gap 2 lines",
            "Both 3",
            "Both 4",
            "Before 5",
            "After five",
            "Both 6",
            "Both 7",
            "Gap 2 lines",
        ];
        assert_eq!(shown(before, after), expected);
    }

    #[test]
    fn shows_long_differences_as_hashes() {
        let long: Vec<String> = (0..60).map(|n| format!("line {n}")).collect();
        let shown = shown("", &long.join("\n"));
        assert!(
            shown[0].contains("sha256 e3b0c442…") && shown[0].contains("60 lines"),
            "{shown:?}"
        );
    }

    #[test]
    fn shows_a_missing_final_newline_as_hashes() {
        assert!(shown("a\n", "a")[0].contains("sha256"));
    }
}
