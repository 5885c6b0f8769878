use super::{CacheSubnetGroup, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elasticache::calls::to_elasticache;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_elasticache::types;
use futures::future::try_join_all;

impl Calls for CacheSubnetGroup {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |marker| {
            let describe = aws.elasticache.describe_cache_subnet_groups().max_records(100);
            describe.set_marker(marker).send()
        };
        let mut found = aws
            .pages("elasticache:DescribeCacheSubnetGroups", call, |page| {
                (page.marker, page.cache_subnet_groups)
            })
            .await?;
        let prefix = format!("{}-", listing.stack);
        found.retain(|group| {
            group.cache_subnet_group_name.as_deref().is_some_and(|name| name.starts_with(&prefix))
        });
        let live = found.into_iter().map(|group| read(group, listing));
        Ok(try_join_all(live).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.elasticache
                .create_cache_subnet_group()
                .cache_subnet_group_name(&self.cache_subnet_group_name)
                .cache_subnet_group_description(&self.description)
                .set_subnet_ids(Some(self.subnet_ids.iter().cloned().collect()))
                .set_tags(Some(to_elasticache(&self.tags)))
                .send()
        };
        aws.once("elasticache:CreateCacheSubnetGroup", call).await?;
        Ok(outputs(&self.cache_subnet_group_name))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let was = &live.spec;
        if self.description != was.description || self.subnet_ids != was.subnet_ids {
            let call = || {
                aws.elasticache
                    .modify_cache_subnet_group()
                    .cache_subnet_group_name(&self.cache_subnet_group_name)
                    .cache_subnet_group_description(&self.description)
                    .set_subnet_ids(Some(self.subnet_ids.iter().cloned().collect()))
                    .send()
            };
            aws.safe("elasticache:ModifyCacheSubnetGroup", call).await?;
        }
        aws.retag_elasticache(&live.handle, &was.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.cache_subnet_group_name;
        let call =
            || aws.elasticache.delete_cache_subnet_group().cache_subnet_group_name(name).send();
        aws.safe("elasticache:DeleteCacheSubnetGroup", call).await.found()?;
        Ok(Progress::Done)
    }
}

async fn read(
    group: types::CacheSubnetGroup,
    listing: &Listing<'_>,
) -> Result<Option<Live<CacheSubnetGroup>>> {
    let (Some(arn), Some(name)) = (group.arn, group.cache_subnet_group_name) else {
        return Ok(None);
    };
    let tags = listing.aws.elasticache_tags(&arn).await?.unwrap_or_default();
    let Some(owner) = tags::owner::<CacheSubnetGroup>(&tags, listing.stack) else {
        return Ok(None);
    };
    let subnets = group.subnets.unwrap_or_default().into_iter();
    let outputs = outputs(&name);
    let spec = CacheSubnetGroup {
        cache_subnet_group_name: name,
        description: group.cache_subnet_group_description.unwrap_or_default(),
        subnet_ids: subnets.filter_map(|subnet| subnet.subnet_identifier).collect(),
        tags,
    };
    let (id, component) = (owner.id, owner.component);
    Ok(Some(Live { id, handle: arn, component, spec, outputs, condition: Condition::Ready }))
}
