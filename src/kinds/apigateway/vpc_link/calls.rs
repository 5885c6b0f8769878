use super::{VpcLink, outputs};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::apigateway::calls;
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_apigatewayv2::operation::get_vpc_link::GetVpcLinkOutput;
use aws_sdk_apigatewayv2::types::{self, VpcLinkStatus};

impl Calls for VpcLink {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| aws.apigatewayv2.get_vpc_links().set_next_token(token).send();
        let found = aws
            .pages("apigatewayv2:GetVpcLinks", call, |page| (page.next_token, page.items))
            .await?;
        Ok(found.into_iter().filter_map(|link| read(link, listing.stack)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.apigatewayv2
                .create_vpc_link()
                .name(&self.name)
                .set_security_group_ids(Some(self.security_group_ids.iter().cloned().collect()))
                .set_subnet_ids(Some(self.subnet_ids.iter().cloned().collect()))
                .set_tags(Some(calls::to_map(&self.tags)))
                .send()
        };
        let made = aws.once("apigatewayv2:CreateVpcLink", call).await?;
        Ok(outputs(made.vpc_link_id.unwrap_or_default()))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let id = &outputs["id"];
        let Some(link) = find(id, aws).await? else {
            return Ok(Progress::Waiting("not visible yet".into()));
        };
        match link.vpc_link_status {
            Some(VpcLinkStatus::Available | VpcLinkStatus::Inactive) => Ok(Progress::Done),
            Some(VpcLinkStatus::Failed) => {
                let why = link.vpc_link_status_message.unwrap_or_default();
                Err(CloudError::refused(format!("VPC link {id} failed: {why}")))
            }
            status => Ok(Progress::Waiting(words(status.as_ref()))),
        }
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if self.name != live.spec.name {
            let update = || aws.apigatewayv2.update_vpc_link().vpc_link_id(&live.handle);
            let call = || update().name(&self.name).send();
            aws.safe("apigatewayv2:UpdateVpcLink", call).await?;
        }
        self.retag(&live.handle, &live.spec.tags, aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let Some(link) = find(&live.handle, aws).await? else { return Ok(Progress::Done) };
        if link.vpc_link_status != Some(VpcLinkStatus::Deleting) {
            let call = || aws.apigatewayv2.delete_vpc_link().vpc_link_id(&live.handle).send();
            aws.safe("apigatewayv2:DeleteVpcLink", call).await.found()?;
        }
        Ok(Progress::Waiting("deleting".into()))
    }
}

impl VpcLink {
    async fn retag(&self, id: &str, live: &Tags, aws: &Aws) -> Result<()> {
        let arn = aws.api_arn(&format!("/vpclinks/{id}"));
        let tag = |tags: &Tags| {
            let tag = aws.apigatewayv2.tag_resource().resource_arn(&arn);
            tag.set_tags(Some(calls::to_map(tags))).send()
        };
        let untag = |keys| {
            aws.apigatewayv2.untag_resource().resource_arn(&arn).set_tag_keys(Some(keys)).send()
        };
        let (tag, untag) =
            (("apigatewayv2:TagResource", tag), ("apigatewayv2:UntagResource", untag));
        aws.retag((live, &self.tags), tag, untag).await
    }
}

async fn find(id: &str, aws: &Aws) -> Result<Option<GetVpcLinkOutput>> {
    let call = || aws.apigatewayv2.get_vpc_link().vpc_link_id(id).send();
    aws.safe("apigatewayv2:GetVpcLink", call).await.found()
}

fn words(status: Option<&VpcLinkStatus>) -> String {
    status.map(|status| status.as_str().to_lowercase()).unwrap_or_default()
}

fn read(link: types::VpcLink, stack: &str) -> Option<Live<VpcLink>> {
    let tags = calls::from_map(link.tags.as_ref());
    let owner = tags::owner::<VpcLink>(&tags, stack)?;
    let handle = link.vpc_link_id?;
    let condition = match &link.vpc_link_status {
        Some(VpcLinkStatus::Available) => Condition::Ready,
        Some(VpcLinkStatus::Deleting) => return None,
        Some(VpcLinkStatus::Failed) => {
            Condition::Failed(link.vpc_link_status_message.unwrap_or_default())
        }
        // After 60 days without a request its interfaces go; the next one brings them back.
        Some(VpcLinkStatus::Inactive) => {
            Condition::Converging("inactive: the next requests fail until it is up again".into())
        }
        status => Condition::Converging(words(status.as_ref())),
    };
    let outputs = outputs(handle.clone());
    Some(Live {
        id: owner.id,
        handle,
        component: owner.component,
        spec: VpcLink {
            name: link.name.unwrap_or_default(),
            security_group_ids: link.security_group_ids.unwrap_or_default().into_iter().collect(),
            subnet_ids: link.subnet_ids.unwrap_or_default().into_iter().collect(),
            tags,
        },
        outputs,
        condition,
    })
}
