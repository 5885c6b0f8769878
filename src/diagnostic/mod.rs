//! Errors and warnings about a text that the user wrote, each with its position in the text.

mod render;
mod source;
mod wrap;

use serde::Serialize;
use std::fmt;

pub use source::{Source, Span};

/// Whether a diagnostic stops the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// A marked part of a source and the note printed below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    /// Empty: the part is marked without a note.
    pub text: String,
}

/// One error or warning. The first label is its position; the other labels explain it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// A stable code such as `E0101`.
    pub code: &'static str,
    pub summary: String,
    pub labels: Vec<Label>,
    /// What the user should write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn error(code: &'static str, summary: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            code,
            summary: summary.into(),
            labels: Vec::new(),
            help: None,
        }
    }

    pub fn warning(code: &'static str, summary: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, summary) }
    }

    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn primary_span(&self) -> Option<&Span> {
        self.labels.first().map(|label| &label.span)
    }

    /// `file:line:column: error[E0101]: summary`, without colours.
    pub fn head(&self) -> String {
        render::head(self, false)
    }
}

/// Diagnostics sorted by their positions, without duplicates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn has_errors(&self) -> bool {
        self.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Text for people: every diagnostic with the lines that it marks, 100 columns wide.
    pub fn to_text(&self, colour: bool) -> String {
        render::render(self, colour)
    }

    /// For programs: one JSON object per diagnostic.
    pub fn to_json(&self) -> Vec<serde_json::Value> {
        self.iter().map(to_json).collect()
    }
}

fn to_json(diagnostic: &Diagnostic) -> serde_json::Value {
    let position = diagnostic.primary_span().map(|span| {
        let (line, column) = span.source.line_column(span.range.start);
        (&span.source.name, line, column)
    });
    serde_json::json!({
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": diagnostic.summary,
        "file": position.map(|(file, ..)| file),
        "line": position.map(|(_, line, _)| line),
        "column": position.map(|(.., column)| column),
        "help": diagnostic.help,
    })
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(false))
    }
}

impl std::error::Error for Diagnostics {}

/// Sorts by position and drops diagnostics with the same code and summary at the same position.
impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        let mut all: Vec<Diagnostic> = diagnostics.into_iter().collect();
        let position = |diagnostic: &Diagnostic| {
            diagnostic.primary_span().map(|span| (span.source.rank, span.range.start))
        };
        all.sort_by_key(position);
        let mut kept: Vec<Diagnostic> = Vec::new();
        for diagnostic in all {
            let is_same = |other: &Diagnostic| {
                other.code == diagnostic.code
                    && other.summary == diagnostic.summary
                    && other.primary_span() == diagnostic.primary_span()
            };
            let mut at_same_start =
                kept.iter().rev().take_while(|other| position(other) == position(&diagnostic));
            if !at_same_start.any(is_same) {
                kept.push(diagnostic);
            }
        }
        Diagnostics(kept)
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
