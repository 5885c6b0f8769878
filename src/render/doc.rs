//! The document: content with labels, independent of layout and colours.

/// The meaning of a piece of text. [`super::style`] maps it to a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    Plain,
    Heading,
    Muted,
    Create,
    Update,
    Replace,
    Delete,
    Keep,
    Refuse,
    /// A value before a change.
    Old,
    /// A value after a change.
    New,
    /// A value that is not known before the plan is applied.
    Unknown,
    Error,
    Warning,
    Note,
    Good,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub label: Label,
    pub text: String,
}

/// A line of labelled text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Span>);

impl Line {
    pub fn new(label: Label, text: impl Into<String>) -> Self {
        Line::default().and(label, text)
    }

    pub fn plain(text: impl Into<String>) -> Self {
        Line::new(Label::Plain, text)
    }

    pub fn and(mut self, label: Label, text: impl Into<String>) -> Self {
        self.0.push(Span { label, text: text.into() });
        self
    }

    /// The width in columns.
    pub fn width(&self) -> usize {
        self.0.iter().map(|span| span.text.chars().count()).sum()
    }
}

/// A resource and its change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub label: Label,
    /// `+`, `-/+`: the label as text, for output without colours.
    pub sign: &'static str,
    pub line: Line,
    pub properties: Vec<Property>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    pub name: String,
    pub value: Delta,
    /// A remark, such as `forces replacement`.
    pub mark: Option<&'static str>,
}

/// A value, or its change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delta {
    Is(Line),
    Turns {
        before: Line,
        after: Line,
    },
    /// A change of a multi-line text, as a line diff.
    Lines(Vec<(Side, String)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Both,
    Before,
    After,
    /// Unchanged lines that are omitted; the text says how many.
    Gap,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Heading(Line),
    /// A component, as the heading of its resources.
    Group(String),
    Item(Item),
    /// A table: rows with aligned columns.
    Rows(Vec<Vec<Line>>),
    /// A message with its severity, and what to do about it.
    Note {
        label: Label,
        severity: &'static str,
        message: String,
        help: Option<String>,
    },
    Text(Line),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document(pub Vec<Block>);

impl Document {
    pub fn push(&mut self, block: Block) {
        self.0.push(block);
    }

    pub fn text(&mut self, line: Line) {
        self.push(Block::Text(line));
    }
}
