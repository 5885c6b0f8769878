use super::{VpcLink, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::apigateway::calls::{from_apigateway, to_apigateway};
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
        Ok(found.into_iter().filter_map(|link| read(link, listing)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.apigatewayv2
                .create_vpc_link()
                .name(&self.name)
                .set_security_group_ids(Some(self.security_group_ids.iter().cloned().collect()))
                .set_subnet_ids(Some(self.subnet_ids.iter().cloned().collect()))
                .set_tags(Some(to_apigateway(&self.tags)))
                .send()
        };
        let created = aws.once("apigatewayv2:CreateVpcLink", call).await?;
        Ok(outputs(created.vpc_link_id.unwrap_or_default()))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let id = &outputs["id"];
        let Some(link) = find(id, aws).await? else {
            return Ok(Progress::not_visible());
        };
        match link.vpc_link_status {
            Some(VpcLinkStatus::Available | VpcLinkStatus::Inactive) => Ok(Progress::Done),
            Some(VpcLinkStatus::Failed) => {
                let why = link.vpc_link_status_message.unwrap_or_default();
                Err(CloudError::refused(format!("the VPC link {id} failed: {why}")))
            }
            status => Ok(Progress::Waiting(text(status.as_ref()))),
        }
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if self.name != live.spec.name {
            let update = || aws.apigatewayv2.update_vpc_link().vpc_link_id(&live.handle);
            let call = || update().name(&self.name).send();
            aws.safe("apigatewayv2:UpdateVpcLink", call).await?;
        }
        aws.retag_apigatewayv2(&live.handle, &live.spec.tags, &self.tags).await?;
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

impl Aws {
    /// Brings the tags of a VPC link from `live` to `desired`.
    async fn retag_apigatewayv2(&self, id: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let arn = self.apigateway_arn(&format!("/vpclinks/{id}"));
        let tag = |tags: &Tags| {
            let tag = self.apigatewayv2.tag_resource().resource_arn(&arn);
            tag.set_tags(Some(to_apigateway(tags))).send()
        };
        let untag = |keys| {
            self.apigatewayv2.untag_resource().resource_arn(&arn).set_tag_keys(Some(keys)).send()
        };
        let (tag, untag) =
            (("apigatewayv2:TagResource", tag), ("apigatewayv2:UntagResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}

async fn find(id: &str, aws: &Aws) -> Result<Option<GetVpcLinkOutput>> {
    let call = || aws.apigatewayv2.get_vpc_link().vpc_link_id(id).send();
    aws.safe("apigatewayv2:GetVpcLink", call).await.found()
}

fn text(status: Option<&VpcLinkStatus>) -> String {
    status.map(|status| status.as_str().to_lowercase()).unwrap_or_default()
}

fn read(link: types::VpcLink, listing: &Listing<'_>) -> Option<Live<VpcLink>> {
    let condition = match &link.vpc_link_status {
        Some(VpcLinkStatus::Available) => Condition::Ready,
        Some(VpcLinkStatus::Deleting) => return None,
        Some(VpcLinkStatus::Failed) => {
            Condition::Failed(link.vpc_link_status_message.unwrap_or_default())
        }
        // After 60 days without a request, AWS deletes the link's network interfaces. The next
        // request makes it create them again.
        Some(VpcLinkStatus::Inactive) => Condition::Converging(
            "inactive: the next requests fail until the link is available again".into(),
        ),
        status => Condition::Converging(text(status.as_ref())),
    };
    let tags = from_apigateway(link.tags.as_ref());
    let owner = listing.owner::<VpcLink>(None, &tags)?;
    let handle = link.vpc_link_id?;
    let spec = VpcLink {
        name: link.name.unwrap_or_default(),
        security_group_ids: link.security_group_ids.unwrap_or_default().into_iter().collect(),
        subnet_ids: link.subnet_ids.unwrap_or_default().into_iter().collect(),
        tags,
    };
    let outputs = outputs(handle.clone());
    Some(Live { condition, ..owner.live(handle, spec, outputs) })
}
