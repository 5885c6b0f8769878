mod convert;

use super::{CachePolicy, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::cloudfront::calls::{CLOUDFRONT_PAGE, owner_by_comment};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_cloudfront::types::{self, CachePolicyType};

impl Calls for CachePolicy {
    /// Lists custom policies only: those that AWS manages do not belong to a stack.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |marker| {
            let list = aws.cloudfront.list_cache_policies().r#type(CachePolicyType::Custom);
            list.max_items(CLOUDFRONT_PAGE).set_marker(marker).send()
        };
        let found = aws
            .pages("cloudfront:ListCachePolicies", call, |page| {
                let list = page.cache_policy_list;
                list.map_or((None, None), |list| (list.next_marker, list.items))
            })
            .await?;
        let policies = found.into_iter().filter_map(|summary| summary.cache_policy);
        Ok(policies.filter_map(|policy| read(policy, listing.stack)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let config = convert::to_sdk(&self.cache_policy_config)?;
        let create = || aws.cloudfront.create_cache_policy();
        let call = || create().cache_policy_config(config.clone()).send();
        let created = aws.once("cloudfront:CreateCachePolicy", call).await?.cache_policy;
        Ok(outputs(created.map(|policy| policy.id).unwrap_or_default()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let config = convert::to_sdk(&self.cache_policy_config)?;
        let version = version(&live.handle, aws).await?;
        let update = || aws.cloudfront.update_cache_policy().id(&live.handle);
        let call = || {
            let update = update().cache_policy_config(config.clone());
            update.set_if_match(version.clone()).send()
        };
        aws.safe("cloudfront:UpdateCachePolicy", call).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let Some(version) = version(&live.handle, aws).await.found()? else {
            return Ok(Progress::Done);
        };
        let delete = || aws.cloudfront.delete_cache_policy().id(&live.handle);
        let call = || delete().set_if_match(version.clone()).send();
        aws.delete("cloudfront:DeleteCachePolicy", call).await
    }
}

/// The policy's current ETag, which UpdateCachePolicy and DeleteCachePolicy require.
async fn version(id: &str, aws: &Aws) -> Result<Option<String>> {
    let call = || aws.cloudfront.get_cache_policy().id(id).send();
    Ok(aws.safe("cloudfront:GetCachePolicy", call).await?.e_tag)
}

fn read(policy: types::CachePolicy, stack: &str) -> Option<Live<CachePolicy>> {
    let config = policy.cache_policy_config?;
    let owner = owner_by_comment::<CachePolicy>(config.comment.as_deref()?, stack)?;
    let spec = CachePolicy { cache_policy_config: convert::from_sdk(config)? };
    Some(owner.live(policy.id.clone(), spec, outputs(policy.id)))
}
