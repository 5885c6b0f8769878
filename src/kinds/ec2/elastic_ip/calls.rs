use super::{ElasticIp, outputs};
use crate::aws::{Aws, tags};
use crate::error::Result;
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_ec2::types::{self, DomainType, ResourceType};

impl Calls for ElasticIp {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        // All of them: they count against one quota.
        let call = || aws.ec2.describe_addresses().send();
        let found = aws.safe("ec2:DescribeAddresses", call).await?.addresses.unwrap_or_default();
        Ok(found.into_iter().filter_map(|address| read(address, listing)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.ec2
                .allocate_address()
                .domain(DomainType::from(self.domain.as_str()))
                .tag_specifications(tags::to_ec2(&self.tags, ResourceType::ElasticIp))
                .send()
        };
        let made = aws.once("ec2:AllocateAddress", call).await?;
        Ok(outputs(made.allocation_id.unwrap_or_default(), made.public_ip.unwrap_or_default()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        aws.retag_ec2(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.ec2.release_address().allocation_id(&live.handle).send();
        let deletion = aws.safe("ec2:ReleaseAddress", call).await;
        aws.deleted_or_held(deletion, &[("association.allocation-id", &live.handle)]).await
    }
}

fn read(address: types::Address, listing: &Listing<'_>) -> Option<Live<ElasticIp>> {
    let tags = tags::from_ec2(address.tags.as_deref());
    let Some(owner) = tags::owner::<ElasticIp>(&tags, listing.stack) else {
        listing.foreign::<ElasticIp>(address.allocation_id.as_deref());
        return None;
    };
    let handle = address.allocation_id?;
    let domain = address.domain.map(|domain| domain.as_str().to_string()).unwrap_or_default();
    let outputs = outputs(handle.clone(), address.public_ip.unwrap_or_default());
    Some(Live {
        id: owner.id,
        handle,
        component: owner.component,
        spec: ElasticIp { domain, tags },
        outputs,
        condition: Condition::Ready,
    })
}
