use super::{Config, OriginAccessControl, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::cloudfront::calls::{CLOUDFRONT_PAGE, owner_by_comment, unbuilt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_cloudfront::types::{OriginAccessControlConfig, OriginAccessControlSummary};

impl Calls for OriginAccessControl {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |marker| {
            let list = aws.cloudfront.list_origin_access_controls().max_items(CLOUDFRONT_PAGE);
            list.set_marker(marker).send()
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
        let created = aws.once("cloudfront:CreateOriginAccessControl", call).await?;
        Ok(outputs(created.origin_access_control.map(|control| control.id).unwrap_or_default()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let config = self.config()?;
        let version = version(&live.handle, aws).await?;
        let update = || aws.cloudfront.update_origin_access_control().id(&live.handle);
        let call = || {
            let update = update().origin_access_control_config(config.clone());
            update.set_if_match(version.clone()).send()
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
        aws.delete("cloudfront:DeleteOriginAccessControl", call).await
    }
}

/// The control's current ETag, which UpdateOriginAccessControl and DeleteOriginAccessControl
/// require.
async fn version(id: &str, aws: &Aws) -> Result<Option<String>> {
    let call = || aws.cloudfront.get_origin_access_control().id(id).send();
    Ok(aws.safe("cloudfront:GetOriginAccessControl", call).await?.e_tag)
}

impl OriginAccessControl {
    fn config(&self) -> Result<OriginAccessControlConfig> {
        let config = &self.origin_access_control_config;
        OriginAccessControlConfig::builder()
            .name(&config.name)
            .description(&config.description)
            .origin_access_control_origin_type(
                config.origin_access_control_origin_type.as_str().into(),
            )
            .signing_behavior(config.signing_behavior.as_str().into())
            .signing_protocol(config.signing_protocol.as_str().into())
            .build()
            .map_err(unbuilt)
    }
}

fn read(control: OriginAccessControlSummary, stack: &str) -> Option<Live<OriginAccessControl>> {
    let owner = owner_by_comment::<OriginAccessControl>(&control.description, stack)?;
    let origin_type = control.origin_access_control_origin_type;
    let origin_access_control_config = Config {
        name: control.name,
        description: control.description,
        origin_access_control_origin_type: origin_type.as_str().into(),
        signing_behavior: control.signing_behavior.as_str().into(),
        signing_protocol: control.signing_protocol.as_str().into(),
    };
    let spec = OriginAccessControl { origin_access_control_config };
    Some(owner.live(control.id.clone(), spec, outputs(control.id)))
}
