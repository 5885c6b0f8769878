//! `user_data` of a service: the script that an instance runs at its first boot. tenfold never
//! replaces variables in it, because `${}` belongs to the shell.

use crate::blueprint::file;
use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;

/// EC2's limit, before base64 encoding.
const MAX_BYTES: usize = 16_384;

/// Text, `{ text: … }` or `{ file: boot/api.sh }`.
pub(super) fn decode(value: Value<'_>) -> Option<String> {
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
                    "both `text` and `file` are set",
                    ("file", "the script as a file"),
                    ("text", "the script as text"),
                    "remove `text` or `file`",
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
    let may_be_path = !text.contains(char::is_whitespace) && !text.starts_with('#');
    if may_be_path {
        let summary = "the script is a single word";
        let report = value.error(code::SCRIPT_OR_PATH, summary, "looks like a file name");
        value.report(report.help(format!("to read a file, write {{ file: {text} }}")));
        return None;
    }
    within_limit(value, text.to_string())
}

fn script_file(value: Value<'_>) -> Option<String> {
    let text = file::read_text(value)?;
    within_limit(value, text)
}

fn within_limit(value: Value<'_>, text: String) -> Option<String> {
    if text.len() <= MAX_BYTES {
        return Some(text);
    }
    let summary = format!("the user data has {} bytes", text.len());
    let report = value.error(code::TOO_LONG, summary, "EC2 accepts at most 16384 bytes (16 KiB)");
    value.report(
        report.help("download the rest at boot from a bucket, or include it in a custom image"),
    );
    None
}
