use super::{IpSet, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Found, Listing, RegularKind};
use crate::kinds::waf::calls::to_waf;
use crate::resource::{Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_wafv2::operation::get_ip_set::GetIpSetOutput;
use aws_sdk_wafv2::types::IpSetSummary;
use futures::future::try_join_all;

impl RegularKind for IpSet {
    /// The scope, and the listed set.
    type Item = (&'static str, IpSetSummary);

    async fn all(listing: &Listing<'_>) -> Result<Vec<Self::Item>> {
        let scopes = listing.aws.waf_scopes().iter().map(|scope| in_scope(scope, listing));
        Ok(try_join_all(scopes).await?.into_iter().flatten().collect())
    }

    fn physical_name((_, summary): &Self::Item) -> Option<&str> {
        summary.name()
    }

    async fn read_tags((_, summary): &Self::Item, aws: &Aws) -> Result<Option<Tags>> {
        let Some(arn) = summary.arn() else { return Ok(None) };
        aws.waf_tags(arn).await
    }

    async fn read(
        (scope, summary): Self::Item,
        tags: Tags,
        aws: &Aws,
    ) -> Result<Option<Found<Self>>> {
        let (Some(name), Some(id), Some(arn)) = (summary.name, summary.id, summary.arn) else {
            return Ok(None);
        };
        let found = find(scope, &name, &id, aws).await?;
        let Some(set) = found.and_then(|found| found.ip_set) else { return Ok(None) };
        let spec = IpSet {
            name: name.clone(),
            scope: scope.into(),
            ip_address_version: set.ip_address_version.as_str().to_string(),
            addresses: set.addresses.into_iter().collect(),
            tags,
        };
        Ok(Some(Found::ready(arn.clone(), spec, outputs(arn, name, id))))
    }

    async fn create_one(&self, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.waf_of(&self.scope)
                .create_ip_set()
                .name(&self.name)
                .scope(self.scope.as_str().into())
                .ip_address_version(self.ip_address_version.as_str().into())
                .set_addresses(Some(self.addresses.iter().cloned().collect()))
                .set_tags(Some(to_waf(&self.tags)))
                .send()
        };
        let created = aws.once("wafv2:CreateIPSet", call).await?.summary;
        let none = || CloudError::internal("wafv2:CreateIPSet returned no summary");
        let created = created.ok_or_else(none)?;
        let (arn, id) = (created.arn.unwrap_or_default(), created.id.unwrap_or_default());
        Ok(outputs(arn, self.name.clone(), id))
    }

    async fn change(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
        if self.addresses != live.spec.addresses {
            let found = find(&self.scope, &self.name, &live.outputs["id"], aws).await?;
            let deleted =
                || CloudError::refused(format!("IP set {} was deleted: plan again", self.name));
            let lock_token = found.and_then(|found| found.lock_token).ok_or_else(deleted)?;
            let call = || {
                aws.waf_of(&self.scope)
                    .update_ip_set()
                    .name(&self.name)
                    .scope(self.scope.as_str().into())
                    .id(&live.outputs["id"])
                    .lock_token(&lock_token)
                    .set_addresses(Some(self.addresses.iter().cloned().collect()))
                    .send()
            };
            aws.safe("wafv2:UpdateIPSet", call).await?;
        }
        aws.retag_waf(&live.handle, &live.spec.tags, &self.tags).await
    }

    async fn remove(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let (scope, name, id) = (&live.spec.scope, &live.spec.name, &live.outputs["id"]);
        let found = find(scope, name, id, aws).await?;
        let Some(lock_token) = found.and_then(|found| found.lock_token) else {
            return Ok(Progress::Done);
        };
        let call = || {
            let delete = aws.waf_of(scope).delete_ip_set().name(name).scope(scope.as_str().into());
            delete.id(id).lock_token(&lock_token).send()
        };
        aws.delete("wafv2:DeleteIPSet", call).await
    }
}

async fn find(scope: &str, name: &str, id: &str, aws: &Aws) -> Result<Option<GetIpSetOutput>> {
    let call = || aws.waf_of(scope).get_ip_set().name(name).scope(scope.into()).id(id).send();
    aws.safe("wafv2:GetIPSet", call).await.found()
}

/// The sets of a scope whose names have the stack's prefix. WAF has no filter by name.
async fn in_scope(
    scope: &'static str,
    listing: &Listing<'_>,
) -> Result<Vec<(&'static str, IpSetSummary)>> {
    let call = |marker| {
        let list = listing.aws.waf_of(scope).list_ip_sets().scope(scope.into());
        list.limit(100).set_next_marker(marker).send()
    };
    let mut found = listing
        .aws
        .pages("wafv2:ListIPSets", call, |page| (page.next_marker, page.ip_sets))
        .await?;
    let prefix = listing.prefix();
    found.retain(|set| set.name().is_some_and(|name| name.starts_with(&prefix)));
    Ok(found.into_iter().map(|set| (scope, set)).collect())
}
