//! Explains YAML syntax errors: what is wrong and what to write instead.

use granit_parser::{ErrorKind, ScanError};
use std::ops::Range;
use std::sync::Arc;

use super::code;
use crate::diagnostic::{Diagnostic, Source, Span};

/// The deepest nesting of lists and maps, with aliases expanded.
pub const MAX_DEPTH: usize = 64;

pub fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(code::TOO_DEEP, format!("nested more than {MAX_DEPTH} levels deep"))
        .label(span, "exceeds the limit")
        .help("check brackets and indentation: no part of a blueprint nests so deep")
}

/// Explains a syntax error. The parsed text starts at byte `start` of `source`.
pub fn explain(source: &Arc<Source>, start: usize, error: &ScanError) -> Diagnostic {
    let text = source.text.as_str();
    let offset = error.marker().byte_offset().unwrap_or(text.len());
    let offset = text.floor_char_boundary((start + offset).min(text.len()));
    let span = |range: Range<usize>| Span { source: source.clone(), range };
    if let Some(reference) = unquoted_reference(text, offset)
        && open_bracket(&text[..reference.start]).is_some()
    {
        let help = format!("quote it: \"{}\"", &text[reference.clone()]);
        return Diagnostic::error(code::UNQUOTED_REFERENCE, "a reference is not quoted")
            .label(span(reference), "YAML reads `{` and `}` inside `{ }` or `[ ]` as a map")
            .help(help);
    }
    let end = text[offset..].chars().next().map_or(offset, |next| offset + next.len_utf8());
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return too_deep(span(offset..end));
    }
    let (fault, help) = fault(error.kind(), &text[offset..]);
    let mut report = Diagnostic::error(code::SYNTAX, format!("not valid YAML: {fault}"))
        .label(span(offset..end), "here")
        .help(help);
    if is_about_brackets(error.kind())
        && let Some(open) = open_bracket(&text[..offset])
    {
        report = report.label(span(open..open + 1), "opened here");
    }
    report
}

/// What is wrong, and what to do about it. `rest` is the text from the position of the error.
fn fault(kind: &ErrorKind, rest: &str) -> (&'static str, &'static str) {
    use ErrorKind as Kind;
    match kind {
        Kind::TabNotAllowed
        | Kind::TabInBlockIndentation
        | Kind::TabInIndentation
        | Kind::TabAtBlockScalarStart
        | Kind::TabInPlainScalar => ("a tab", "indent with spaces"),
        _ if rest.starts_with('\t') => ("a tab", "indent with spaces"),
        Kind::UnknownAnchor => {
            ("an alias has no anchor", "mark the value with `&name` before the first `*name`")
        }
        kind if is_about_brackets(kind) => (
            "brackets do not match",
            "close each `{` with `}` and each `[` with `]`, with commas between the items",
        ),
        Kind::UnclosedQuotedScalar
        | Kind::UnexpectedEof
        | Kind::DocumentIndicatorInQuotedScalar
        | Kind::InvalidQuotedScalarIndent => {
            ("a quoted text is not closed", "close it with the quote that opens it")
        }
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => {
            ("text follows the closing quote", "quote the whole value, or remove what follows")
        }
        Kind::UnknownQuotedScalarEscape | Kind::InvalidQuotedScalarHexEscape => {
            ("an unknown escape sequence", "write `\\\\` for a backslash, or use single quotes")
        }
        Kind::MappingValueNotAllowed | Kind::InvalidColonPlacement => (
            "a second `:` on a line",
            "start a new line for the next key, or quote text that contains `: `",
        ),
        Kind::SimpleKeyExpected | Kind::InvalidSimpleKey => {
            ("a key without `:`", "write `key: value`")
        }
        Kind::ExpectedBlockMappingKey
        | Kind::InvalidIndentation
        | Kind::BlockSequenceEntryNotAllowed
        | Kind::ExpectedBlockSequenceEntry
        | Kind::InvalidBlockScalarIndent
        | Kind::ExpectedDocumentStart
        | Kind::MappingKeyNotAllowed => (
            "the indentation does not match the lines above",
            "indent all keys of a map, and all `-` of a list, by the same number of spaces",
        ),
        Kind::CommentNotSeparated | Kind::CommentInterceptedScalar => (
            "a comment is not allowed here",
            "put a space before `#`, or quote text that contains it",
        ),
        _ if rest.starts_with(['@', '`', '%', '!', '&', '*', '|', '>']) => (
            "a special character starts the text",
            "quote text that starts with one of `@`, `%`, `!`, `&`, `*`, `|` and `>`",
        ),
        _ => (
            "unexpected text",
            "check the quotes, brackets and indentation of this line and the line above",
        ),
    }
}

fn is_about_brackets(kind: &ErrorKind) -> bool {
    use ErrorKind as Kind;
    matches!(
        kind,
        Kind::UnexpectedEofFlowSequence
            | Kind::UnexpectedEofFlowMapping
            | Kind::UnexpectedEofImplicitFlowMapping
            | Kind::ExpectedFlowMappingSeparator
            | Kind::ExpectedFlowSequenceSeparator
            | Kind::MisplacedFlowCollectionEnd
            | Kind::MismatchedFlowCollectionEnd { .. }
            | Kind::UnclosedFlowCollection { .. }
            | Kind::InvalidFlowScalarIndent
            | Kind::BlockEntryInFlowCollection
    )
}

/// Whether a quote that follows `before` opens a quoted text.
fn opens_quote(before: &str) -> bool {
    before.trim_end_matches(' ').is_empty()
        || before.ends_with([' ', '[', '{', ',', '\n', '(', '='])
}

/// The byte offset of the innermost bracket that is open at the end of a text.
fn open_bracket(text: &str) -> Option<usize> {
    let mut open = Vec::new();
    let mut quote = None;
    let mut in_comment = false;
    for (at, c) in text.char_indices() {
        match c {
            '\n' => in_comment = false,
            _ if in_comment => {}
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '"' | '\'' if opens_quote(&text[..at]) => quote = Some(c),
            '#' if text[..at].ends_with([' ', '\n']) => in_comment = true,
            '{' | '[' => open.push(at),
            '}' | ']' => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

/// The byte range of the last `${…}` outside quotes on the line of `offset`.
fn unquoted_reference(text: &str, offset: usize) -> Option<Range<usize>> {
    let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |newline| offset + newline);
    let line = &text[start..end];
    let mut quote = None;
    let mut found = None;
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if open == c => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') && opens_quote(&line[..at]) => quote = Some(c),
            None if c == '#' => break,
            None if line[at..].starts_with("${") => {
                let close = line[at..].find('}').map_or(line.len(), |close| at + close + 1);
                found = Some(start + at..start + close);
            }
            None => {}
        }
    }
    found
}
