//! Errors and warnings about a text the user wrote, each at a place in it.

mod render;
mod source;

use serde::Serialize;
use std::fmt;

pub use source::{Source, Span};

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

/// A marked place and what is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// One error or warning. The first label is where it is; the others explain it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Stable, such as `E0101`.
    pub code: &'static str,
    pub summary: String,
    pub labels: Vec<Label>,
    /// What to write instead.
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

    fn place(&self) -> Option<&Span> {
        self.labels.first().map(|label| &label.span)
    }

    /// `file:line:column: error[E0101]: summary`
    pub fn head(&self) -> String {
        render::head(self, false)
    }
}

/// Diagnostics in the order of their places.
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

    /// For people: every diagnostic with its lines, 100 columns wide.
    pub fn to_text(&self, colour: bool) -> String {
        render::render(self, colour)
    }

    /// For programs: one object a diagnostic.
    pub fn to_json(&self) -> Vec<serde_json::Value> {
        self.iter().map(to_json).collect()
    }
}

fn to_json(diagnostic: &Diagnostic) -> serde_json::Value {
    let place = diagnostic.place().map(|span| {
        let (line, column) = span.source.line_column(span.range.start);
        (&span.source.name, line, column)
    });
    serde_json::json!({
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": diagnostic.summary,
        "file": place.map(|(file, ..)| file),
        "line": place.map(|(_, line, _)| line),
        "column": place.map(|(.., column)| column),
        "help": diagnostic.help,
    })
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(false))
    }
}

impl std::error::Error for Diagnostics {}

/// Sorts by place and drops what says the same of the same place.
impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        let mut all: Vec<Diagnostic> = diagnostics.into_iter().collect();
        let place = |diagnostic: &Diagnostic| {
            diagnostic.place().map(|span| (span.source.rank, span.range.start))
        };
        all.sort_by_key(place);
        let mut kept: Vec<Diagnostic> = Vec::new();
        for one in all {
            let same = |other: &Diagnostic| {
                other.code == one.code
                    && other.summary == one.summary
                    && other.place() == one.place()
            };
            if !kept.iter().rev().take_while(|other| place(other) == place(&one)).any(same) {
                kept.push(one);
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
