//! The colour of each label. No other module knows about colours.
use super::doc::Label;
use anstyle::{AnsiColor, Style};

pub fn style(label: Label) -> Style {
    let colour = |colour: AnsiColor| colour.on_default();
    match label {
        Label::Plain => Style::new(),
        Label::Heading => Style::new().bold(),
        Label::Muted => Style::new().dimmed(),
        Label::Create | Label::New | Label::Good => colour(AnsiColor::Green),
        Label::Update => colour(AnsiColor::Yellow),
        Label::Delete | Label::Old => colour(AnsiColor::Red),
        Label::Replace => colour(AnsiColor::Magenta),
        Label::Keep | Label::Note => colour(AnsiColor::Cyan),
        Label::Unknown => colour(AnsiColor::Blue),
        Label::Refuse | Label::Error => colour(AnsiColor::Red).bold(),
        Label::Warning => colour(AnsiColor::Yellow).bold(),
    }
}

/// The text with the ANSI colours of its label. The output stream strips them where colours are
/// disabled.
pub fn paint(label: Label, text: &str) -> String {
    let style = style(label);
    format!("{style}{text}{style:#}")
}
