use super::{Subnet, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ec2::calls::{from_ec2, stack_filter, tag_specification};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_ec2::types::{self, AttributeBooleanValue, ResourceType, SubnetState};

impl Calls for Subnet {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            let filter = stack_filter(listing.stack);
            aws.ec2.describe_subnets().filters(filter).set_next_token(token).send()
        };
        let found =
            aws.pages("ec2:DescribeSubnets", call, |page| (page.next_token, page.subnets)).await?;
        Ok(found.into_iter().filter_map(|subnet| read(subnet, listing.stack)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.ec2
                .create_subnet()
                .vpc_id(&self.vpc_id)
                .cidr_block(&self.cidr_block)
                .availability_zone(&self.availability_zone)
                .tag_specifications(tag_specification(&self.tags, ResourceType::Subnet))
                .send()
        };
        let created = aws.once("ec2:CreateSubnet", call).await?.subnet;
        Ok(outputs(created.and_then(|subnet| subnet.subnet_id).unwrap_or_default()))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let call = || aws.ec2.describe_subnets().subnet_ids(&outputs["id"]).send();
        let found = aws.safe("ec2:DescribeSubnets", call).await.found()?;
        Ok(match found.and_then(|page| page.subnets?.pop()?.state) {
            Some(SubnetState::Available) => Progress::Done,
            Some(state) => Progress::Waiting(state.as_str().to_string()),
            None => Progress::not_visible(),
        })
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        // A new subnet does not assign public addresses.
        self.set_public(&outputs["id"], false, aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.set_public(&live.handle, live.spec.map_public_ip_on_launch, aws).await?;
        aws.retag_ec2(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.ec2.delete_subnet().subnet_id(&live.handle).send();
        let deletion = aws.safe("ec2:DeleteSubnet", call).await;
        aws.deletion_progress(deletion, &[("subnet-id", &live.handle)]).await
    }
}

impl Subnet {
    async fn set_public(&self, id: &str, live: bool, aws: &Aws) -> Result<()> {
        if self.map_public_ip_on_launch == live {
            return Ok(());
        }
        let call = || {
            let public =
                AttributeBooleanValue::builder().value(self.map_public_ip_on_launch).build();
            aws.ec2.modify_subnet_attribute().subnet_id(id).map_public_ip_on_launch(public).send()
        };
        aws.safe("ec2:ModifySubnetAttribute", call).await.map(drop)
    }
}

fn read(subnet: types::Subnet, stack: &str) -> Option<Live<Subnet>> {
    let tags = from_ec2(subnet.tags.as_deref());
    let owner = tags::owner::<Subnet>(&tags, stack)?;
    let handle = subnet.subnet_id?;
    let outputs = outputs(handle.clone());
    let spec = Subnet {
        vpc_id: subnet.vpc_id.unwrap_or_default(),
        cidr_block: subnet.cidr_block.unwrap_or_default(),
        availability_zone: subnet.availability_zone.unwrap_or_default(),
        map_public_ip_on_launch: subnet.map_public_ip_on_launch == Some(true),
        tags,
    };
    Some(owner.live(handle, spec, outputs))
}
