//! A web ACL, which allows or blocks requests to an entry point,
//! <https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html>.
#[cfg(feature = "aws")]
pub(super) mod calls;
mod rule;
mod statement;

pub use rule::{
    Action, Block, CustomResponse, Header, OverrideAction, Rule, RuleActionOverride, Visibility,
};
pub use statement::{
    ByteMatch, CustomKey, Empty, Field, GeoMatch, IpSetReference, ManagedRuleGroup, Not, RateBased,
    RateHeader, RegexMatch, SingleHeader, Statement, Statements, Transformation,
};

pub use super::{CLOUDFRONT, REGIONAL, scope_of};
use crate::facts::EDGE_REGION;
use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Replace, Spec, Times};
use crate::tags::Tags;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rules for requests, and the action for requests that match none of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct WebAcl {
    pub name: String,
    /// `REGIONAL`, or `CLOUDFRONT`, which AWS stores in us-east-1.
    pub scope: String,
    /// The action for a request that no rule allows or blocks.
    pub default_action: Action,
    /// Ordered by priority, the lowest number first.
    pub rules: Vec<Rule>,
    pub visibility_config: Visibility,
    /// Bodies of responses, by the key that rules refer to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_response_bodies: BTreeMap<String, Body>,
    pub tags: Tags,
}

/// The body of a response to a blocked request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Body {
    /// `APPLICATION_JSON`, `TEXT_PLAIN` or `TEXT_HTML`.
    pub content_type: String,
    pub content: String,
}

impl Spec for WebAcl {
    const INFO: KindInfo = KindInfo {
        name: "web-acl",
        type_name: "AWS::WAFv2::WebACL",
        name_property: "Name",
        create_only: &["Name", "Scope"],
        // Names are unique within a scope, so both scopes can have the same name at once.
        replace: Replace::Successor,
        // The listings of both scopes. For each ACL its rules, its tags, and the current and the
        // previous value of the secret that a rule can compare with.
        reads: Reads { fixed: 2, each: 4 },
        times: Times { create_s: 2, update_s: 2, delete_s: 10 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        let id = mint.uuid("id");
        outputs(arn(mint, &self.scope, "webacl", &self.name, &id), self.name.clone(), id)
    }
}

/// The ARN of a WAF resource such as
/// `arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop-public/…`.
pub fn arn(mint: &Mint, scope: &str, resource_type: &str, name: &str, id: &str) -> String {
    let account = mint.account;
    let (region, place) = match scope {
        CLOUDFRONT => (EDGE_REGION, "global"),
        _ => (mint.region, "regional"),
    };
    format!("arn:aws:wafv2:{region}:{account}:{place}/{resource_type}/{name}/{id}")
}

fn outputs(arn: String, name: String, id: String) -> Outputs {
    Outputs::from([("arn".into(), arn), ("name".into(), name), ("id".into(), id)])
}
