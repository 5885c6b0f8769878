use super::{Config, OriginAccessControl, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::cloudfront::calls::{CLOUDFRONT_PAGE, unbuilt};
use crate::kinds::contract::{Calls, Listing};
use crate::names::marked;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_cloudfront::types::{OriginAccessControlConfig, OriginAccessControlSummary};

impl Calls for OriginAccessControl {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |marker| {
            let call = aws.cloudfront.list_origin_access_controls().max_items(CLOUDFRONT_PAGE);
            call.set_marker(marker).send()
        };
        let found = aws
            .pages("cloudfront:ListOriginAccessControls", call, |page| {
                let list = page.origin_access_control_list;
                list.map_or((None, None), |list| (list.next_marker, list.items))
            })
            .await?;
        Ok(found.into_iter().filter_map(|control| read(control, listing.stack)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let config = self.config()?;
        let create = || aws.cloudfront.create_origin_access_control();
        let call = || create().origin_access_control_config(config.clone()).send();
        let made = aws.once("cloudfront:CreateOriginAccessControl", call).await?;
        Ok(outputs(made.origin_access_control.map(|made| made.id).unwrap_or_default()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let config = self.config()?;
        let version = version(&live.handle, aws).await?;
        let update = || aws.cloudfront.update_origin_access_control().id(&live.handle);
        let call = || {
            let call = update().origin_access_control_config(config.clone());
            call.set_if_match(version.clone()).send()
        };
        aws.safe("cloudfront:UpdateOriginAccessControl", call).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let Some(version) = version(&live.handle, aws).await.found()? else {
            return Ok(Progress::Done);
        };
        let delete = || aws.cloudfront.delete_origin_access_control().id(&live.handle);
        let call = || delete().set_if_match(version.clone()).send();
        aws.safe("cloudfront:DeleteOriginAccessControl", call).await.found()?;
        Ok(Progress::Done)
    }
}

/// The version that a change must name.
async fn version(id: &str, aws: &Aws) -> Result<Option<String>> {
    let call = || aws.cloudfront.get_origin_access_control().id(id).send();
    Ok(aws.safe("cloudfront:GetOriginAccessControl", call).await?.e_tag)
}

impl OriginAccessControl {
    fn config(&self) -> Result<OriginAccessControlConfig> {
        let of = &self.origin_access_control_config;
        OriginAccessControlConfig::builder()
            .name(&of.name)
            .description(&of.description)
            .origin_access_control_origin_type(of.origin_access_control_origin_type.as_str().into())
            .signing_behavior(of.signing_behavior.as_str().into())
            .signing_protocol(of.signing_protocol.as_str().into())
            .build()
            .map_err(unbuilt)
    }
}

fn read(of: OriginAccessControlSummary, stack: &str) -> Option<Live<OriginAccessControl>> {
    let id = Id::new(OriginAccessControl::INFO.name, marked(&of.description, stack)?);
    let origin_type = of.origin_access_control_origin_type;
    let origin_access_control_config = Config {
        name: of.name,
        description: of.description,
        origin_access_control_origin_type: origin_type.as_str().into(),
        signing_behavior: of.signing_behavior.as_str().into(),
        signing_protocol: of.signing_protocol.as_str().into(),
    };
    Some(Live {
        id,
        handle: of.id.clone(),
        component: None,
        spec: OriginAccessControl { origin_access_control_config },
        outputs: outputs(of.id),
        condition: Condition::Ready,
    })
}
