//! The difference between two texts, line by line.
use super::doc::{Delta, Label, Line, Side};
use crate::names::hash;

/// Lines that are shown around what differs.
const CONTEXT: usize = 2;
/// A longer difference tells nobody anything.
const LONGEST: usize = 40;
/// Comparing two texts takes the product of their lines in memory.
const LARGEST_PRODUCT: usize = 1_000_000;
const DIGITS: usize = 8;

/// What goes and what comes, with a little around it; the hashes of both where that is too long.
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

/// A text as its hash and length.
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

/// Both texts as one, by their longest common subsequence.
fn merge<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(Side, &'a str)> {
    let width = new.len() + 1;
    // How many lines are common from here on.
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

/// Leaves out what is the same on both sides and far from what differs.
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
    fn what_differs_is_shown_with_a_little_around_it() {
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
    fn a_long_difference_is_two_hashes() {
        let long: Vec<String> = (0..60).map(|n| format!("line {n}")).collect();
        let shown = shown("", &long.join("\n"));
        assert!(
            shown[0].contains("sha256 e3b0c442…") && shown[0].contains("60 lines"),
            "{shown:?}"
        );
    }

    #[test]
    fn a_lost_line_end_is_told_by_the_hashes() {
        assert!(shown("a\n", "a")[0].contains("sha256"));
    }
}
