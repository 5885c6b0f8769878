//! Renders a document as coloured text with indents, blank lines and columns. Lines are never
//! wrapped, so that names stay whole and can be searched and copied.
use super::doc::{Block, Delta, Document, Item, Label, Line, Property, Side};
use super::style::paint;

/// Columns before the items of a group.
const INDENT: usize = 2;
/// Columns before the properties of a resource.
const PROPERTY_INDENT: usize = 8;
/// The widest sign, `-/+`.
const SIGN_WIDTH: usize = 3;

/// The document as text; every line ends in a newline.
pub fn text(document: &Document) -> String {
    let mut text = String::new();
    let mut last: Option<&Block> = None;
    let mut indent = 0;
    for block in &document.0 {
        if last.is_some_and(|last| apart(last, block)) {
            text.push('\n');
        }
        if matches!(block, Block::Group(_)) {
            indent = INDENT;
        }
        write(block, indent, &mut text);
        last = Some(block);
    }
    text
}

/// Whether a blank line separates two blocks.
fn apart(above: &Block, below: &Block) -> bool {
    match (above, below) {
        (_, Block::Group(_)) => true,
        (Block::Group(_), _) => false,
        _ => std::mem::discriminant(above) != std::mem::discriminant(below),
    }
}

/// Writes a block. `indent` applies to rows: 0 before the first group.
fn write(block: &Block, indent: usize, text: &mut String) {
    match block {
        Block::Heading(heading) => push(text, 0, &line(heading)),
        Block::Text(plain) => push(text, 0, &line(plain)),
        Block::Group(name) => push(text, 0, &paint(Label::Heading, name)),
        Block::Item(item) => write_item(item, text),
        Block::Rows(rows) => write_rows(rows, indent, text),
        Block::Note { label, severity, message, help } => {
            push(text, 0, &format!("{} {message}", paint(*label, &format!("{severity}:"))));
            if let Some(help) = help {
                push(text, INDENT, &format!("{} {help}", paint(Label::Muted, "help:")));
            }
        }
    }
}

fn push(text: &mut String, indent: usize, line: &str) {
    for part in line.lines() {
        if !part.is_empty() {
            text.push_str(&" ".repeat(indent));
            text.push_str(part);
        }
        text.push('\n');
    }
}

/// A line with its colours.
pub fn line(line: &Line) -> String {
    line.0.iter().map(|span| paint(span.label, &span.text)).collect()
}

fn write_item(item: &Item, text: &mut String) {
    let sign = format!("{:>width$}", item.sign, width = SIGN_WIDTH);
    let head = format!("{} {}", paint(item.label, &sign), line(&item.line));
    push(text, INDENT, &head);
    item.properties.iter().for_each(|property| write_property(property, text));
}

fn write_property(property: &Property, text: &mut String) {
    let mark = property.mark.map(|mark| paint(Label::Replace, &format!(" ({mark})")));
    let mark = mark.unwrap_or_default();
    let name = &property.name;
    match &property.value {
        Delta::Is(value) => push(text, PROPERTY_INDENT, &format!("{name}: {}{mark}", line(value))),
        Delta::Turns { before, after } => {
            let turns = format!("{name}: {} → {}{mark}", line(before), line(after));
            push(text, PROPERTY_INDENT, &turns);
        }
        Delta::Lines(lines) => {
            push(text, PROPERTY_INDENT, &format!("{name}:{mark}"));
            for (side, content) in lines {
                push(text, PROPERTY_INDENT + INDENT, &changed_line(*side, content));
            }
        }
    }
}

fn changed_line(side: Side, content: &str) -> String {
    match side {
        Side::Both if content.is_empty() => String::from("\n"),
        Side::Both => paint(Label::Muted, &format!("  {content}")),
        Side::Before => paint(Label::Old, &format!("- {content}")),
        Side::After => paint(Label::New, &format!("+ {content}")),
        Side::Gap => paint(Label::Muted, &format!("  … {content}")),
    }
}

/// Aligns each column to its widest cell, without trailing spaces.
fn write_rows(rows: &[Vec<Line>], indent: usize, text: &mut String) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(Line::width).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let last = row.iter().rposition(|cell| cell.width() > 0).map_or(0, |at| at + 1);
        let mut whole = String::new();
        for (at, (cell, width)) in row.iter().zip(&widths).take(last).enumerate() {
            whole.push_str(&line(cell));
            if at + 1 < last {
                whole.push_str(&" ".repeat(width - cell.width() + 2));
            }
        }
        push(text, indent, &whole);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_wraps_a_line() {
        let address = "load-balancer.public-entry-point-of-the-orders-api";
        let message = format!("{address}: {}", [address; 5].join(", "));
        let help = Some([address; 5].join(" "));
        let note = Block::Note { label: Label::Note, severity: "note", message, help };
        let text = text(&Document(vec![note]));
        assert_eq!(text.lines().count(), 2, "{text}");
        assert_eq!(text.matches(address).count(), 11, "{text}");
    }
}
