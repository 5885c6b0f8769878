use super::{IpSet, outputs};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::waf::calls;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_wafv2::operation::get_ip_set::GetIpSetOutput;
use aws_sdk_wafv2::types::IpSetSummary;
use futures::future::{try_join, try_join_all};

impl Calls for IpSet {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let scopes = listing.aws.waf_scopes().iter().map(|scope| in_scope(listing, scope));
        Ok(try_join_all(scopes).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.waf_of(&self.scope)
                .create_ip_set()
                .name(&self.name)
                .scope(self.scope.as_str().into())
                .ip_address_version(self.ip_address_version.as_str().into())
                .set_addresses(Some(self.addresses.iter().cloned().collect()))
                .set_tags(Some(calls::to_tags(&self.tags)))
                .send()
        };
        let made = aws.once("wafv2:CreateIPSet", call).await?.summary;
        let made = made.ok_or_else(|| CloudError::internal("CreateIPSet answered nothing"))?;
        let (arn, id) = (made.arn.unwrap_or_default(), made.id.unwrap_or_default());
        Ok(outputs(arn, self.name.clone(), id))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if self.addresses != live.spec.addresses {
            let found = find(&self.scope, &self.name, &live.outputs["id"], aws).await?;
            let gone = || CloudError::refused(format!("IP set {} has gone", self.name));
            let lock_token = found.and_then(|found| found.lock_token).ok_or_else(gone)?;
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
        aws.retag_waf(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let (scope, name, id) = (&live.spec.scope, &live.spec.name, &live.outputs["id"]);
        let found = find(scope, name, id, aws).await?;
        let Some(lock_token) = found.and_then(|found| found.lock_token) else {
            return Ok(Progress::Done);
        };
        let call = || {
            let delete = aws.waf_of(scope).delete_ip_set().name(name).scope(scope.as_str().into());
            delete.id(id).lock_token(&lock_token).send()
        };
        aws.safe("wafv2:DeleteIPSet", call).await.found()?;
        Ok(Progress::Done)
    }
}

async fn find(scope: &str, name: &str, id: &str, aws: &Aws) -> Result<Option<GetIpSetOutput>> {
    let call = || aws.waf_of(scope).get_ip_set().name(name).scope(scope.into()).id(id).send();
    aws.safe("wafv2:GetIPSet", call).await.found()
}

async fn in_scope(listing: &Listing<'_>, scope: &str) -> Result<Vec<Live<IpSet>>> {
    let aws = listing.aws;
    let call = |marker| {
        let list = aws.waf_of(scope).list_ip_sets().scope(scope.into());
        list.limit(100).set_next_marker(marker).send()
    };
    let mut found =
        aws.pages("wafv2:ListIPSets", call, |page| (page.next_marker, page.ip_sets)).await?;
    let prefix = format!("{}-", listing.stack);
    found.retain(|set| set.name.as_deref().unwrap_or_default().starts_with(&prefix));
    let live = found.into_iter().map(|summary| read(summary, scope, listing));
    Ok(try_join_all(live).await?.into_iter().flatten().collect())
}

async fn read(
    summary: IpSetSummary,
    scope: &str,
    listing: &Listing<'_>,
) -> Result<Option<Live<IpSet>>> {
    let (Some(name), Some(id), Some(arn)) = (summary.name, summary.id, summary.arn) else {
        return Ok(None);
    };
    let aws = listing.aws;
    let (set, tags) = try_join(find(scope, &name, &id, aws), aws.waf_tags(&arn)).await?;
    let Some(set) = set.and_then(|found| found.ip_set) else { return Ok(None) };
    let Some(owner) = tags::owner::<IpSet>(&tags, listing.stack) else { return Ok(None) };
    Ok(Some(Live {
        id: owner.id,
        handle: arn.clone(),
        component: owner.component,
        spec: IpSet {
            name: name.clone(),
            scope: scope.into(),
            ip_address_version: set.ip_address_version.as_str().to_string(),
            addresses: set.addresses.into_iter().collect(),
            tags,
        },
        outputs: outputs(arn, name, id),
        condition: Condition::Ready,
    }))
}
