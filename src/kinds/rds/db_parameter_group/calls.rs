use super::{DbParameterGroup, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::rds::calls;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_rds::types::{self, ApplyMethod, Parameter};
use futures::future::try_join_all;
use std::collections::{BTreeMap, BTreeSet};

/// How many parameters one call takes.
const AT_ONCE: usize = 20;

impl Calls for DbParameterGroup {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |marker| aws.rds.describe_db_parameter_groups().set_marker(marker).send();
        let mut found = aws
            .pages("rds:DescribeDBParameterGroups", call, |page| {
                (page.marker, page.db_parameter_groups)
            })
            .await?;
        let prefix = format!("{}-", listing.stack);
        found.retain(|group| {
            group.db_parameter_group_name.as_deref().is_some_and(|name| name.starts_with(&prefix))
        });
        let live = found.into_iter().map(|group| read(group, listing));
        Ok(try_join_all(live.collect::<Vec<_>>()).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let name = &self.db_parameter_group_name;
        let call = || {
            aws.rds
                .create_db_parameter_group()
                .db_parameter_group_name(name)
                .db_parameter_group_family(&self.family)
                .description(&self.description)
                .set_tags(Some(calls::list(&self.tags)))
                .send()
        };
        let made = aws.once("rds:CreateDBParameterGroup", call).await?.db_parameter_group;
        let arn = made.and_then(|group| group.db_parameter_group_arn).unwrap_or_default();
        Ok(outputs(name, arn))
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        self.set(&parameters(&self.db_parameter_group_name, aws).await?, aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.set(&live.spec.parameters, aws).await?;
        aws.retag_rds(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.db_parameter_group_name;
        let call = || aws.rds.delete_db_parameter_group().db_parameter_group_name(name).send();
        aws.safe("rds:DeleteDBParameterGroup", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl DbParameterGroup {
    /// Sets what differs, and puts back to its default what is set no more.
    async fn set(&self, live: &BTreeMap<String, String>, aws: &Aws) -> Result<()> {
        let changed: Vec<(&String, Option<&String>)> = self
            .parameters
            .iter()
            .filter(|(name, value)| live.get(*name) != Some(value))
            .map(|(name, value)| (name, Some(value)))
            .collect();
        let gone: Vec<(&String, Option<&String>)> = live
            .keys()
            .filter(|name| !self.parameters.contains_key(*name))
            .map(|name| (name, None))
            .collect();
        if changed.is_empty() && gone.is_empty() {
            return Ok(());
        }
        let dynamic = dynamic(&self.db_parameter_group_name, aws).await?;
        let parameter = |&(name, value): &(&String, Option<&String>)| {
            let at = if dynamic.contains(name) {
                ApplyMethod::Immediate
            } else {
                ApplyMethod::PendingReboot
            };
            let parameter = Parameter::builder().parameter_name(name).apply_method(at);
            parameter.set_parameter_value(value.cloned()).build()
        };
        for chunk in changed.chunks(AT_ONCE) {
            let call = || {
                aws.rds
                    .modify_db_parameter_group()
                    .db_parameter_group_name(&self.db_parameter_group_name)
                    .set_parameters(Some(chunk.iter().map(parameter).collect()))
                    .send()
            };
            aws.safe("rds:ModifyDBParameterGroup", call).await?;
        }
        for chunk in gone.chunks(AT_ONCE) {
            let call = || {
                aws.rds
                    .reset_db_parameter_group()
                    .db_parameter_group_name(&self.db_parameter_group_name)
                    .reset_all_parameters(false)
                    .set_parameters(Some(chunk.iter().map(parameter).collect()))
                    .send()
            };
            aws.safe("rds:ResetDBParameterGroup", call).await?;
        }
        Ok(())
    }
}

async fn pages(name: &str, source: Option<&str>, aws: &Aws) -> Result<Vec<Parameter>> {
    let call = |marker| {
        let ask = aws.rds.describe_db_parameters().db_parameter_group_name(name);
        ask.set_source(source.map(str::to_string)).set_marker(marker).send()
    };
    aws.pages("rds:DescribeDBParameters", call, |page| (page.marker, page.parameters)).await
}

/// What has been set in a group.
async fn parameters(name: &str, aws: &Aws) -> Result<BTreeMap<String, String>> {
    let found = pages(name, Some("user"), aws).await.found()?.unwrap_or_default();
    let pair = |one: Parameter| Some((one.parameter_name?, one.parameter_value?));
    Ok(found.into_iter().filter_map(pair).collect())
}

/// The parameters that take effect without a restart; RDS refuses to be asked for that of others.
async fn dynamic(name: &str, aws: &Aws) -> Result<BTreeSet<String>> {
    let found = pages(name, None, aws).await?.into_iter();
    let found = found.filter(|one| one.apply_type.as_deref() == Some("dynamic"));
    Ok(found.filter_map(|one| one.parameter_name).collect())
}

async fn read(
    group: types::DbParameterGroup,
    listing: &Listing<'_>,
) -> Result<Option<Live<DbParameterGroup>>> {
    let Some(arn) = group.db_parameter_group_arn else { return Ok(None) };
    let tags = listing.aws.rds_tags(&arn).await?;
    let owner = tags::owner::<DbParameterGroup>(&tags, listing.stack);
    let Some(owner) = owner else { return Ok(None) };
    let name = group.db_parameter_group_name.unwrap_or_default();
    let spec = DbParameterGroup {
        description: group.description.unwrap_or_default(),
        family: group.db_parameter_group_family.unwrap_or_default(),
        parameters: parameters(&name, listing.aws).await?,
        db_parameter_group_name: name,
        tags,
    };
    Ok(Some(Live {
        id: owner.id,
        handle: arn.clone(),
        component: owner.component,
        outputs: outputs(&spec.db_parameter_group_name, arn),
        spec,
        condition: Condition::Ready,
    }))
}
