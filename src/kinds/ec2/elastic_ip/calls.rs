use super::{ElasticIp, outputs};
use crate::aws::Aws;
use crate::error::Result;
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ec2::calls::{from_ec2, tag_specification};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_ec2::types::{self, DomainType, ResourceType};

impl Calls for ElasticIp {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        // Addresses of all owners: one quota covers them.
        let call = || aws.ec2.describe_addresses().send();
        let found = aws.safe("ec2:DescribeAddresses", call).await?.addresses.unwrap_or_default();
        Ok(found.into_iter().filter_map(|address| read(address, listing)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.ec2
                .allocate_address()
                .domain(DomainType::from(self.domain.as_str()))
                .tag_specifications(tag_specification(&self.tags, ResourceType::ElasticIp))
                .send()
        };
        let created = aws.once("ec2:AllocateAddress", call).await?;
        Ok(outputs(
            created.allocation_id.unwrap_or_default(),
            created.public_ip.unwrap_or_default(),
        ))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        aws.retag_ec2(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.ec2.release_address().allocation_id(&live.handle).send();
        let deletion = aws.safe("ec2:ReleaseAddress", call).await;
        aws.deletion_progress(deletion, &[("association.allocation-id", &live.handle)]).await
    }
}

fn read(address: types::Address, listing: &Listing<'_>) -> Option<Live<ElasticIp>> {
    let tags = from_ec2(address.tags.as_deref());
    let owner = listing.owner::<ElasticIp>(address.allocation_id.as_deref(), &tags)?;
    let handle = address.allocation_id?;
    let domain = address.domain.map(|domain| domain.as_str().to_string()).unwrap_or_default();
    let outputs = outputs(handle.clone(), address.public_ip.unwrap_or_default());
    Some(owner.live(handle, ElasticIp { domain, tags }, outputs))
}
