mod group;

use super::{Endpoint, VpcOrigin, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::cloudfront::calls::{CLOUDFRONT_PAGE, counted, to_cloudfront, unbuilt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_cloudfront::operation::get_vpc_origin::GetVpcOriginOutput;
use aws_sdk_cloudfront::types::{self, OriginSslProtocols, VpcOriginEndpointConfig};
use futures::future::try_join_all;
use group::groups;

const DEPLOYED: &str = "Deployed";

impl Calls for VpcOrigin {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let prefix = listing.prefix();
        let mut found = summaries(aws).await?;
        found.retain(|summary| summary.name.starts_with(&prefix));
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let details = found.iter().map(|summary| async {
            futures::try_join!(get(&summary.id, aws), aws.cloudfront_tags(&summary.arn))
        });
        let balancers: Vec<String> =
            found.iter().map(|summary| summary.origin_endpoint_arn.clone()).collect();
        let (details, groups) = futures::try_join!(try_join_all(details), groups(&balancers, aws))?;
        let live = details.into_iter().filter_map(|(found, tags)| {
            let origin = found?.vpc_origin?;
            let endpoint = origin.vpc_origin_endpoint_config.as_ref();
            let group = endpoint.and_then(|endpoint| groups.get(&endpoint.arn)).cloned();
            read(origin, tags, group, listing)
        });
        Ok(live.collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let endpoint = self.endpoint()?;
        let tags = to_cloudfront(&self.tags);
        let call = || {
            let create = aws.cloudfront.create_vpc_origin();
            create.vpc_origin_endpoint_config(endpoint.clone()).tags(tags.clone()).send()
        };
        let created = aws.once("cloudfront:CreateVpcOrigin", call).await?.vpc_origin;
        let missing = || CloudError::internal("cloudfront:CreateVpcOrigin returned no VPC origin");
        let created = created.ok_or_else(missing)?;
        Ok(outputs(created.id, created.arn, None))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let found = get(&outputs["id"], aws).await?.and_then(|found| found.vpc_origin);
        Ok(match found {
            None => Progress::not_visible(),
            Some(origin) if origin.status == DEPLOYED => Progress::Done,
            Some(origin) => Progress::Waiting(origin.status),
        })
    }

    /// Adds the security group to the outputs: security group rules refer to it, and it exists once
    /// the origin is deployed.
    async fn finish(&self, was: &Outputs, aws: &Aws) -> Result<Outputs> {
        let balancer = &self.vpc_origin_endpoint_config.arn;
        let group = groups(std::slice::from_ref(balancer), aws).await?.remove(balancer);
        let missing = || {
            let name = group::NAME;
            let message = format!("CloudFront has not created {name} in the VPC of {balancer} yet");
            CloudError::refused(message + "; apply again")
        };
        let group = group.ok_or_else(missing)?;
        Ok(outputs(was["id"].clone(), was["arn"].clone(), Some(group)))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if self.vpc_origin_endpoint_config != live.spec.vpc_origin_endpoint_config {
            let endpoint = self.endpoint()?;
            let version = get(&live.handle, aws).await?.and_then(|found| found.e_tag);
            let update = || aws.cloudfront.update_vpc_origin().id(&live.handle);
            let call = || {
                let update = update().vpc_origin_endpoint_config(endpoint.clone());
                update.set_if_match(version.clone()).send()
            };
            aws.safe("cloudfront:UpdateVpcOrigin", call).await?;
        }
        aws.retag_cloudfront(&live.outputs["arn"], &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let Some(found) = get(&live.handle, aws).await? else { return Ok(Progress::Done) };
        let status = found.vpc_origin.map(|origin| origin.status).unwrap_or_default();
        if status != DEPLOYED {
            return Ok(Progress::Waiting(status));
        }
        let delete = || aws.cloudfront.delete_vpc_origin().id(&live.handle);
        let call = || delete().set_if_match(found.e_tag.clone()).send();
        let deleting = aws.safe("cloudfront:DeleteVpcOrigin", call).await.found()?;
        Ok(match deleting {
            Some(_) => Progress::Waiting("Deleting".into()),
            None => Progress::Done,
        })
    }
}

async fn summaries(aws: &Aws) -> Result<Vec<types::VpcOriginSummary>> {
    let call = |marker| {
        let list = aws.cloudfront.list_vpc_origins().max_items(CLOUDFRONT_PAGE);
        list.set_marker(marker).send()
    };
    aws.pages("cloudfront:ListVpcOrigins", call, |page| {
        page.vpc_origin_list.map_or((None, None), |list| (list.next_marker, list.items))
    })
    .await
}

async fn get(id: &str, aws: &Aws) -> Result<Option<GetVpcOriginOutput>> {
    let call = || aws.cloudfront.get_vpc_origin().id(id).send();
    aws.safe("cloudfront:GetVpcOrigin", call).await.found()
}

impl VpcOrigin {
    fn endpoint(&self) -> Result<VpcOriginEndpointConfig> {
        let spec = &self.vpc_origin_endpoint_config;
        let protocols = spec.origin_ssl_protocols.iter().map(|name| name.as_str().into()).collect();
        let (quantity, items) = counted(protocols);
        let protocols = OriginSslProtocols::builder().quantity(quantity).set_items(items);
        VpcOriginEndpointConfig::builder()
            .name(&spec.name)
            .arn(&spec.arn)
            .http_port(spec.http_port)
            .https_port(spec.https_port)
            .origin_protocol_policy(spec.origin_protocol_policy.as_str().into())
            .origin_ssl_protocols(protocols.build().map_err(unbuilt)?)
            .build()
            .map_err(unbuilt)
    }
}

fn read(
    origin: types::VpcOrigin,
    tags: Tags,
    group: Option<String>,
    listing: &Listing<'_>,
) -> Option<Live<VpcOrigin>> {
    let owner = listing.owner::<VpcOrigin>(None, &tags)?;
    let endpoint = origin.vpc_origin_endpoint_config?;
    let protocols = endpoint.origin_ssl_protocols.map(|list| list.items).unwrap_or_default();
    let condition = match origin.status == DEPLOYED {
        true => Condition::Ready,
        false => Condition::Converging(origin.status),
    };
    let vpc_origin_endpoint_config = Endpoint {
        name: endpoint.name,
        arn: endpoint.arn,
        http_port: endpoint.http_port,
        https_port: endpoint.https_port,
        origin_protocol_policy: endpoint.origin_protocol_policy.as_str().into(),
        origin_ssl_protocols: protocols.iter().map(|name| name.as_str().into()).collect(),
    };
    let spec = VpcOrigin { vpc_origin_endpoint_config, tags };
    let outputs = outputs(origin.id.clone(), origin.arn, group);
    Some(Live { condition, ..owner.live(origin.id, spec, outputs) })
}
