//! "Did you mean": the nearest of the words that would have been right.

/// The candidate nearest to `word`, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = fold(word);
    let near = |candidate: &'a str| {
        let folded = fold(candidate);
        let distance = strsim::damerau_levenshtein(&plain, &folded);
        let limit = 1 + folded.chars().count() / 4;
        (distance <= limit).then_some((distance, candidate))
    };
    candidates.into_iter().filter_map(near).min().map(|(_, candidate)| candidate)
}

/// A help line: the nearest word, or all of them when they are few.
pub fn help(word: &str, candidates: &[&str]) -> Option<String> {
    if let Some(candidate) = nearest(word, candidates.iter().copied()) {
        return Some(format!("did you mean `{candidate}`?"));
    }
    (!candidates.is_empty() && candidates.len() <= 60)
        .then(|| format!("write one of {}", list(candidates)))
}

/// `a`, `b` and `c`, each in backquotes.
pub fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// Spelling apart from case and the choice of separator.
fn fold(word: &str) -> String {
    word.to_lowercase().replace('-', "_")
}
