//! Statements: what a rule looks for in a request,
//! <https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements.html>.
use super::rule::RuleActionOverride;
use crate::names::ORIGIN_HEADER;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
    /// Another sort, which a live rule may have and tenfold never asks for.
    Other(Empty),
}

impl Statement {
    /// Every search for a text, however deep.
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
}

impl Statement {
    /// The values by which it lets a CDN in, and nothing else, if that is what it is for. They may
    /// stand for secrets.
    pub fn proofs(&self) -> Option<BTreeSet<String>> {
        match self {
            Statement::ByteMatch(found) if found.is_proof() => {
                Some(BTreeSet::from([found.search_string.clone()]))
            }
            Statement::Or(any) => {
                let each: Option<Vec<_>> = any.statements.iter().map(Statement::proofs).collect();
                each.map(|each| each.into_iter().flatten().collect())
            }
            _ => None,
        }
    }

    /// Such a statement with other values: a search for each.
    #[must_use]
    pub fn with_proofs(&self, values: BTreeSet<String>) -> Statement {
        let mut like = self.clone();
        let Some(like) = like.byte_matches().into_iter().next().cloned() else {
            return self.clone();
        };
        let search =
            |search_string| Statement::ByteMatch(ByteMatch { search_string, ..like.clone() });
        let mut statements: Vec<Statement> = values.into_iter().map(search).collect();
        match (statements.len(), statements.pop()) {
            (1, Some(one)) => one,
            (_, last) => {
                statements.extend(last);
                Statement::Or(Statements { statements })
            }
        }
    }
}

/// What has no properties.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Empty {}

/// More requests than `limit` within the window, of those that have one key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RateBased {
    /// 10 to 2,000,000,000.
    pub limit: i64,
    /// 60, 120, 300 or 600.
    pub evaluation_window_sec: i64,
    /// `IP` or `CUSTOM_KEYS`.
    pub aggregate_key_type: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom_keys: Vec<CustomKey>,
    /// Which requests count; all if none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_down_statement: Option<Box<Statement>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CustomKey {
    Header(RateHeader),
    /// Another sort, which tenfold never asks for.
    Other(Empty),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RateHeader {
    pub name: String,
    pub text_transformations: Vec<Transformation>,
}

/// A group of rules that AWS, or another vendor, maintains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ManagedRuleGroup {
    pub vendor_name: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rule_action_overrides: Vec<RuleActionOverride>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct IpSetReference {
    pub arn: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct GeoMatch {
    /// ISO 3166 codes of two letters.
    pub country_codes: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ByteMatch {
    /// May stand for a secret, whose value is looked for.
    pub search_string: String,
    pub field_to_match: Field,
    pub text_transformations: Vec<Transformation>,
    /// `EXACTLY`, `STARTS_WITH`, `ENDS_WITH`, `CONTAINS`.
    pub positional_constraint: String,
}

impl ByteMatch {
    /// Whether it looks at the header by which a CDN proves itself.
    pub fn is_proof(&self) -> bool {
        let Field::SingleHeader(header) = &self.field_to_match else { return false };
        header.name.eq_ignore_ascii_case(ORIGIN_HEADER)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct RegexMatch {
    pub regex_string: String,
    pub field_to_match: Field,
    pub text_transformations: Vec<Transformation>,
}

/// The part of a request that is looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Field {
    SingleHeader(SingleHeader),
    UriPath(Empty),
    Method(Empty),
    /// Another part, which tenfold never asks for.
    Other(Empty),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct SingleHeader {
    /// In lower case.
    pub name: String,
}

/// What is done to the part before it is looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Transformation {
    pub priority: i32,
    #[serde(rename = "Type")]
    pub kind: String,
}

impl Transformation {
    /// These, one after the other.
    pub fn all(kinds: &[&str]) -> Vec<Self> {
        let each =
            |(kind, priority): (&&str, i32)| Transformation { priority, kind: kind.to_string() };
        kinds.iter().zip(0..).map(each).collect()
    }
}

/// Two or more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Statements {
    pub statements: Vec<Statement>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Not {
    pub statement: Statement,
}
