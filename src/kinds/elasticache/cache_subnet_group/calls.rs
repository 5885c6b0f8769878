use super::{CacheSubnetGroup, outputs};
use crate::aws::Aws;
use crate::error::Result;
use crate::kinds::contract::{Found, Listing, RegularKind};
use crate::kinds::elasticache::calls::to_elasticache;
use crate::resource::{Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_elasticache::types;

impl RegularKind for CacheSubnetGroup {
    type Item = types::CacheSubnetGroup;

    async fn all(listing: &Listing<'_>) -> Result<Vec<Self::Item>> {
        let aws = listing.aws;
        let call = |marker| {
            let describe = aws.elasticache.describe_cache_subnet_groups().max_records(100);
            describe.set_marker(marker).send()
        };
        let operation = "elasticache:DescribeCacheSubnetGroups";
        aws.pages(operation, call, |page| (page.marker, page.cache_subnet_groups)).await
    }

    fn physical_name(item: &Self::Item) -> Option<&str> {
        item.cache_subnet_group_name()
    }

    async fn read_tags(item: &Self::Item, aws: &Aws) -> Result<Option<Tags>> {
        let Some(arn) = item.arn() else { return Ok(None) };
        aws.elasticache_tags(arn).await
    }

    async fn read(item: Self::Item, tags: Tags, _aws: &Aws) -> Result<Option<Found<Self>>> {
        let subnets = item.subnets.unwrap_or_default().into_iter();
        let spec = CacheSubnetGroup {
            cache_subnet_group_name: item.cache_subnet_group_name.unwrap_or_default(),
            description: item.cache_subnet_group_description.unwrap_or_default(),
            subnet_ids: subnets.filter_map(|subnet| subnet.subnet_identifier).collect(),
            tags,
        };
        let outputs = outputs(&spec.cache_subnet_group_name);
        Ok(Some(Found::ready(item.arn.unwrap_or_default(), spec, outputs)))
    }

    async fn create_one(&self, aws: &Aws) -> Result<Outputs> {
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

    async fn change(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
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
        aws.retag_elasticache(&live.handle, &was.tags, &self.tags).await
    }

    async fn remove(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.cache_subnet_group_name;
        let call =
            || aws.elasticache.delete_cache_subnet_group().cache_subnet_group_name(name).send();
        aws.delete("elasticache:DeleteCacheSubnetGroup", call).await
    }
}
