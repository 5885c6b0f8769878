use super::{InternetGateway, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ec2::calls::{from_ec2, stack_filter, tag_specification};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_ec2::types::{self, ResourceType};

impl Calls for InternetGateway {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            let filter = stack_filter(listing.stack);
            aws.ec2.describe_internet_gateways().filters(filter).set_next_token(token).send()
        };
        let found = aws
            .pages("ec2:DescribeInternetGateways", call, |page| {
                (page.next_token, page.internet_gateways)
            })
            .await?;
        Ok(found.into_iter().filter_map(|gateway| read(gateway, listing.stack)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            let tags = tag_specification(&self.tags, ResourceType::InternetGateway);
            aws.ec2.create_internet_gateway().tag_specifications(tags).send()
        };
        let created = aws.once("ec2:CreateInternetGateway", call).await?.internet_gateway;
        Ok(outputs(created.and_then(|gateway| gateway.internet_gateway_id).unwrap_or_default()))
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        self.attach(&outputs["id"], None, aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.attach(&live.handle, live.spec.vpc_id.as_deref(), aws).await?;
        aws.retag_ec2(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        if let Some(vpc_id) = &live.spec.vpc_id {
            // AWS does not detach the gateway while an interface in the VPC has a public address.
            let users = [("vpc-id", vpc_id.as_str()), ("association.public-ip", "*")];
            let detached = aws.deletion_progress(detach(&live.handle, vpc_id, aws).await, &users);
            if let Progress::Waiting(users) = detached.await? {
                return Ok(Progress::Waiting(users));
            }
        }
        let call = || aws.ec2.delete_internet_gateway().internet_gateway_id(&live.handle).send();
        aws.delete("ec2:DeleteInternetGateway", call).await
    }
}

impl InternetGateway {
    /// Attaches the gateway to the desired VPC, and detaches it from any other one.
    async fn attach(&self, id: &str, live: Option<&str>, aws: &Aws) -> Result<()> {
        let desired = self.vpc_id.as_deref();
        if live == desired {
            return Ok(());
        }
        if let Some(other) = live {
            detach(id, other, aws).await?;
        }
        let Some(vpc_id) = desired else { return Ok(()) };
        let call =
            || aws.ec2.attach_internet_gateway().internet_gateway_id(id).vpc_id(vpc_id).send();
        match aws.safe("ec2:AttachInternetGateway", call).await {
            // AWS returns this for a repeated call, and also for a VPC with another gateway.
            Err(error) if error.is("Resource.AlreadyAssociated") => {
                match attached_to(id, aws).await?.as_deref() == Some(vpc_id) {
                    true => Ok(()),
                    false => Err(error),
                }
            }
            other => other.map(drop),
        }
    }
}

async fn detach(id: &str, vpc_id: &str, aws: &Aws) -> Result<()> {
    let call = || aws.ec2.detach_internet_gateway().internet_gateway_id(id).vpc_id(vpc_id).send();
    aws.safe("ec2:DetachInternetGateway", call).await.allow(&["Gateway.NotAttached"])
}

async fn attached_to(id: &str, aws: &Aws) -> Result<Option<String>> {
    let call = || aws.ec2.describe_internet_gateways().internet_gateway_ids(id).send();
    let found = aws.safe("ec2:DescribeInternetGateways", call).await.found()?;
    Ok(found.and_then(|page| vpc_of(page.internet_gateways?.pop()?.attachments)))
}

/// The VPC that a gateway is attached to. The state of an existing attachment is `available`, which
/// EC2's API model does not list, so this excludes the other states.
fn vpc_of(attachments: Option<Vec<types::InternetGatewayAttachment>>) -> Option<String> {
    let ending = [types::AttachmentStatus::Detaching, types::AttachmentStatus::Detached];
    let is_attached = |attachment: &types::InternetGatewayAttachment| {
        !attachment.state.as_ref().is_some_and(|state| ending.contains(state))
    };
    attachments?.into_iter().find(is_attached)?.vpc_id
}

fn read(gateway: types::InternetGateway, stack: &str) -> Option<Live<InternetGateway>> {
    let tags = from_ec2(gateway.tags.as_deref());
    let owner = tags::owner::<InternetGateway>(&tags, stack)?;
    let handle = gateway.internet_gateway_id?;
    let outputs = outputs(handle.clone());
    let spec = InternetGateway { vpc_id: vpc_of(gateway.attachments), tags };
    Some(owner.live(handle, spec, outputs))
}
