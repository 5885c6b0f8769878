//! Files that a blueprint names, such as scripts and API documents.

use super::language::code;
use super::language::decode::Value;

/// The text of the file whose path is `value`. The path is relative to the directory of the file
/// that names it. Reports a file that cannot be read or is not UTF-8.
pub(super) fn read_text(value: Value<'_>) -> Option<String> {
    let path = value.text()?;
    let naming_file = value.node.position.span.source.name.as_str();
    let bytes = (value.decoder.read)(naming_file, path)
        .map_err(|reason| report_unreadable(value, path, &reason))
        .ok()?;
    String::from_utf8(bytes)
        .map_err(|_| report_unreadable(value, path, "it is not UTF-8 text"))
        .ok()
}

/// Reports that the file at `path`, which `value` names, cannot be used.
pub(super) fn report_unreadable(value: Value<'_>, path: &str, reason: &str) {
    let naming_file = value.node.position.span.source.name.as_str();
    let summary = format!("cannot read `{path}`: {reason}");
    let report = value.error(code::UNREADABLE_FILE, summary, "file named here");
    value.report(report.help(format!("the path is relative to the directory of {naming_file}")));
}
