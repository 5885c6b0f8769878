//! "Did you mean": suggestions for misspelled words.

/// The candidate most similar to `word`, if one is similar enough: at most one edit, plus one per
/// four characters of the candidate.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = fold(word);
    let similar = |candidate: &'a str| {
        let folded = fold(candidate);
        let distance = strsim::damerau_levenshtein(&plain, &folded);
        let limit = 1 + folded.chars().count() / 4;
        (distance <= limit).then_some((distance, candidate))
    };
    candidates.into_iter().filter_map(similar).min().map(|(_, candidate)| candidate)
}

/// A help line: the most similar candidate, or all candidates if there are at most 60.
pub fn help(word: &str, candidates: &[&str]) -> Option<String> {
    if let Some(candidate) = nearest(word, candidates.iter().copied()) {
        return Some(format!("did you mean `{candidate}`?"));
    }
    (!candidates.is_empty() && candidates.len() <= 60)
        .then(|| format!("write one of {}", list(candidates)))
}

/// The words in backquotes, separated by commas.
pub fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// A word without differences in case and in the choice of separator.
fn fold(word: &str) -> String {
    word.to_lowercase().replace('-', "_")
}
