use super::{CacheParameterGroup, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elasticache::calls::to_elasticache;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_elasticache::types::{self, ParameterNameValue};
use futures::future::try_join_all;
use std::collections::BTreeMap;

/// "You can modify up to 20 parameters in a single request",
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyCacheParameterGroup.html>.
const PARAMETERS_A_CALL: usize = 20;

type Parameters = BTreeMap<String, String>;

impl Calls for CacheParameterGroup {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |marker| {
            let describe = aws.elasticache.describe_cache_parameter_groups().max_records(100);
            describe.set_marker(marker).send()
        };
        let mut found = aws
            .pages("elasticache:DescribeCacheParameterGroups", call, |page| {
                (page.marker, page.cache_parameter_groups)
            })
            .await?;
        let prefix = format!("{}-", listing.stack);
        found.retain(|group| {
            let name = group.cache_parameter_group_name.as_deref();
            name.is_some_and(|name| name.starts_with(&prefix))
        });
        let live = found.into_iter().map(|group| read(group, listing));
        Ok(try_join_all(live).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
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

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        self.set(&Parameters::new(), aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.set(&live.spec.properties, aws).await?;
        aws.retag_elasticache(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.cache_parameter_group_name;
        let delete = || aws.elasticache.delete_cache_parameter_group();
        let call = || delete().cache_parameter_group_name(name).send();
        aws.safe("elasticache:DeleteCacheParameterGroup", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl CacheParameterGroup {
    /// Sets what differs, and gives what is set no longer its default back.
    async fn set(&self, was: &Parameters, aws: &Aws) -> Result<()> {
        let name = &self.cache_parameter_group_name;
        let parameter = |(name, value): (&String, &String)| {
            ParameterNameValue::builder().parameter_name(name).parameter_value(value).build()
        };
        let changed = self.properties.iter().filter(|(name, value)| was.get(*name) != Some(*value));
        let changed: Vec<ParameterNameValue> = changed.map(parameter).collect();
        for some in changed.chunks(PARAMETERS_A_CALL) {
            let modify = || aws.elasticache.modify_cache_parameter_group();
            let modify = || modify().cache_parameter_group_name(name);
            let call = || modify().set_parameter_name_values(Some(some.to_vec())).send();
            aws.safe("elasticache:ModifyCacheParameterGroup", call).await?;
        }
        let gone = was.keys().filter(|name| !self.properties.contains_key(*name));
        let gone: Vec<ParameterNameValue> =
            gone.map(|name| ParameterNameValue::builder().parameter_name(name).build()).collect();
        for some in gone.chunks(PARAMETERS_A_CALL) {
            let reset = || aws.elasticache.reset_cache_parameter_group();
            let reset = || reset().cache_parameter_group_name(name);
            let call = || reset().set_parameter_name_values(Some(some.to_vec())).send();
            aws.safe("elasticache:ResetCacheParameterGroup", call).await?;
        }
        Ok(())
    }
}

/// The parameters that have been set by hand, so to speak; nothing if the group has gone.
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

async fn read(
    group: types::CacheParameterGroup,
    listing: &Listing<'_>,
) -> Result<Option<Live<CacheParameterGroup>>> {
    let (Some(arn), Some(name)) = (group.arn, group.cache_parameter_group_name) else {
        return Ok(None);
    };
    let (tags, properties) =
        futures::try_join!(listing.aws.elasticache_tags(&arn), parameters(&name, listing.aws))?;
    let tags = tags.unwrap_or_default();
    let Some(owner) = tags::owner::<CacheParameterGroup>(&tags, listing.stack) else {
        return Ok(None);
    };
    let outputs = outputs(&name);
    let spec = CacheParameterGroup {
        cache_parameter_group_name: name,
        cache_parameter_group_family: group.cache_parameter_group_family.unwrap_or_default(),
        description: group.description.unwrap_or_default(),
        properties,
        tags,
    };
    let (id, component) = (owner.id, owner.component);
    Ok(Some(Live { id, handle: arn, component, spec, outputs, condition: Condition::Ready }))
}
