//! Errors and warnings about a text the user wrote, each at a place in it.

use anstyle::{AnsiColor, Style};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource};
use serde::Serialize;
use std::fmt::{self, Write};
use std::ops::Range;
use std::sync::Arc;

/// A text that diagnostics point into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name shown, usually a path as the user wrote it.
    pub name: String,
    pub text: String,
    /// Position among the inputs: diagnostics are sorted by it.
    pub rank: usize,
}

impl Source {
    /// Line and column, both from 1; a column counts characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..self.text.floor_char_boundary(offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }
}

/// A range of bytes in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub source: Arc<Source>,
    pub range: Range<usize>,
}

impl Span {
    /// The text it marks.
    pub fn text(&self) -> &str {
        self.source.text.get(self.range.clone()).unwrap_or_default()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
}

impl Severity {
    fn style(self) -> Style {
        let colour = match self {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
        };
        colour.on_default().bold()
    }
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
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, summary)
        }
    }

    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
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
        self.head_in(Style::new())
    }

    fn head_in(&self, style: Style) -> String {
        let Diagnostic {
            severity,
            code,
            summary,
            ..
        } = self;
        let what = format!("{style}{severity}[{code}]{style:#}: {summary}");
        match self.place() {
            None => what,
            Some(span) => {
                let (line, column) = span.source.line_column(span.range.start);
                format!("{}:{line}:{column}: {what}", span.source.name)
            }
        }
    }

    /// The head, the marked lines of each source, and the help.
    fn render(&self, handler: &GraphicalReportHandler, colour: bool) -> String {
        let mut text = self.head_in(if colour {
            self.severity.style()
        } else {
            Style::new()
        });
        text.push('\n');
        let snippets = self.snippets();
        for snippet in &snippets {
            let mut marked = String::new();
            // The handler writes into a string, which cannot fail.
            let _ = handler.render_report(&mut marked, snippet);
            let start = marked.find('╭').map_or(0, |corner| {
                marked[..corner]
                    .rfind('\n')
                    .map_or(0, |newline| newline + 1)
            });
            text.push_str(&marked[start..]);
        }
        if snippets.iter().all(|snippet| snippet.help.is_none())
            && let Some(help) = &self.help
        {
            let _ = writeln!(text, "  help: {help}");
        }
        text
    }

    /// One snippet for each source that labels point into; the last carries the help.
    fn snippets(&self) -> Vec<Snippet> {
        let mut snippets: Vec<Snippet> = Vec::new();
        for (index, label) in self
            .labels
            .iter()
            .enumerate()
            .filter(|(_, label)| can_show(label))
        {
            let source = &label.span.source;
            let at = snippets
                .iter()
                .position(|snippet| Arc::ptr_eq(&snippet.key, source));
            let at = at.unwrap_or_else(|| {
                snippets.push(Snippet::new(source, self.severity));
                snippets.len() - 1
            });
            let range = clamp(&label.span);
            let text = Some(label.text.clone()).filter(|text| !text.is_empty());
            snippets[at].labels.push(match index {
                0 => LabeledSpan::new_primary_with_span(text, range),
                _ => LabeledSpan::new_with_span(text, range),
            });
        }
        if let Some(last) = snippets.last_mut() {
            last.help.clone_from(&self.help);
        }
        snippets
    }
}

/// Lines longer than this are not shown: they would fill the screen.
const LONGEST_LINE: usize = 400;

fn can_show(label: &Label) -> bool {
    let (line, _) = label.span.source.line_column(label.span.range.start);
    let mut around = label
        .span
        .source
        .text
        .lines()
        .skip(line.saturating_sub(2))
        .take(3);
    around.all(|line| line.len() <= LONGEST_LINE)
}

/// At most the rest of the line it starts on: whole blocks would drown the place.
fn clamp(span: &Span) -> Range<usize> {
    let text = &span.source.text;
    let start = text.floor_char_boundary(span.range.start);
    let end = text.floor_char_boundary(span.range.end).max(start);
    let line_end = text[start..end]
        .find('\n')
        .map_or(end, |newline| start + newline);
    start..line_end
}

/// What `miette` draws: it knows one source a diagnostic.
#[derive(Debug)]
struct Snippet {
    key: Arc<Source>,
    source: NamedSource<String>,
    severity: Severity,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
}

impl Snippet {
    fn new(source: &Arc<Source>, severity: Severity) -> Self {
        Snippet {
            key: source.clone(),
            source: NamedSource::new(&source.name, source.text.clone()),
            severity,
            labels: Vec::new(),
            help: None,
        }
    }
}

impl fmt::Display for Snippet {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Snippet {}

impl miette::Diagnostic for Snippet {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
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
        self.iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// For people: every diagnostic with its lines, 100 columns wide.
    pub fn to_text(&self, colour: bool) -> String {
        let theme = if colour {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(100);
        let rendered: Vec<String> = self
            .iter()
            .map(|one| one.render(&handler, colour))
            .collect();
        rendered.join("\n")
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

/// Sorts by place and drops what says the same of the same place.
impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        let mut all: Vec<Diagnostic> = diagnostics.into_iter().collect();
        let place = |diagnostic: &Diagnostic| {
            diagnostic
                .place()
                .map(|span| (span.source.rank, span.range.start))
        };
        all.sort_by_key(place);
        let mut kept: Vec<Diagnostic> = Vec::new();
        for one in all {
            let same = |other: &Diagnostic| {
                other.code == one.code
                    && other.summary == one.summary
                    && other.place() == one.place()
            };
            if !kept
                .iter()
                .rev()
                .take_while(|other| place(other) == place(&one))
                .any(same)
            {
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
