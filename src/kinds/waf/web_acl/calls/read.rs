//! Reads live web ACLs. A rule can compare with the value of a secret; the value is removed from AWS's
//! response before any other code sees it.
use super::convert;
use crate::aws::{Aws, TwoValues};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Found, Listing};
use crate::kinds::waf::web_acl::{Rule, Statement, WebAcl, outputs};
use crate::reference::ANOTHER_VALUE;
use crate::tags::Tags;
use aws_sdk_wafv2::types::{self, WebAclSummary};

/// The scope, and the listed ACL.
pub type Listed = (&'static str, WebAclSummary);

/// The ACLs of a scope whose names have the stack's prefix. WAF has no filter by name.
pub async fn in_scope(scope: &'static str, listing: &Listing<'_>) -> Result<Vec<Listed>> {
    let call = |marker| {
        let list = listing.aws.waf_of(scope).list_web_acls().scope(scope.into());
        list.limit(100).set_next_marker(marker).send()
    };
    let mut found = listing
        .aws
        .pages("wafv2:ListWebACLs", call, |page| (page.next_marker, page.web_acls))
        .await?;
    let prefix = listing.prefix();
    found.retain(|acl| acl.name().is_some_and(|name| name.starts_with(&prefix)));
    Ok(found.into_iter().map(|acl| (scope, acl)).collect())
}

/// The stack's own ACL, with references to secrets in place of their values.
pub async fn read(
    (scope, summary): Listed,
    mut tags: Tags,
    aws: &Aws,
) -> Result<Option<Found<WebAcl>>> {
    let (Some(name), Some(id), Some(arn)) = (summary.name, summary.id, summary.arn) else {
        return Ok(None);
    };
    let call = || aws.waf_of(scope).get_web_acl().name(&name).scope(scope.into()).id(&id).send();
    let found = aws.safe("wafv2:GetWebACL", call).await.found()?;
    let Some(acl) = found.and_then(|found| found.web_acl) else { return Ok(None) };
    let secrets = aws.two_values(tags.take_secrets()).await?;
    let mut rules = rules(&acl);
    rules.iter_mut().for_each(|rule| conceal(&mut rule.statement, &secrets));
    let spec = WebAcl {
        name: name.clone(),
        scope: scope.into(),
        default_action: convert::read_default(acl.default_action),
        rules,
        visibility_config: convert::read_visibility(acl.visibility_config),
        custom_response_bodies: convert::read_bodies(acl.custom_response_bodies),
        tags,
    };
    Ok(Some(Found::ready(arn.clone(), spec, outputs(arn, name, id))))
}

fn rules(acl: &types::WebAcl) -> Vec<Rule> {
    let mut rules: Vec<Rule> =
        acl.rules.iter().flatten().map(|rule| convert::read_rule(rule.clone())).collect();
    rules.sort_by_key(|rule| rule.priority);
    rules
}

/// Replaces the values of known secrets by references to them, and any other value of the origin
/// header by a placeholder.
fn conceal(statement: &mut Statement, secrets: &TwoValues) {
    if let Some(values) = statement.origin_secrets() {
        *statement = statement.with_origin_secrets(secrets.conceal(&values));
        return;
    }
    for found in statement.byte_matches().into_iter().filter(|found| found.is_origin_header()) {
        found.search_string = ANOTHER_VALUE.into();
    }
}
