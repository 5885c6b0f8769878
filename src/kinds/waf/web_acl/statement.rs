//! Statements: the conditions of a rule on a request,
//! <https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements.html>.
use super::rule::RuleActionOverride;
use crate::names::ORIGIN_HEADER;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A condition on a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Statement {
    #[serde(rename = "RateBasedStatement")]
    RateBased(RateBased),
    #[serde(rename = "ManagedRuleGroupStatement")]
    ManagedRuleGroup(ManagedRuleGroup),
    #[serde(rename = "IPSetReferenceStatement")]
    IpSetReference(IpSetReference),
    #[serde(rename = "GeoMatchStatement")]
    GeoMatch(GeoMatch),
    #[serde(rename = "ByteMatchStatement")]
    ByteMatch(ByteMatch),
    #[serde(rename = "RegexMatchStatement")]
    RegexMatch(RegexMatch),
    #[serde(rename = "AndStatement")]
    And(Statements),
    #[serde(rename = "OrStatement")]
    Or(Statements),
    #[serde(rename = "NotStatement")]
    Not(Box<Not>),
    /// Another type, which a live rule can have and tenfold never sets.
    Other(Empty),
}

impl Statement {
    /// All byte matches, including nested ones.
    pub fn byte_matches(&mut self) -> Vec<&mut ByteMatch> {
        match self {
            Statement::ByteMatch(found) => vec![found],
            Statement::And(all) | Statement::Or(all) => {
                all.statements.iter_mut().flat_map(Statement::byte_matches).collect()
            }
            Statement::Not(not) => not.statement.byte_matches(),
            Statement::RateBased(rate) => {
                rate.scope_down_statement.iter_mut().flat_map(|s| s.byte_matches()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The values of the origin header that the statement accepts. Each is a value or a reference to a
    /// secret. `None` if the statement checks anything else.
    pub fn origin_secrets(&self) -> Option<BTreeSet<String>> {
        match self {
            Statement::ByteMatch(found) if found.is_origin_header() => {
                Some(BTreeSet::from([found.search_string.clone()]))
            }
            Statement::Or(any) => {
                let each: Option<Vec<_>> =
                    any.statements.iter().map(Statement::origin_secrets).collect();
                each.map(|each| each.into_iter().flatten().collect())
            }
            _ => None,
        }
    }

    /// The same statement with other values of the origin header: one byte match for each.
    #[must_use]
    pub fn with_origin_secrets(&self, values: BTreeSet<String>) -> Statement {
        let mut copy = self.clone();
        let Some(first) = copy.byte_matches().into_iter().next().cloned() else {
            return self.clone();
        };
        let byte_match =
            |search_string| Statement::ByteMatch(ByteMatch { search_string, ..first.clone() });
        let mut statements: Vec<Statement> = values.into_iter().map(byte_match).collect();
        match (statements.len(), statements.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                statements.extend(last);
                Statement::Or(Statements { statements })
            }
        }
    }
}

/// An object without properties.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Empty {}

/// Matches requests with the same key once there are more than `limit` of them within the window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RateBased {
    /// 10 to 2,000,000,000.
    pub limit: i64,
    /// In seconds: 60, 120, 300 or 600.
    pub evaluation_window_sec: i64,
    /// `IP` or `CUSTOM_KEYS`.
    pub aggregate_key_type: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom_keys: Vec<CustomKey>,
    /// Only requests that match this statement count. `None`: all requests count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_down_statement: Option<Box<Statement>>,
}

/// A part of a request by which a rate-based rule groups requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CustomKey {
    Header(RateHeader),
    /// Another type, which tenfold never sets.
    Other(Empty),
}

/// The value of a header, as a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RateHeader {
    pub name: String,
    pub text_transformations: Vec<Transformation>,
}

/// A group of rules that AWS or another vendor maintains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ManagedRuleGroup {
    pub vendor_name: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rule_action_overrides: Vec<RuleActionOverride>,
}

/// Matches requests from the addresses of an IP set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct IpSetReference {
    pub arn: String,
}

/// Matches requests from countries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct GeoMatch {
    /// Two-letter ISO 3166 codes.
    pub country_codes: BTreeSet<String>,
}

/// Matches requests of which one part contains a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ByteMatch {
    /// A text, or a reference to a secret that contains it.
    pub search_string: String,
    pub field_to_match: Field,
    pub text_transformations: Vec<Transformation>,
    /// `EXACTLY`, `STARTS_WITH`, `ENDS_WITH`, `CONTAINS`.
    pub positional_constraint: String,
}

impl ByteMatch {
    /// Whether this matches the header in which a CDN sends its origin secret.
    pub fn is_origin_header(&self) -> bool {
        let Field::SingleHeader(header) = &self.field_to_match else { return false };
        header.name.eq_ignore_ascii_case(ORIGIN_HEADER)
    }
}

/// Matches requests of which one part matches a regular expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RegexMatch {
    pub regex_string: String,
    pub field_to_match: Field,
    pub text_transformations: Vec<Transformation>,
}

/// The part of a request that a statement inspects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Field {
    SingleHeader(SingleHeader),
    UriPath(Empty),
    Method(Empty),
    /// Another part, which tenfold never sets.
    Other(Empty),
}

/// A header, by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct SingleHeader {
    /// In lower case.
    pub name: String,
}

/// A transformation of the part before the statement inspects it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Transformation {
    pub priority: i32,
    #[serde(rename = "Type")]
    pub kind: String,
}

impl Transformation {
    /// Transformations of these types, applied in this order.
    pub fn all(kinds: &[&str]) -> Vec<Self> {
        let each =
            |(kind, priority): (&&str, i32)| Transformation { priority, kind: kind.to_string() };
        kinds.iter().zip(0..).map(each).collect()
    }
}

/// Two or more statements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Statements {
    pub statements: Vec<Statement>,
}

/// Matches requests that the statement does not match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Not {
    pub statement: Statement,
}
