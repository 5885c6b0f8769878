use super::{DbSubnetGroup, outputs};
use crate::aws::Aws;
use crate::error::Result;
use crate::kinds::contract::{Found, Listing, RegularKind};
use crate::kinds::rds::calls::to_rds;
use crate::resource::{Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_rds::types;

impl RegularKind for DbSubnetGroup {
    type Item = types::DbSubnetGroup;

    async fn all(listing: &Listing<'_>) -> Result<Vec<Self::Item>> {
        let aws = listing.aws;
        let call = |marker| aws.rds.describe_db_subnet_groups().set_marker(marker).send();
        aws.pages("rds:DescribeDBSubnetGroups", call, |page| (page.marker, page.db_subnet_groups))
            .await
    }

    fn physical_name(item: &Self::Item) -> Option<&str> {
        item.db_subnet_group_name()
    }

    async fn read_tags(item: &Self::Item, aws: &Aws) -> Result<Option<Tags>> {
        let Some(arn) = item.db_subnet_group_arn() else { return Ok(None) };
        aws.rds_tags(arn).await
    }

    async fn read(item: Self::Item, tags: Tags, _aws: &Aws) -> Result<Option<Found<Self>>> {
        let arn = item.db_subnet_group_arn.unwrap_or_default();
        let subnets = item.subnets.unwrap_or_default().into_iter();
        let spec = DbSubnetGroup {
            db_subnet_group_name: item.db_subnet_group_name.unwrap_or_default(),
            db_subnet_group_description: item.db_subnet_group_description.unwrap_or_default(),
            subnet_ids: subnets.filter_map(|subnet| subnet.subnet_identifier).collect(),
            tags,
        };
        let outputs = outputs(&spec.db_subnet_group_name, arn.clone());
        Ok(Some(Found::ready(arn, spec, outputs)))
    }

    async fn create_one(&self, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.rds
                .create_db_subnet_group()
                .db_subnet_group_name(&self.db_subnet_group_name)
                .db_subnet_group_description(&self.db_subnet_group_description)
                .set_subnet_ids(Some(self.subnet_ids.iter().cloned().collect()))
                .set_tags(Some(to_rds(&self.tags)))
                .send()
        };
        let created = aws.once("rds:CreateDBSubnetGroup", call).await?.db_subnet_group;
        let arn = created.and_then(|group| group.db_subnet_group_arn).unwrap_or_default();
        Ok(outputs(&self.db_subnet_group_name, arn))
    }

    async fn change(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
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
        aws.retag_rds(&live.handle, &was.tags, &self.tags).await
    }

    async fn remove(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.db_subnet_group_name;
        let call = || aws.rds.delete_db_subnet_group().db_subnet_group_name(name).send();
        aws.delete("rds:DeleteDBSubnetGroup", call).await
    }
}
