//! The document: what is to be shown, before anybody decides how it looks.

/// What a piece of text is. [`super::style`] says how that looks.
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
    /// A value as it was, and as it will be.
    Old,
    New,
    /// A value that only applying will tell.
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

    /// How many columns it takes.
    pub fn width(&self) -> usize {
        self.0.iter().map(|span| span.text.chars().count()).sum()
    }
}

/// A resource and what happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub label: Label,
    /// `+`, `-/+`: what the label says, for those who see no colour.
    pub sign: &'static str,
    pub line: Line,
    pub properties: Vec<Property>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    pub name: String,
    pub value: Delta,
    /// What to know of it, such as `forces replacement`.
    pub mark: Option<&'static str>,
}

/// A value, or how it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delta {
    Is(Line),
    Turns {
        before: Line,
        after: Line,
    },
    /// A text of several lines, as what goes and what comes.
    Lines(Vec<(Side, String)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Both,
    Before,
    After,
    /// Lines that are left out here.
    Gap,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Heading(Line),
    /// A component, above what belongs to it.
    Group(String),
    Item(Item),
    /// Rows whose columns stand below one another.
    Rows(Vec<Vec<Line>>),
    /// Something to know, of what, and what to do about it.
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
