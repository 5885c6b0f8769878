//! Renders diagnostics as text for people. `miette` draws the marked lines.

use anstyle::{AnsiColor, Style};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};
use std::fmt::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use super::wrap::wrap;
use super::{Diagnostic, Diagnostics, Label, Severity, Source, Span};

const WIDTH: usize = 100;
const HELP: &str = "  help: ";
/// Source lines with more bytes are not shown, because they would fill the screen.
const MAX_LINE: usize = 400;

pub fn render(diagnostics: &Diagnostics, colour: bool) -> String {
    let theme = match colour {
        true => GraphicalTheme::unicode(),
        false => GraphicalTheme::unicode_nocolor(),
    };
    let handler = GraphicalReportHandler::new_themed(theme);
    let rendered: Vec<String> =
        diagnostics.iter().map(|diagnostic| render_one(diagnostic, &handler, colour)).collect();
    rendered.join("\n")
}

/// `file:line:column: error[E0101]: summary`
pub fn head(diagnostic: &Diagnostic, colour: bool) -> String {
    let Diagnostic { severity, code, summary, .. } = diagnostic;
    let style = match (colour, severity) {
        (false, _) => Style::new(),
        (true, Severity::Error) => AnsiColor::Red.on_default().bold(),
        (true, Severity::Warning) => AnsiColor::Yellow.on_default().bold(),
    };
    let message = format!("{style}{severity}[{code}]{style:#}: {summary}");
    match diagnostic.primary_span() {
        None => message,
        Some(span) => {
            let (line, column) = span.source.line_column(span.range.start);
            format!("{}:{line}:{column}: {message}", span.source.name)
        }
    }
}

/// The head, the marked lines of each source, and the help.
fn render_one(diagnostic: &Diagnostic, handler: &GraphicalReportHandler, colour: bool) -> String {
    let mut text = head(diagnostic, colour);
    text.push('\n');
    for snippet in &snippets(diagnostic) {
        let mut drawing = String::new();
        // `handler` writes into a string, which cannot fail.
        let _ = handler.render_report(&mut drawing, snippet);
        let corner = drawing.find('╭').unwrap_or_default();
        let start = drawing[..corner].rfind('\n').map_or(0, |newline| newline + 1);
        text.push_str(&drawing[start..]);
    }
    if let Some(help) = &diagnostic.help {
        text.push_str(&render_help(help, colour));
    }
    text
}

/// The help below the snippets. `miette` would break its lines within backquotes.
fn render_help(help: &str, colour: bool) -> String {
    let style = if colour { AnsiColor::Cyan.on_default() } else { Style::new() };
    let mut text = String::new();
    for (index, line) in wrap(help, WIDTH - HELP.len()).iter().enumerate() {
        // Writing into a string cannot fail.
        let _ = match index {
            0 => writeln!(text, "{style}{HELP}{style:#}{line}"),
            _ => writeln!(text, "{:indent$}{line}", "", indent = HELP.len()),
        };
    }
    text
}

/// One snippet for each source that the labels mark.
fn snippets(diagnostic: &Diagnostic) -> Vec<Snippet> {
    let mut snippets: Vec<Snippet> = Vec::new();
    for (index, label) in diagnostic.labels.iter().enumerate() {
        if !can_show(&label.span) {
            continue;
        }
        let source = &label.span.source;
        let known = snippets.iter().position(|snippet| Arc::ptr_eq(&snippet.text.0, source));
        let known = known.unwrap_or_else(|| {
            let text = Text(source.clone());
            let severity = diagnostic.severity;
            snippets.push(Snippet { text, severity, labels: Vec::new() });
            snippets.len() - 1
        });
        snippets[known].labels.push(to_miette(label, index == 0));
    }
    snippets
}

fn to_miette(label: &Label, is_primary: bool) -> LabeledSpan {
    let range = first_line(&label.span);
    let text = Some(label.text.clone()).filter(|text| !text.is_empty());
    match is_primary {
        true => LabeledSpan::new_primary_with_span(text, range),
        false => LabeledSpan::new_with_span(text, range),
    }
}

/// Whether the line and its neighbours are short enough to be shown.
fn can_show(span: &Span) -> bool {
    let line = span.source.line_at(span.range.start);
    let around = span.source.lines(line.saturating_sub(1), line + 1);
    let text = span.source.text.get(around).unwrap_or_default();
    text.lines().all(|line| line.len() <= MAX_LINE)
}

/// The part of the span on its first line. A marked block of many lines would hide its position.
fn first_line(span: &Span) -> Range<usize> {
    let text = &span.source.text;
    let start = text.floor_char_boundary(span.range.start);
    let end = text.floor_char_boundary(span.range.end).max(start);
    let line_end = text[start..end].find(['\r', '\n']).map_or(end, |newline| start + newline);
    start..line_end
}

/// What `miette` draws. Its diagnostics have one source each.
#[derive(Debug)]
struct Snippet {
    text: Text,
    severity: Severity,
    labels: Vec<LabeledSpan>,
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

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.text)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// Finds lines by the index of the source. `miette` would scan the text from its start each time.
#[derive(Debug)]
struct Text(Arc<Source>);

impl SourceCode for Text {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let source = &self.0;
        let first = source.line_at(span.offset()).saturating_sub(lines_before);
        let last = source.line_at(span.offset() + span.len().saturating_sub(1)) + lines_after;
        let mut range = source.lines(first, last);
        let (line, mut column) = (first, 0);
        if lines_before == 0 {
            let start = source.text.floor_char_boundary(span.offset());
            column = source.line_column(start).1 - 1;
            range.start = start;
        }
        let text = source.text.get(range.clone()).ok_or(MietteError::OutOfBounds)?;
        let span = SourceSpan::from(range);
        let contents = MietteSpanContents::new_named(
            source.name.clone(),
            text.as_bytes(),
            span,
            line,
            column,
            last,
        );
        Ok(Box::new(contents))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_help_at_spaces_only() {
        let name = "load_balancers.public-entry-point/of-the-orders-api.yaml";
        let source = Arc::new(Source::new("shop.yaml", "stack: shop\n", 0));
        let span = Span { source, range: 0..5 };
        let diagnostic =
            Diagnostic::error("E0000", "wrong").label(span, "here").help([name; 5].join(" or "));
        let text = render(&Diagnostics::from_iter([diagnostic]), false);
        assert_eq!(text.matches(name).count(), 5, "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    }

    #[test]
    fn keeps_names_whole_in_a_wrapped_help() {
        let source = Arc::new(Source::new("shop.yaml", "stack: shop\n", 0));
        let help = "add `domain: api.example.com`, for which tenfold requests a certificate, or set \
                    `scheme: internet-facing` of the entry point";
        let diagnostic = Diagnostic::error("E0522", "no certificate")
            .label(Span { source, range: 0..5 }, "here")
            .help(help);
        let text = render(&[diagnostic].into_iter().collect(), false);
        let expected = "  help: add `domain: api.example.com`, for which tenfold requests a certificate, \
                        or set\n        `scheme: internet-facing` of the entry point\n";
        assert!(text.ends_with(expected), "{text}");
        assert!(text.contains("1 │ stack: shop"), "{text}");
    }
}
