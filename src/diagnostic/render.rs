//! Diagnostics as text for people, drawn by `miette`.

use anstyle::{AnsiColor, Style};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};
use std::fmt::{self, Write};
use std::ops::Range;
use std::sync::Arc;
use textwrap::{WordSeparator, WordSplitter};

use super::{Diagnostic, Diagnostics, Label, Severity, Source, Span};

const WIDTH: usize = 100;
/// Lines longer than this are not shown: they would fill the screen.
const LONGEST_LINE: usize = 400;

pub fn render(diagnostics: &Diagnostics, colour: bool) -> String {
    let theme = match colour {
        true => GraphicalTheme::unicode(),
        false => GraphicalTheme::unicode_nocolor(),
    };
    // Wrap at spaces only: by default, names such as `load-balancer.main` are broken at hyphens.
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(WIDTH)
        .with_break_words(false)
        .with_word_separator(WordSeparator::AsciiSpace)
        .with_word_splitter(WordSplitter::NoHyphenation);
    let rendered: Vec<String> =
        diagnostics.iter().map(|one| render_one(one, &handler, colour)).collect();
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
    let what = format!("{style}{severity}[{code}]{style:#}: {summary}");
    match diagnostic.place() {
        None => what,
        Some(span) => {
            let (line, column) = span.source.line_column(span.range.start);
            format!("{}:{line}:{column}: {what}", span.source.name)
        }
    }
}

/// The head, the marked lines of each source, and the help.
fn render_one(diagnostic: &Diagnostic, handler: &GraphicalReportHandler, colour: bool) -> String {
    let mut text = head(diagnostic, colour);
    text.push('\n');
    let snippets = snippets(diagnostic);
    for snippet in &snippets {
        let mut marked = String::new();
        // The handler writes into a string, which cannot fail.
        let _ = handler.render_report(&mut marked, snippet);
        let corner = marked.find('╭').unwrap_or_default();
        let start = marked[..corner].rfind('\n').map_or(0, |newline| newline + 1);
        text.push_str(&marked[start..]);
    }
    if snippets.is_empty()
        && let Some(help) = &diagnostic.help
    {
        let _ = writeln!(text, "  help: {help}");
    }
    text
}

/// One snippet for each source that labels point into; the last carries the help.
fn snippets(diagnostic: &Diagnostic) -> Vec<Snippet> {
    let mut snippets: Vec<Snippet> = Vec::new();
    for (index, label) in diagnostic.labels.iter().enumerate() {
        if !can_show(&label.span) {
            continue;
        }
        let source = &label.span.source;
        let at = snippets.iter().position(|snippet| Arc::ptr_eq(&snippet.text.0, source));
        let at = at.unwrap_or_else(|| {
            let text = Text(source.clone());
            let severity = diagnostic.severity;
            snippets.push(Snippet { text, severity, labels: Vec::new(), help: None });
            snippets.len() - 1
        });
        snippets[at].labels.push(labelled(label, index == 0));
    }
    if let Some(last) = snippets.last_mut() {
        last.help.clone_from(&diagnostic.help);
    }
    snippets
}

fn labelled(label: &Label, is_primary: bool) -> LabeledSpan {
    let range = first_line(&label.span);
    let text = Some(label.text.clone()).filter(|text| !text.is_empty());
    match is_primary {
        true => LabeledSpan::new_primary_with_span(text, range),
        false => LabeledSpan::new_with_span(text, range),
    }
}

/// Whether the line and those around it are short enough.
fn can_show(span: &Span) -> bool {
    let line = span.source.line_at(span.range.start);
    let around = span.source.lines(line.saturating_sub(1), line + 1);
    let text = span.source.text.get(around).unwrap_or_default();
    text.lines().all(|line| line.len() <= LONGEST_LINE)
}

/// At most the rest of the line it starts on: whole blocks would drown the place.
fn first_line(span: &Span) -> Range<usize> {
    let text = &span.source.text;
    let start = text.floor_char_boundary(span.range.start);
    let end = text.floor_char_boundary(span.range.end).max(start);
    let line_end = text[start..end].find(['\r', '\n']).map_or(end, |newline| start + newline);
    start..line_end
}

/// What `miette` draws: it knows one source a diagnostic.
#[derive(Debug)]
struct Snippet {
    text: Text,
    severity: Severity,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
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
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.text)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// Finds lines by the source's own index: `miette` would read the text from its start each time.
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
}
