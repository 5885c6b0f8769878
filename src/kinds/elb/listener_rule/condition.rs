//! Conditions that a request has to match for a rule to apply.
use crate::names::ORIGIN_HEADER;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "Field", rename_all = "kebab-case", rename_all_fields = "PascalCase")]
#[serde(deny_unknown_fields)]
pub enum Condition {
    PathPattern { path_pattern_config: Values },
    HostHeader { host_header_config: Values },
    HttpRequestMethod { http_request_method_config: Values },
    HttpHeader { http_header_config: HttpHeader },
    SourceIp { source_ip_config: Values },
    QueryString { query_string_config: QueryString },
}

impl Condition {
    /// The values of the header in which a CDN sends its origin secret, if this condition is about
    /// that header. They may be references to secrets.
    pub fn origin_secrets(&self) -> Option<&BTreeSet<String>> {
        let Condition::HttpHeader { http_header_config: of } = self else { return None };
        of.http_header_name.eq_ignore_ascii_case(ORIGIN_HEADER).then_some(&of.values)
    }

    /// The same condition with other values of that header.
    #[must_use]
    pub fn with_origin_secrets(&self, values: BTreeSet<String>) -> Condition {
        let Condition::HttpHeader { http_header_config: of } = self else { return self.clone() };
        let http_header_name = of.http_header_name.clone();
        Condition::HttpHeader { http_header_config: HttpHeader { http_header_name, values } }
    }
}

/// A request has to match one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Values {
    pub values: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct HttpHeader {
    pub http_header_name: String,
    pub values: BTreeSet<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct QueryString {
    pub values: BTreeSet<KeyValue>,
}

/// A parameter. Without a key, any parameter with this value matches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct KeyValue {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    pub value: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json, to_value};

    #[test]
    fn sorts_conditions_and_their_values() {
        let given = json!([
            { "Field": "http-request-method", "HttpRequestMethodConfig": { "Values": ["PUT", "GET"] } },
            { "Field": "path-pattern", "PathPatternConfig": { "Values": ["/b/*", "/a/*"] } },
        ]);
        let read: BTreeSet<Condition> = from_value(given).unwrap();
        let canonical = json!([
            { "Field": "path-pattern", "PathPatternConfig": { "Values": ["/a/*", "/b/*"] } },
            { "Field": "http-request-method", "HttpRequestMethodConfig": { "Values": ["GET", "PUT"] } },
        ]);
        assert_eq!(to_value(read).unwrap(), canonical);
    }
}
