//! Renders rows of named values, such as query results, as a table or as JSON.
use super::doc::{Block, Document, Label, Line};
use serde_json::{Map, Value};

/// Fields and values, in the order in which AWS returned them.
pub type Row = Vec<(String, String)>;

/// A table with a column for each field that any row has.
pub fn table(rows: &[Row]) -> Document {
    let mut document = Document::default();
    let fields = fields(rows);
    let value = |row: &Row, field: &str| {
        let found = row.iter().find(|(name, _)| name == field);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let mut lines = Vec::new();
    if !fields.is_empty() {
        lines.push(fields.iter().map(|field| Line::new(Label::Muted, *field)).collect());
        let line = |row| fields.iter().map(|field| Line::plain(value(row, field))).collect();
        lines.extend(rows.iter().map(line));
        document.push(Block::Rows(lines));
    }
    let count = match rows.len() {
        1 => "1 row.".to_string(),
        rows => format!("{rows} rows."),
    };
    document.text(Line::plain(count));
    document
}

/// A JSON array with one object per row.
pub fn objects(rows: &[Row]) -> Value {
    let object = |row: &Row| {
        let fields = row.iter().map(|(field, value)| (field.clone(), value.clone().into()));
        Value::Object(fields.collect::<Map<_, _>>())
    };
    rows.iter().map(object).collect()
}

fn fields(rows: &[Row]) -> Vec<&str> {
    let mut fields: Vec<&str> = Vec::new();
    for (field, _) in rows.iter().flatten() {
        if !fields.contains(&field.as_str()) {
            fields.push(field);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;

    #[test]
    fn rows_may_have_different_fields() {
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        let rows = vec![vec![pair("route", "/a"), pair("p99", "12")], vec![pair("p99", "3")]];
        let shown = text(&table(&rows));
        let lines: Vec<Vec<&str>> =
            shown.lines().map(|line| line.split_whitespace().collect()).collect();
        assert!(lines[0][0].contains("route") && lines[0][1].contains("p99"), "{shown}");
        assert_eq!(lines[2], ["3"], "{shown}");
        assert_eq!(objects(&rows)[1]["p99"], "3");
        assert_eq!(text(&table(&[])).trim(), "0 rows.");
    }
}
