//! What a request must be like for a rule to be for it.
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
    /// The values of the header by which a CDN proves itself, if it is that one's condition. They
    /// may stand for secrets.
    pub fn proofs(&self) -> Option<&BTreeSet<String>> {
        let Condition::HttpHeader { http_header_config: of } = self else { return None };
        of.http_header_name.eq_ignore_ascii_case(ORIGIN_HEADER).then_some(&of.values)
    }

    /// The same condition with other values of that header.
    #[must_use]
    pub fn with_proofs(&self, values: BTreeSet<String>) -> Condition {
        let Condition::HttpHeader { http_header_config: of } = self else { return self.clone() };
        let http_header_name = of.http_header_name.clone();
        Condition::HttpHeader { http_header_config: HttpHeader { http_header_name, values } }
    }
}

/// One of these.
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

/// A parameter; without a key, any that has this value.
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
    fn conditions_and_their_values_are_in_one_order() {
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
