#[cfg(feature = "aws")]
pub mod group;

use super::{Endpoint, VpcOrigin, outputs};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::cloudfront::calls::{CLOUDFRONT_PAGE, counted, to_cloudfront, unbuilt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_cloudfront::types::{self, OriginSslProtocols, VpcOriginEndpointConfig};
use futures::future::try_join_all;
use group::groups;

const DEPLOYED: &str = "Deployed";

impl Calls for VpcOrigin {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let own = format!("{}-", listing.stack);
        let mut found = summaries(aws).await?;
        found.retain(|of| of.name.starts_with(&own));
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let read = found
            .iter()
            .map(|of| async { futures::try_join!(get(&of.id, aws), aws.cloudfront_tags(&of.arn)) });
        let balancers: Vec<String> =
            found.iter().map(|of| of.origin_endpoint_arn.clone()).collect();
        let (read, groups) = futures::try_join!(try_join_all(read), groups(&balancers, aws))?;
        let live = read.into_iter().filter_map(|(of, tags)| {
            let of = of?.vpc_origin?;
            let arn = of.vpc_origin_endpoint_config.as_ref().map(|of| of.arn.as_str());
            let group = arn.and_then(|arn| groups.get(arn)).cloned();
            live(of, tags, group, listing.stack)
        });
        Ok(live.collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let endpoint = self.endpoint()?;
        let tags = to_cloudfront(&self.tags);
        let call = || {
            let call = aws.cloudfront.create_vpc_origin();
            call.vpc_origin_endpoint_config(endpoint.clone()).tags(tags.clone()).send()
        };
        let made = aws.once("cloudfront:CreateVpcOrigin", call).await?.vpc_origin;
        let none = || CloudError::internal("CloudFront made a VPC origin and does not say which");
        let made = made.ok_or_else(none)?;
        Ok(outputs(made.id, made.arn, None))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let found = get(&outputs["id"], aws).await?.and_then(|found| found.vpc_origin);
        Ok(match found {
            None => Progress::Waiting("not visible yet".into()),
            Some(of) if of.status == DEPLOYED => Progress::Done,
            Some(of) => Progress::Waiting(of.status),
        })
    }

    /// Once the origin is deployed, its VPC has the group that others name in their rules.
    async fn finish(&self, was: &Outputs, aws: &Aws) -> Result<Outputs> {
        let balancer = &self.vpc_origin_endpoint_config.arn;
        let group = groups(std::slice::from_ref(balancer), aws).await?.remove(balancer);
        let none = || {
            let message = format!("CloudFront has made no security group for {balancer}");
            CloudError::refused(message)
        };
        let group = group.ok_or_else(none)?;
        Ok(outputs(was["id"].clone(), was["arn"].clone(), Some(group)))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if self.vpc_origin_endpoint_config != live.spec.vpc_origin_endpoint_config {
            let endpoint = self.endpoint()?;
            let version = get(&live.handle, aws).await?.and_then(|found| found.e_tag);
            let update = || aws.cloudfront.update_vpc_origin().id(&live.handle);
            let call = || {
                let call = update().vpc_origin_endpoint_config(endpoint.clone());
                call.set_if_match(version.clone()).send()
            };
            aws.safe("cloudfront:UpdateVpcOrigin", call).await?;
        }
        aws.retag_cloudfront(&live.outputs["arn"], &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let Some(found) = get(&live.handle, aws).await? else { return Ok(Progress::Done) };
        let status = found.vpc_origin.map(|of| of.status).unwrap_or_default();
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
        let call = aws.cloudfront.list_vpc_origins().max_items(CLOUDFRONT_PAGE);
        call.set_marker(marker).send()
    };
    aws.pages("cloudfront:ListVpcOrigins", call, |page| {
        page.vpc_origin_list.map_or((None, None), |list| (list.next_marker, list.items))
    })
    .await
}

type Got = aws_sdk_cloudfront::operation::get_vpc_origin::GetVpcOriginOutput;

async fn get(id: &str, aws: &Aws) -> Result<Option<Got>> {
    let call = || aws.cloudfront.get_vpc_origin().id(id).send();
    aws.safe("cloudfront:GetVpcOrigin", call).await.found()
}

impl VpcOrigin {
    fn endpoint(&self) -> Result<VpcOriginEndpointConfig> {
        let of = &self.vpc_origin_endpoint_config;
        let protocols = of.origin_ssl_protocols.iter().map(|of| of.as_str().into()).collect();
        let (quantity, items) = counted(protocols);
        let protocols = OriginSslProtocols::builder().quantity(quantity).set_items(items);
        VpcOriginEndpointConfig::builder()
            .name(&of.name)
            .arn(&of.arn)
            .http_port(of.http_port)
            .https_port(of.https_port)
            .origin_protocol_policy(of.origin_protocol_policy.as_str().into())
            .origin_ssl_protocols(protocols.build().map_err(unbuilt)?)
            .build()
            .map_err(unbuilt)
    }
}

fn live(
    of: types::VpcOrigin,
    tags: Tags,
    group: Option<String>,
    stack: &str,
) -> Option<Live<VpcOrigin>> {
    let owner = tags::owner::<VpcOrigin>(&tags, stack)?;
    let endpoint = of.vpc_origin_endpoint_config?;
    let protocols = endpoint.origin_ssl_protocols.map(|of| of.items).unwrap_or_default();
    let condition = match of.status == DEPLOYED {
        true => Condition::Ready,
        false => Condition::Converging(of.status),
    };
    Some(Live {
        id: owner.id,
        handle: of.id.clone(),
        component: owner.component,
        spec: VpcOrigin {
            vpc_origin_endpoint_config: Endpoint {
                name: endpoint.name,
                arn: endpoint.arn,
                http_port: endpoint.http_port,
                https_port: endpoint.https_port,
                origin_protocol_policy: endpoint.origin_protocol_policy.as_str().into(),
                origin_ssl_protocols: protocols.iter().map(|of| of.as_str().into()).collect(),
            },
            tags,
        },
        outputs: outputs(of.id, of.arn, group),
        condition,
    })
}
