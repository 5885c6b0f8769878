use super::{CacheParameterGroup, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Found, Listing, RegularKind};
use crate::kinds::elasticache::calls::to_elasticache;
use crate::resource::{Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_elasticache::types::{self, ParameterNameValue};
use std::collections::BTreeMap;

/// "You can modify up to 20 parameters in a single request",
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyCacheParameterGroup.html>.
const PARAMETERS_PER_CALL: usize = 20;

type Parameters = BTreeMap<String, String>;

impl RegularKind for CacheParameterGroup {
    type Item = types::CacheParameterGroup;

    async fn all(listing: &Listing<'_>) -> Result<Vec<Self::Item>> {
        let aws = listing.aws;
        let call = |marker| {
            let describe = aws.elasticache.describe_cache_parameter_groups().max_records(100);
            describe.set_marker(marker).send()
        };
        let operation = "elasticache:DescribeCacheParameterGroups";
        aws.pages(operation, call, |page| (page.marker, page.cache_parameter_groups)).await
    }

    fn physical_name(item: &Self::Item) -> Option<&str> {
        item.cache_parameter_group_name()
    }

    async fn read_tags(item: &Self::Item, aws: &Aws) -> Result<Option<Tags>> {
        let Some(arn) = item.arn() else { return Ok(None) };
        aws.elasticache_tags(arn).await
    }

    async fn read(item: Self::Item, tags: Tags, aws: &Aws) -> Result<Option<Found<Self>>> {
        let name = item.cache_parameter_group_name.unwrap_or_default();
        let spec = CacheParameterGroup {
            cache_parameter_group_family: item.cache_parameter_group_family.unwrap_or_default(),
            description: item.description.unwrap_or_default(),
            properties: parameters(&name, aws).await?,
            cache_parameter_group_name: name,
            tags,
        };
        let outputs = outputs(&spec.cache_parameter_group_name);
        Ok(Some(Found::ready(item.arn.unwrap_or_default(), spec, outputs)))
    }

    async fn create_one(&self, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.elasticache
                .create_cache_parameter_group()
                .cache_parameter_group_name(&self.cache_parameter_group_name)
                .cache_parameter_group_family(&self.cache_parameter_group_family)
                .description(&self.description)
                .set_tags(Some(to_elasticache(&self.tags)))
                .send()
        };
        aws.once("elasticache:CreateCacheParameterGroup", call).await?;
        Ok(outputs(&self.cache_parameter_group_name))
    }

    async fn complete(&self, _outputs: &Outputs, aws: &Aws) -> Result<()> {
        self.set(&Parameters::new(), aws).await
    }

    async fn change(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
        self.set(&live.spec.properties, aws).await?;
        aws.retag_elasticache(&live.handle, &live.spec.tags, &self.tags).await
    }

    async fn remove(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.cache_parameter_group_name;
        let delete = || aws.elasticache.delete_cache_parameter_group();
        let call = || delete().cache_parameter_group_name(name).send();
        aws.delete("elasticache:DeleteCacheParameterGroup", call).await
    }
}

impl CacheParameterGroup {
    /// Sets parameters that differ, and resets parameters that are no longer set to their defaults.
    async fn set(&self, was: &Parameters, aws: &Aws) -> Result<()> {
        let name = &self.cache_parameter_group_name;
        let parameter = |(name, value): (&String, &String)| {
            ParameterNameValue::builder().parameter_name(name).parameter_value(value).build()
        };
        let changed = self.properties.iter().filter(|(name, value)| was.get(*name) != Some(*value));
        let changed: Vec<ParameterNameValue> = changed.map(parameter).collect();
        for chunk in changed.chunks(PARAMETERS_PER_CALL) {
            let modify = || aws.elasticache.modify_cache_parameter_group();
            let modify = || modify().cache_parameter_group_name(name);
            let call = || modify().set_parameter_name_values(Some(chunk.to_vec())).send();
            aws.safe("elasticache:ModifyCacheParameterGroup", call).await?;
        }
        let removed = was.keys().filter(|name| !self.properties.contains_key(*name));
        let removed: Vec<ParameterNameValue> = removed
            .map(|name| ParameterNameValue::builder().parameter_name(name).build())
            .collect();
        for chunk in removed.chunks(PARAMETERS_PER_CALL) {
            let reset = || aws.elasticache.reset_cache_parameter_group();
            let reset = || reset().cache_parameter_group_name(name);
            let call = || reset().set_parameter_name_values(Some(chunk.to_vec())).send();
            aws.safe("elasticache:ResetCacheParameterGroup", call).await?;
        }
        Ok(())
    }
}

/// The parameters that are set in a group; empty if the group was deleted.
async fn parameters(name: &str, aws: &Aws) -> Result<Parameters> {
    let call = |marker| {
        let describe = aws.elasticache.describe_cache_parameters().max_records(100);
        let describe = describe.cache_parameter_group_name(name).source("user");
        describe.set_marker(marker).send()
    };
    let found = aws
        .pages("elasticache:DescribeCacheParameters", call, |page| (page.marker, page.parameters));
    let found = found.await.found()?.unwrap_or_default();
    let pair = |parameter: types::Parameter| {
        Some((parameter.parameter_name?, parameter.parameter_value.unwrap_or_default()))
    };
    Ok(found.into_iter().filter_map(pair).collect())
}
