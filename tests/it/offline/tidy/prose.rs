//! The prose of a file: comments, strings and names of functions of Rust; Markdown; comments of YAML,
//! Python and shell. Code spans in backticks are left out, since they contain names.
use super::tree::File;

/// A paragraph, as its lines with their numbers: a phrase may continue on the next line.
pub type Paragraph = Vec<(usize, String)>;

pub fn of_rust(file: &File) -> Vec<Paragraph> {
    let strings = file.scan.strings.iter().map(|string| vec![(string.line, string.text.clone())]);
    let functions = file.scan.functions.iter();
    let names = functions.map(|function| vec![(function.line, function.name.replace('_', " "))]);
    let comments = paragraphs(comments(&file.text));
    comments.into_iter().chain(strings).chain(names).map(without_code).collect()
}

pub fn of_markdown(text: &str) -> Vec<Paragraph> {
    let lines = text.lines().map(str::to_string).zip(1..);
    paragraphs(lines.map(|(line, at)| (at, line))).into_iter().map(without_code).collect()
}

/// Comments that begin with `#`, alone on a line or after a space.
pub fn of_hash_comments(text: &str) -> Vec<Paragraph> {
    let comment = |line: &str| match line.trim_start().strip_prefix('#') {
        Some(comment) => comment.to_string(),
        None => line.split_once(" # ").map_or("", |(_, comment)| comment).to_string(),
    };
    let lines = text.lines().zip(1..).map(|(line, at)| (at, comment(line)));
    paragraphs(lines).into_iter().map(without_code).collect()
}

/// Divides at lines without text and at lines that are missing.
fn paragraphs(lines: impl IntoIterator<Item = (usize, String)>) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
    for (at, line) in lines.into_iter().filter(|(_, line)| !line.trim().is_empty()) {
        match found.last_mut() {
            Some(last) if last.last().is_some_and(|(before, _)| before + 1 >= at) => {
                last.push((at, line));
            }
            _ => found.push(vec![(at, line)]),
        }
    }
    found
}

fn without_code(paragraph: Paragraph) -> Paragraph {
    let prose = |line: String| line.split('`').step_by(2).collect::<Vec<_>>().join("`");
    paragraph.into_iter().map(|(at, line)| (at, prose(line))).collect()
}

/// The text of all comments, by line. Comments inside strings are none.
fn comments(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (mut rest, mut at) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else {
            string(rest).or_else(|| char_literal(rest)).unwrap_or(first.len_utf8())
        };
        let (token, after) = rest.split_at(length);
        if token.starts_with("//") || token.starts_with("/*") {
            let lines = token.lines().zip(at..);
            let trimmed = |line: &str| line.trim_matches([' ', '/', '*', '!']).to_string();
            found.extend(lines.map(|(line, at)| (at, trimmed(line))));
        }
        at += token.matches('\n').count();
        rest = after;
    }
    found
}

/// The length of a block comment, which may contain others.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of the string literal that a text begins with, plain or raw.
fn string(text: &str) -> Option<usize> {
    if let Some(body) = text.strip_prefix('"') {
        let mut escaped = false;
        let end = body.find(|char| {
            let ends = char == '"' && !escaped;
            escaped = char == '\\' && !escaped;
            ends
        });
        return Some(end.map_or(text.len(), |end| end + 2));
    }
    let hashes = text.strip_prefix('r')?.split('"').next().filter(|hashes| {
        hashes.chars().all(|char| char == '#') && text[1 + hashes.len()..].starts_with('"')
    })?;
    let start = 2 + hashes.len();
    let end = text[start..].find(&format!("\"{hashes}"));
    Some(end.map_or(text.len(), |end| start + end + 1 + hashes.len()))
}

/// The length of a character literal; a lifetime has no closing quote.
fn char_literal(text: &str) -> Option<usize> {
    let body = text.strip_prefix('\'')?;
    let escape = usize::from(body.starts_with('\\'));
    let char = body[escape..].chars().next()?;
    let end = 1 + escape + char.len_utf8();
    text[end..].starts_with('\'').then_some(end + 1)
}

#[test]
fn separates_comments_from_code_and_strings() {
    let text = "//! one\nlet a = \"// no\\\" // no\"; // two\nlet b = r#\"\" // no\"#;\n\
        let c = ('\"', '\\'', \"x\"); /* three\n /* four */ five */ fn f<'a>() {} // six";
    let found = comments(text);
    let found: Vec<(usize, &str)> = found.iter().map(|(at, text)| (*at, text.as_str())).collect();
    let expected = [(1, "one"), (2, "two"), (4, "three"), (5, "four */ five"), (5, "six")];
    assert_eq!(found, expected);
}
