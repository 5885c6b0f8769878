//! Word wrap that never breaks a name.

/// Breaks `text` into lines of at most `width` characters. Lines break only at spaces outside
/// backquotes, so that a name or an example stays whole even if its line becomes longer.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    text.lines().flat_map(|line| wrap_line(line, width)).collect()
}

fn wrap_line(line: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(line) {
        match lines.last_mut() {
            Some(last) if last.chars().count() + 1 + word.chars().count() <= width => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

/// The parts of a line between spaces outside backquotes.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    let parts = line.split(move |c: char| {
        is_quoted ^= c == '`';
        c == ' ' && !is_quoted
    });
    parts.filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn breaks_lines_at_spaces_only() {
        let text = "delete auto-scaling-group.api-blue before target-group.api-blue";
        for width in 0..70 {
            let lines = wrap(text, width);
            assert_eq!(lines.join(" "), text);
            let longest_word = "auto-scaling-group.api-blue".len();
            assert!(lines.iter().all(|line| line.len() <= width.max(longest_word)), "{lines:?}");
        }
    }

    #[test]
    fn keeps_a_backquoted_text_on_one_line() {
        let text = "write `certificate: arn:aws:acm:…`, or add a `domain`";
        let lines = ["write", "`certificate: arn:aws:acm:…`,", "or add a `domain`"];
        assert_eq!(wrap(text, 30), lines);
        assert_eq!(wrap(text, 10), [lines[0], lines[1], "or add a", "`domain`"]);
    }

    #[test]
    fn keeps_the_line_breaks_of_the_text() {
        assert_eq!(wrap("one\ntwo three", 80), ["one", "two three"]);
    }

    #[test]
    fn measures_width_in_characters() {
        assert_eq!(wrap("ä ö ü", 5), ["ä ö ü"]);
    }
}
