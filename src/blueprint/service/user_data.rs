//! `user_data` of a service: what an instance runs at its first boot. Never interpolated: a shell owns
//! its `${}`.

use crate::blueprint::file;
use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;

/// What EC2 takes, before base64.
const MOST_BYTES: usize = 16_384;

/// Text, `{ text: … }` or `{ file: boot/api.sh }`.
pub fn decode(value: Value<'_>) -> Option<String> {
    if value.node.scalar().is_some() {
        return script(value);
    }
    value.fields(|fields| {
        let text = fields.optional("text", script);
        let file = fields.optional("file", script_file);
        match (fields.has("text"), fields.has("file")) {
            (true, true) => {
                fields.clash(
                    code::EITHER_OR,
                    "`text` beside `file`",
                    ("file", "a file"),
                    ("text", "and a text"),
                    "keep one of the two",
                );
                None
            }
            (false, false) => fields.required("file", "file: boot/api.sh", file_path).and(None),
            _ => text.or(file),
        }
    })?
}

fn file_path(value: Value<'_>) -> Option<&str> {
    value.text()
}

fn script(value: Value<'_>) -> Option<String> {
    let text = value.text()?;
    let is_path = !text.contains(char::is_whitespace) && !text.starts_with('#');
    if is_path {
        let report =
            value.error(code::SCRIPT_OR_PATH, "a script that is one word", "is this a file?");
        value.report(report.help(format!("write {{ file: {text} }}")));
        return None;
    }
    within_limit(value, text.to_string())
}

fn script_file(value: Value<'_>) -> Option<String> {
    let text = file::read_text(value)?;
    within_limit(value, text)
}

fn within_limit(value: Value<'_>, text: String) -> Option<String> {
    if text.len() <= MOST_BYTES {
        return Some(text);
    }
    let summary = format!("user data of {} bytes", text.len());
    let report = value.error(code::TOO_LONG, summary, "at most 16384 bytes (16 KiB)");
    value.report(report.help("fetch the rest at boot, from a bucket or an image of your own"));
    None
}
