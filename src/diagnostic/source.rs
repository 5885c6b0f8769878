//! Texts and spans within them.

use std::ops::Range;
use std::sync::Arc;

/// A text that diagnostics mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name that diagnostics print, usually a path as the user wrote it.
    pub name: String,
    pub text: String,
    /// The index among the inputs, by which diagnostics are sorted.
    pub rank: usize,
    /// The byte offset of each line.
    line_starts: Vec<usize>,
}

impl Source {
    pub fn new(name: impl Into<String>, text: impl Into<String>, rank: usize) -> Self {
        let text = text.into();
        let after_newlines = text.match_indices('\n').map(|(newline, _)| newline + 1);
        let line_starts = [0].into_iter().chain(after_newlines).collect();
        Source { name: name.into(), text, rank, line_starts }
    }

    /// Line and column of a byte offset, both from 1. Columns count characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let line = self.line_at(offset);
        let end = self.text.floor_char_boundary(offset);
        let before = self.text.get(self.line_starts[line]..end).unwrap_or_default();
        (line + 1, before.chars().count() + 1)
    }

    /// The index of the line that contains a byte offset.
    pub fn line_at(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The byte range of the lines from index `first` to `last`, cut off at the end of the text.
    pub fn lines(&self, first: usize, last: usize) -> Range<usize> {
        let start = |line: usize| self.line_starts.get(line).copied().unwrap_or(self.text.len());
        start(first)..start(last + 1)
    }
}

/// A range of bytes in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub source: Arc<Source>,
    pub range: Range<usize>,
}

impl Span {
    /// The marked text.
    pub fn text(&self) -> &str {
        self.source.text.get(self.range.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_columns_in_characters_and_lines_from_one() {
        let source = Source::new("test", "ä: b\nc\n", 0);
        assert_eq!(source.line_column(0), (1, 1));
        assert_eq!(source.line_column("ä: ".len()), (1, 4));
        assert_eq!(source.line_column("ä: b\n".len()), (2, 1));
        assert_eq!(source.line_column(1000), (3, 1));
        assert_eq!(source.lines(0, 0), 0.."ä: b\n".len());
        assert_eq!(source.lines(1, 9), "ä: b\n".len()..source.text.len());
    }
}
