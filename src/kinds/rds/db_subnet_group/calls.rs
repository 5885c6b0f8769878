use super::{DbSubnetGroup, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::rds::calls;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_rds::types;
use futures::future::try_join_all;

impl Calls for DbSubnetGroup {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |marker| aws.rds.describe_db_subnet_groups().set_marker(marker).send();
        let mut found = aws
            .pages("rds:DescribeDBSubnetGroups", call, |page| (page.marker, page.db_subnet_groups))
            .await?;
        let prefix = format!("{}-", listing.stack);
        found.retain(|group| {
            group.db_subnet_group_name.as_deref().is_some_and(|name| name.starts_with(&prefix))
        });
        let live = found.into_iter().map(|group| read(group, listing));
        Ok(try_join_all(live.collect::<Vec<_>>()).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.rds
                .create_db_subnet_group()
                .db_subnet_group_name(&self.db_subnet_group_name)
                .db_subnet_group_description(&self.db_subnet_group_description)
                .set_subnet_ids(Some(self.subnet_ids.iter().cloned().collect()))
                .set_tags(Some(calls::list(&self.tags)))
                .send()
        };
        let made = aws.once("rds:CreateDBSubnetGroup", call).await?.db_subnet_group;
        let arn = made.and_then(|group| group.db_subnet_group_arn).unwrap_or_default();
        Ok(outputs(&self.db_subnet_group_name, arn))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let was = &live.spec;
        let description = &self.db_subnet_group_description;
        if self.subnet_ids != was.subnet_ids || *description != was.db_subnet_group_description {
            let call = || {
                aws.rds
                    .modify_db_subnet_group()
                    .db_subnet_group_name(&self.db_subnet_group_name)
                    .db_subnet_group_description(description)
                    .set_subnet_ids(Some(self.subnet_ids.iter().cloned().collect()))
                    .send()
            };
            aws.safe("rds:ModifyDBSubnetGroup", call).await?;
        }
        aws.retag_rds(&live.handle, &was.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.db_subnet_group_name;
        let call = || aws.rds.delete_db_subnet_group().db_subnet_group_name(name).send();
        aws.safe("rds:DeleteDBSubnetGroup", call).await.found()?;
        Ok(Progress::Done)
    }
}

async fn read(
    group: types::DbSubnetGroup,
    listing: &Listing<'_>,
) -> Result<Option<Live<DbSubnetGroup>>> {
    let Some(arn) = group.db_subnet_group_arn else { return Ok(None) };
    let tags = listing.aws.rds_tags(&arn).await?;
    let Some(owner) = tags::owner::<DbSubnetGroup>(&tags, listing.stack) else { return Ok(None) };
    let subnets = group.subnets.unwrap_or_default();
    let spec = DbSubnetGroup {
        db_subnet_group_name: group.db_subnet_group_name.unwrap_or_default(),
        db_subnet_group_description: group.db_subnet_group_description.unwrap_or_default(),
        subnet_ids: subnets.into_iter().filter_map(|subnet| subnet.subnet_identifier).collect(),
        tags,
    };
    Ok(Some(Live {
        id: owner.id,
        handle: arn.clone(),
        component: owner.component,
        outputs: outputs(&spec.db_subnet_group_name, arn),
        spec,
        condition: Condition::Ready,
    }))
}
