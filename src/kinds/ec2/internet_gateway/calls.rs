use super::{InternetGateway, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_ec2::types::{self, ResourceType};

impl Calls for InternetGateway {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            let filter = tags::ec2_filter(listing.stack);
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
            let tags = tags::to_ec2(&self.tags, ResourceType::InternetGateway);
            aws.ec2.create_internet_gateway().tag_specifications(tags).send()
        };
        let made = aws.once("ec2:CreateInternetGateway", call).await?.internet_gateway;
        Ok(outputs(made.and_then(|gateway| gateway.internet_gateway_id).unwrap_or_default()))
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
            // What has a public address in the VPC holds the attachment.
            let holders = [("vpc-id", vpc_id.as_str()), ("association.public-ip", "*")];
            let detached = aws.deleted_or_held(detach(&live.handle, vpc_id, aws).await, &holders);
            if let Progress::Waiting(holder) = detached.await? {
                return Ok(Progress::Waiting(holder));
            }
        }
        let call = || aws.ec2.delete_internet_gateway().internet_gateway_id(&live.handle).send();
        aws.safe("ec2:DeleteInternetGateway", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl InternetGateway {
    async fn attach(&self, id: &str, live: Option<&str>, aws: &Aws) -> Result<()> {
        let wanted = self.vpc_id.as_deref();
        if live == wanted {
            return Ok(());
        }
        if let Some(other) = live {
            detach(id, other, aws).await?;
        }
        let Some(vpc_id) = wanted else { return Ok(()) };
        let call =
            || aws.ec2.attach_internet_gateway().internet_gateway_id(id).vpc_id(vpc_id).send();
        match aws.safe("ec2:AttachInternetGateway", call).await {
            // Said of a repeated call as well as of a VPC that has another gateway.
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

/// EC2 calls an attachment that stands `available`, a word its model does not have.
fn vpc_of(attachments: Option<Vec<types::InternetGatewayAttachment>>) -> Option<String> {
    let gone = [types::AttachmentStatus::Detaching, types::AttachmentStatus::Detached];
    let stands = |attachment: &types::InternetGatewayAttachment| {
        !attachment.state.as_ref().is_some_and(|state| gone.contains(state))
    };
    attachments?.into_iter().find(stands)?.vpc_id
}

fn read(gateway: types::InternetGateway, stack: &str) -> Option<Live<InternetGateway>> {
    let tags = tags::from_ec2(gateway.tags.as_deref());
    let owner = tags::owner::<InternetGateway>(&tags, stack)?;
    let handle = gateway.internet_gateway_id?;
    let outputs = outputs(handle.clone());
    Some(Live {
        id: owner.id,
        handle,
        component: owner.component,
        spec: InternetGateway { vpc_id: vpc_of(gateway.attachments), tags },
        outputs,
        condition: Condition::Ready,
    })
}
