//! Converts conditions between the spec's shapes and the SDK's.
use crate::kinds::elb::listener_rule::{Condition, HttpHeader, KeyValue, QueryString, Values};
use aws_sdk_elasticloadbalancingv2::types::{
    HostHeaderConditionConfig, HttpHeaderConditionConfig, HttpRequestMethodConditionConfig,
    PathPatternConditionConfig, QueryStringConditionConfig, QueryStringKeyValuePair, RuleCondition,
    SourceIpConditionConfig,
};
use std::collections::BTreeSet;

/// Conditions in the SDK's shape.
pub fn to_sdk(conditions: &BTreeSet<Condition>) -> Vec<RuleCondition> {
    conditions.iter().map(condition).collect()
}

fn condition(condition: &Condition) -> RuleCondition {
    let to = RuleCondition::builder();
    let list = |values: &BTreeSet<String>| Some(values.iter().cloned().collect());
    let to = match condition {
        Condition::PathPattern { path_pattern_config: of } => {
            to.field("path-pattern").path_pattern_config(
                PathPatternConditionConfig::builder().set_values(list(&of.values)).build(),
            )
        }
        Condition::HostHeader { host_header_config: of } => {
            to.field("host-header").host_header_config(
                HostHeaderConditionConfig::builder().set_values(list(&of.values)).build(),
            )
        }
        Condition::HttpRequestMethod { http_request_method_config: of } => {
            to.field("http-request-method").http_request_method_config(
                HttpRequestMethodConditionConfig::builder().set_values(list(&of.values)).build(),
            )
        }
        Condition::HttpHeader { http_header_config: of } => {
            to.field("http-header").http_header_config(
                HttpHeaderConditionConfig::builder()
                    .http_header_name(&of.http_header_name)
                    .set_values(list(&of.values))
                    .build(),
            )
        }
        Condition::SourceIp { source_ip_config: of } => to.field("source-ip").source_ip_config(
            SourceIpConditionConfig::builder().set_values(list(&of.values)).build(),
        ),
        Condition::QueryString { query_string_config: of } => {
            let pair = |of: &KeyValue| {
                let to = QueryStringKeyValuePair::builder().set_key(of.key.clone());
                to.value(&of.value).build()
            };
            let pairs = of.values.iter().map(pair).collect();
            to.field("query-string").query_string_config(
                QueryStringConditionConfig::builder().set_values(Some(pairs)).build(),
            )
        }
    };
    to.build()
}

/// Conditions from the SDK's shape. A condition that the spec does not model is left out, so that
/// it shows as a difference.
pub fn from_sdk(conditions: Option<Vec<RuleCondition>>) -> BTreeSet<Condition> {
    conditions.unwrap_or_default().into_iter().filter_map(read).collect()
}

fn read(of: RuleCondition) -> Option<Condition> {
    let values =
        |list: Option<Vec<String>>| Values { values: list.into_iter().flatten().collect() };
    // AWS also returns paths and hosts in `Values`; older responses have them only there.
    let common = of.values;
    Some(match of.field.as_deref()? {
        "path-pattern" => {
            let list = of.path_pattern_config.and_then(|of| of.values).or(common);
            Condition::PathPattern { path_pattern_config: values(list) }
        }
        "host-header" => {
            let list = of.host_header_config.and_then(|of| of.values).or(common);
            Condition::HostHeader { host_header_config: values(list) }
        }
        "http-request-method" => Condition::HttpRequestMethod {
            http_request_method_config: values(of.http_request_method_config?.values),
        },
        "http-header" => {
            let of = of.http_header_config?;
            let http_header_config = HttpHeader {
                http_header_name: of.http_header_name.unwrap_or_default(),
                values: values(of.values).values,
            };
            Condition::HttpHeader { http_header_config }
        }
        "source-ip" => {
            Condition::SourceIp { source_ip_config: values(of.source_ip_config?.values) }
        }
        "query-string" => {
            let pairs = of.query_string_config?.values.unwrap_or_default().into_iter();
            let pair = |of: QueryStringKeyValuePair| KeyValue {
                key: of.key.filter(|key| !key.is_empty()),
                value: of.value.unwrap_or_default(),
            };
            Condition::QueryString {
                query_string_config: QueryString { values: pairs.map(pair).collect() },
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_read_back_as_sent() {
        let values =
            |list: &[&str]| Values { values: list.iter().map(|v| v.to_string()).collect() };
        let pair = KeyValue { key: None, value: "1".into() };
        let conditions = BTreeSet::from([
            Condition::PathPattern { path_pattern_config: values(&["/b", "/a"]) },
            Condition::HostHeader { host_header_config: values(&["example.org"]) },
            Condition::HttpRequestMethod { http_request_method_config: values(&["GET"]) },
            Condition::HttpHeader {
                http_header_config: HttpHeader {
                    http_header_name: "X-Origin".into(),
                    values: values(&["a"]).values,
                },
            },
            Condition::SourceIp { source_ip_config: values(&["10.0.0.0/8"]) },
            Condition::QueryString {
                query_string_config: QueryString { values: BTreeSet::from([pair]) },
            },
        ]);
        assert_eq!(from_sdk(Some(to_sdk(&conditions))), conditions);
    }
}
