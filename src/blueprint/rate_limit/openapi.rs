//! `openapi` of an API: an OpenAPI document that describes its operations.

use serde_json::{Map, Value as Json};
use std::sync::Arc;

use crate::blueprint::file;
use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;
use crate::blueprint::language::parse::parse;
use crate::blueprint::overrides;
use crate::diagnostic::Source;

/// API Gateway's limit for the size of a document.
const MAX_BYTES: usize = 6 * 1024 * 1024;

/// `{ file: api.yaml }`: OpenAPI 3.0, in YAML or JSON.
pub(super) fn decode(value: Value<'_>) -> Option<Map<String, Json>> {
    value.fields(|fields| fields.required("file", "file: openapi.yaml", document))?
}

fn document(value: Value<'_>) -> Option<Map<String, Json>> {
    let path = value.text()?;
    let text = file::read_text(value)?;
    if text.len() > MAX_BYTES {
        file::report_unreadable(value, path, "it is larger than 6 MiB");
        return None;
    }
    let source = Arc::new(Source::new(path, text, usize::MAX));
    let mut reports = Vec::new();
    let tree = parse(&source, 0, &mut reports);
    reports.into_iter().for_each(|report| value.report(report));
    let tree = tree.map_err(|report| value.report(report)).ok()?;
    let document = overrides::to_json(Value { node: &tree, ..value })?;
    if !is_openapi(&document) {
        let report = value.error(
            code::NOT_OPENAPI,
            format!("`{path}` is not an OpenAPI 3.0 document"),
            "file named here",
        );
        let help = "API Gateway needs OpenAPI 3.0: add `openapi: 3.0.1` and `paths` to the file";
        value.report(report.help(help));
        return None;
    }
    Some(document)
}

/// Whether API Gateway supports the version of the document, and whether it has paths.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html>
fn is_openapi(document: &Map<String, Json>) -> bool {
    let version = document.get("openapi").and_then(Json::as_str).unwrap_or_default();
    version.starts_with("3.0") && document.get("paths").is_some_and(Json::is_object)
}
