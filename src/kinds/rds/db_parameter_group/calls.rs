use super::{DbParameterGroup, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Found, Listing, RegularKind};
use crate::kinds::rds::calls::to_rds;
use crate::resource::{Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_rds::types::{self, ApplyMethod, Parameter};
use std::collections::{BTreeMap, BTreeSet};

/// The most parameters that one call takes.
const PARAMETERS_PER_CALL: usize = 20;

impl RegularKind for DbParameterGroup {
    type Item = types::DbParameterGroup;

    async fn all(listing: &Listing<'_>) -> Result<Vec<Self::Item>> {
        let aws = listing.aws;
        let call = |marker| aws.rds.describe_db_parameter_groups().set_marker(marker).send();
        let operation = "rds:DescribeDBParameterGroups";
        aws.pages(operation, call, |page| (page.marker, page.db_parameter_groups)).await
    }

    fn physical_name(item: &Self::Item) -> Option<&str> {
        item.db_parameter_group_name()
    }

    async fn read_tags(item: &Self::Item, aws: &Aws) -> Result<Option<Tags>> {
        let Some(arn) = item.db_parameter_group_arn() else { return Ok(None) };
        aws.rds_tags(arn).await
    }

    async fn read(item: Self::Item, tags: Tags, aws: &Aws) -> Result<Option<Found<Self>>> {
        let arn = item.db_parameter_group_arn.unwrap_or_default();
        let name = item.db_parameter_group_name.unwrap_or_default();
        let spec = DbParameterGroup {
            description: item.description.unwrap_or_default(),
            family: item.db_parameter_group_family.unwrap_or_default(),
            parameters: parameters(&name, aws).await?,
            db_parameter_group_name: name,
            tags,
        };
        let outputs = outputs(&spec.db_parameter_group_name, arn.clone());
        Ok(Some(Found::ready(arn, spec, outputs)))
    }

    async fn create_one(&self, aws: &Aws) -> Result<Outputs> {
        let name = &self.db_parameter_group_name;
        let call = || {
            aws.rds
                .create_db_parameter_group()
                .db_parameter_group_name(name)
                .db_parameter_group_family(&self.family)
                .description(&self.description)
                .set_tags(Some(to_rds(&self.tags)))
                .send()
        };
        let created = aws.once("rds:CreateDBParameterGroup", call).await?.db_parameter_group;
        let arn = created.and_then(|group| group.db_parameter_group_arn).unwrap_or_default();
        Ok(outputs(name, arn))
    }

    async fn complete(&self, _outputs: &Outputs, aws: &Aws) -> Result<()> {
        self.set(&parameters(&self.db_parameter_group_name, aws).await?, aws).await
    }

    async fn change(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
        self.set(&live.spec.parameters, aws).await?;
        aws.retag_rds(&live.handle, &live.spec.tags, &self.tags).await
    }

    async fn remove(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.db_parameter_group_name;
        let call = || aws.rds.delete_db_parameter_group().db_parameter_group_name(name).send();
        aws.delete("rds:DeleteDBParameterGroup", call).await
    }
}

impl DbParameterGroup {
    /// Sets parameters that differ, and resets parameters that are no longer set to their defaults.
    async fn set(&self, live: &BTreeMap<String, String>, aws: &Aws) -> Result<()> {
        let changed: Vec<(&String, Option<&String>)> = self
            .parameters
            .iter()
            .filter(|(name, value)| live.get(*name) != Some(value))
            .map(|(name, value)| (name, Some(value)))
            .collect();
        let removed: Vec<(&String, Option<&String>)> = live
            .keys()
            .filter(|name| !self.parameters.contains_key(*name))
            .map(|name| (name, None))
            .collect();
        if changed.is_empty() && removed.is_empty() {
            return Ok(());
        }
        let dynamic = dynamic(&self.db_parameter_group_name, aws).await?;
        let parameter = |&(name, value): &(&String, Option<&String>)| {
            let method = if dynamic.contains(name) {
                ApplyMethod::Immediate
            } else {
                ApplyMethod::PendingReboot
            };
            let parameter = Parameter::builder().parameter_name(name).apply_method(method);
            parameter.set_parameter_value(value.cloned()).build()
        };
        for chunk in changed.chunks(PARAMETERS_PER_CALL) {
            let call = || {
                aws.rds
                    .modify_db_parameter_group()
                    .db_parameter_group_name(&self.db_parameter_group_name)
                    .set_parameters(Some(chunk.iter().map(parameter).collect()))
                    .send()
            };
            aws.safe("rds:ModifyDBParameterGroup", call).await?;
        }
        for chunk in removed.chunks(PARAMETERS_PER_CALL) {
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
        let describe = aws.rds.describe_db_parameters().db_parameter_group_name(name);
        describe.set_source(source.map(str::to_string)).set_marker(marker).send()
    };
    aws.pages("rds:DescribeDBParameters", call, |page| (page.marker, page.parameters)).await
}

/// The parameters that are set in a group.
async fn parameters(name: &str, aws: &Aws) -> Result<BTreeMap<String, String>> {
    let found = pages(name, Some("user"), aws).await.found()?.unwrap_or_default();
    let pair = |one: Parameter| Some((one.parameter_name?, one.parameter_value?));
    Ok(found.into_iter().filter_map(pair).collect())
}

/// The parameters that take effect without a restart. RDS refuses to apply any other at once.
async fn dynamic(name: &str, aws: &Aws) -> Result<BTreeSet<String>> {
    let found = pages(name, None, aws).await?.into_iter();
    let found = found.filter(|one| one.apply_type.as_deref() == Some("dynamic"));
    Ok(found.filter_map(|one| one.parameter_name).collect())
}
