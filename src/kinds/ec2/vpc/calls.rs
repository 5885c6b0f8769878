use super::{Vpc, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ec2::calls::{from_ec2, tag_specification};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_ec2::types::{self, AttributeBooleanValue, ResourceType, VpcAttributeName};

impl Calls for Vpc {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            // VPCs of all owners: one quota covers them.
            aws.ec2.describe_vpcs().set_next_token(token).send()
        };
        let found =
            aws.pages("ec2:DescribeVpcs", call, |page| (page.next_token, page.vpcs)).await?;
        let mut live = Vec::new();
        for vpc in found {
            live.extend(read(vpc, listing).await?);
        }
        Ok(live)
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            let tags = tag_specification(&self.tags, ResourceType::Vpc);
            aws.ec2.create_vpc().cidr_block(&self.cidr_block).tag_specifications(tags).send()
        };
        let created = aws.once("ec2:CreateVpc", call).await?;
        Ok(outputs(created.vpc.and_then(|vpc| vpc.vpc_id).unwrap_or_default()))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let call = || aws.ec2.describe_vpcs().vpc_ids(&outputs["id"]).send();
        let found = aws.safe("ec2:DescribeVpcs", call).await.found()?;
        let state = found.and_then(|page| page.vpcs?.pop()?.state);
        Ok(match state {
            Some(types::VpcState::Available) => Progress::Done,
            Some(state) => Progress::Waiting(state.as_str().to_string()),
            None => Progress::not_visible(),
        })
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        self.set_attributes(&outputs["id"], aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.set_attributes(&live.handle, aws).await?;
        aws.retag_ec2(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.ec2.delete_vpc().vpc_id(&live.handle).send();
        let deletion = aws.safe("ec2:DeleteVpc", call).await;
        aws.deletion_progress(deletion, &[("vpc-id", &live.handle)]).await
    }
}

impl Vpc {
    /// AWS accepts one attribute in a call. DNS host names require DNS support, so that is set
    /// first.
    async fn set_attributes(&self, id: &str, aws: &Aws) -> Result<()> {
        let modify = || aws.ec2.modify_vpc_attribute().vpc_id(id);
        let support = || modify().enable_dns_support(boolean(self.enable_dns_support)).send();
        let hostnames = || modify().enable_dns_hostnames(boolean(self.enable_dns_hostnames)).send();
        aws.safe("ec2:ModifyVpcAttribute", support).await?;
        aws.safe("ec2:ModifyVpcAttribute", hostnames).await?;
        Ok(())
    }
}

fn boolean(value: bool) -> AttributeBooleanValue {
    AttributeBooleanValue::builder().value(value).build()
}

async fn read(vpc: types::Vpc, listing: &Listing<'_>) -> Result<Option<Live<Vpc>>> {
    let tags = from_ec2(vpc.tags.as_deref());
    let owner = listing.owner::<Vpc>(vpc.vpc_id.as_deref(), &tags);
    let (Some(owner), Some(handle)) = (owner, vpc.vpc_id) else { return Ok(None) };
    let attribute = async |name: VpcAttributeName| {
        let ec2 = &listing.aws.ec2;
        let call = || ec2.describe_vpc_attribute().vpc_id(&handle).attribute(name.clone()).send();
        listing.aws.safe("ec2:DescribeVpcAttribute", call).await
    };
    let support = attribute(VpcAttributeName::EnableDnsSupport).await?.enable_dns_support;
    let hostnames = attribute(VpcAttributeName::EnableDnsHostnames).await?.enable_dns_hostnames;
    let on =
        |attribute: Option<AttributeBooleanValue>| attribute.and_then(|a| a.value) == Some(true);
    let spec = Vpc {
        cidr_block: vpc.cidr_block.unwrap_or_default(),
        enable_dns_support: on(support),
        enable_dns_hostnames: on(hostnames),
        tags,
    };
    let outputs = outputs(handle.clone());
    Ok(Some(owner.live(handle, spec, outputs)))
}
