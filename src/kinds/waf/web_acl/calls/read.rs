//! Web ACLs as AWS has them. What a rule compares with may be a secret's value, which is taken out
//! of the answer before anything else sees it.
use super::convert;
use crate::aws::{TwoValues, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::Listing;
use crate::kinds::waf::web_acl::{Rule, Statement, WebAcl, outputs};
use crate::reference::ANOTHER_VALUE;
use crate::resource::{Condition, Live};
use aws_sdk_wafv2::types::{self, WebAclSummary};
use futures::future::{try_join, try_join_all};

pub async fn list(listing: &Listing<'_>) -> Result<Vec<Live<WebAcl>>> {
    let scopes = listing.aws.waf_scopes().iter().map(|scope| in_scope(listing, scope));
    Ok(try_join_all(scopes).await?.into_iter().flatten().collect())
}

async fn in_scope(listing: &Listing<'_>, scope: &str) -> Result<Vec<Live<WebAcl>>> {
    let aws = listing.aws;
    let call = |marker| {
        let list = aws.waf_of(scope).list_web_acls().scope(scope.into());
        list.limit(100).set_next_marker(marker).send()
    };
    let mut found =
        aws.pages("wafv2:ListWebACLs", call, |page| (page.next_marker, page.web_acls)).await?;
    let prefix = format!("{}-", listing.stack);
    found.retain(|acl| acl.name.as_deref().unwrap_or_default().starts_with(&prefix));
    let live = found.into_iter().map(|summary| read(summary, scope, listing));
    Ok(try_join_all(live).await?.into_iter().flatten().collect())
}

async fn read(
    summary: WebAclSummary,
    scope: &str,
    listing: &Listing<'_>,
) -> Result<Option<Live<WebAcl>>> {
    let aws = listing.aws;
    let (Some(name), Some(id), Some(arn)) = (summary.name, summary.id, summary.arn) else {
        return Ok(None);
    };
    let call = || aws.waf_of(scope).get_web_acl().name(&name).scope(scope.into()).id(&id).send();
    let acl = aws.safe("wafv2:GetWebACL", call);
    let (acl, mut tags) = try_join(async { acl.await.found() }, aws.waf_tags(&arn)).await?;
    let Some(acl) = acl.and_then(|found| found.web_acl) else { return Ok(None) };
    let Some(owner) = tags::owner::<WebAcl>(&tags, listing.stack) else { return Ok(None) };
    let held = aws.two_values(tags.take_secrets()).await?;
    let mut rules = rules(&acl);
    rules.iter_mut().for_each(|rule| conceal(&mut rule.statement, &held));
    let spec = WebAcl {
        name: name.clone(),
        scope: scope.into(),
        default_action: convert::read_default(acl.default_action),
        rules,
        visibility_config: convert::read_visibility(acl.visibility_config),
        custom_response_bodies: convert::read_bodies(acl.custom_response_bodies),
        tags,
    };
    Ok(Some(Live {
        id: owner.id,
        handle: arn.clone(),
        component: owner.component,
        spec,
        outputs: outputs(arn, name, id),
        condition: Condition::Ready,
    }))
}

fn rules(acl: &types::WebAcl) -> Vec<Rule> {
    let mut rules: Vec<Rule> =
        acl.rules.iter().flatten().map(|rule| convert::read_rule(rule.clone())).collect();
    rules.sort_by_key(|rule| rule.priority);
    rules
}

/// Puts the notation for secrets where their values stand, and nothing where others do.
fn conceal(statement: &mut Statement, held: &TwoValues) {
    if let Some(values) = statement.proofs() {
        *statement = statement.with_proofs(held.conceal(&values));
        return;
    }
    for found in statement.byte_matches().into_iter().filter(|found| found.is_proof()) {
        found.search_string = ANOTHER_VALUE.into();
    }
}
