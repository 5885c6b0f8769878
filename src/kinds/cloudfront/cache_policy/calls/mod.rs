#[cfg(feature = "aws")]
pub mod convert;

use super::{CachePolicy, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::cloudfront::calls::CLOUDFRONT_PAGE;
use crate::kinds::contract::{Calls, Listing};
use crate::names::marked;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_cloudfront::types::{self, CachePolicyType};

impl Calls for CachePolicy {
    /// The account's own alone: those that AWS manages are never anybody's.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |marker| {
            let call = aws.cloudfront.list_cache_policies().r#type(CachePolicyType::Custom);
            call.max_items(CLOUDFRONT_PAGE).set_marker(marker).send()
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
        let config = convert::to(&self.cache_policy_config)?;
        let create = || aws.cloudfront.create_cache_policy();
        let call = || create().cache_policy_config(config.clone()).send();
        let made = aws.once("cloudfront:CreateCachePolicy", call).await?;
        Ok(outputs(made.cache_policy.map(|made| made.id).unwrap_or_default()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let config = convert::to(&self.cache_policy_config)?;
        let version = version(&live.handle, aws).await?;
        let update = || aws.cloudfront.update_cache_policy().id(&live.handle);
        let call = || {
            let call = update().cache_policy_config(config.clone());
            call.set_if_match(version.clone()).send()
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
        aws.safe("cloudfront:DeleteCachePolicy", call).await.found()?;
        Ok(Progress::Done)
    }
}

/// The version that a change must name.
async fn version(id: &str, aws: &Aws) -> Result<Option<String>> {
    let call = || aws.cloudfront.get_cache_policy().id(id).send();
    Ok(aws.safe("cloudfront:GetCachePolicy", call).await?.e_tag)
}

fn read(policy: types::CachePolicy, stack: &str) -> Option<Live<CachePolicy>> {
    let config = policy.cache_policy_config?;
    let name = marked(config.comment.as_deref()?, stack)?.to_string();
    Some(Live {
        id: Id::new(CachePolicy::INFO.name, &name),
        handle: policy.id.clone(),
        component: None,
        spec: CachePolicy { cache_policy_config: convert::from(config)? },
        outputs: outputs(policy.id),
        condition: Condition::Ready,
    })
}
