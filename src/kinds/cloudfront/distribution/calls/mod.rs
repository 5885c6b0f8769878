#[cfg(feature = "aws")]
pub mod behavior;
#[cfg(feature = "aws")]
pub mod from;
#[cfg(feature = "aws")]
pub mod origin;
#[cfg(feature = "aws")]
pub mod to;

use super::{CustomHeader, DEPLOYED, Distribution, INVALIDATE, Origin, STATUS, outputs};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::cloudfront::calls::{CLOUDFRONT_PAGE, counted, to_cloudfront, unbuilt};
use crate::kinds::contract::{Calls, Listing};
use crate::names::ORIGIN_HEADER;
use crate::names::marked;
use crate::reference::{ANOTHER_VALUE, secret};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::spec::Spec;
use crate::tags::SECRET;
use aws_sdk_cloudfront::operation::get_distribution::GetDistributionOutput;
use aws_sdk_cloudfront::types::{self, DistributionConfigWithTags, InvalidationBatch, Paths};
use futures::future::try_join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl Calls for Distribution {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let found = summaries(listing.aws).await?;
        let own = found.iter().filter_map(|of| Some((marked(&of.comment, listing.stack)?, of)));
        let live = own.map(|(name, of)| find(name, of, listing));
        Ok(try_join_all(live).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        // CloudFront answers a repetition by saying that it has made it.
        let config = to::fresh(&self.revealed(aws).await?, &aws.token())?;
        let with_tags = DistributionConfigWithTags::builder().distribution_config(config);
        let with_tags = with_tags.tags(to_cloudfront(&self.tags)).build();
        let create = || aws.cloudfront.create_distribution_with_tags();
        let call = || create().distribution_config_with_tags(with_tags.clone()).send();
        let made = aws.safe("cloudfront:CreateDistributionWithTags", call).await?.distribution;
        let none = || CloudError::internal("CloudFront made a distribution without saying which");
        let made = made.ok_or_else(none)?;
        Ok(outputs(made.id, made.arn, made.domain_name))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if self.distribution_config != live.spec.distribution_config {
            let call = || aws.cloudfront.get_distribution_config().id(&live.handle).send();
            let found = aws.safe("cloudfront:GetDistributionConfig", call).await?;
            let none = || CloudError::internal(format!("{} has no configuration", live.id));
            let was = found.distribution_config.ok_or_else(none)?;
            let config = to::changed(&self.revealed(aws).await?, was)?;
            put(&live.handle, config, found.e_tag, aws).await?;
        }
        aws.retag_cloudfront(&live.outputs["arn"], &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    /// Only one that every edge has switched off can be deleted.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let Some(found) = get(&live.handle, aws).await? else { return Ok(Progress::Done) };
        let version = found.e_tag;
        let Some(of) = found.distribution else { return Ok(Progress::Done) };
        if let Some(mut config) = of.distribution_config.filter(|config| config.enabled) {
            config.enabled = false;
            put(&live.handle, config, version, aws).await?;
            return Ok(Progress::Waiting("InProgress: being switched off".into()));
        }
        if of.status != DEPLOYED {
            return Ok(Progress::Waiting(format!("{}: being switched off", of.status)));
        }
        let delete = || aws.cloudfront.delete_distribution().id(&live.handle);
        let call = || delete().set_if_match(version.clone()).send();
        aws.safe("cloudfront:DeleteDistribution", call).await.found()?;
        Ok(Progress::Done)
    }

    async fn act(live: &Live<Self>, action: &str, arguments: &Value, aws: &Aws) -> Result<Value> {
        match action {
            INVALIDATE => invalidate(&live.handle, arguments, aws).await,
            STATUS => {
                let found = get(&live.handle, aws).await?.and_then(|found| found.distribution);
                Ok(json!({ "status": found.map(|of| of.status).unwrap_or_default() }))
            }
            _ => Err(CloudError::internal(format!("{} knows no {action}", live.id))),
        }
    }
}

async fn summaries(aws: &Aws) -> Result<Vec<types::DistributionSummary>> {
    let call = |marker| {
        let call = aws.cloudfront.list_distributions().max_items(CLOUDFRONT_PAGE);
        call.set_marker(marker).send()
    };
    aws.pages("cloudfront:ListDistributions", call, |page| {
        page.distribution_list.map_or((None, None), |list| (list.next_marker, list.items))
    })
    .await
}

async fn get(id: &str, aws: &Aws) -> Result<Option<GetDistributionOutput>> {
    let call = || aws.cloudfront.get_distribution().id(id).send();
    aws.safe("cloudfront:GetDistribution", call).await.found()
}

/// `version` is that of what the configuration was made from: AWS refuses it if that has changed.
async fn put(
    id: &str,
    config: types::DistributionConfig,
    version: Option<String>,
    aws: &Aws,
) -> Result<()> {
    let call = || {
        let call = aws.cloudfront.update_distribution().id(id);
        call.distribution_config(config.clone()).set_if_match(version.clone()).send()
    };
    aws.safe("cloudfront:UpdateDistribution", call).await.map(drop)
}

async fn find(
    name: &str,
    of: &types::DistributionSummary,
    listing: &Listing<'_>,
) -> Result<Option<Live<Distribution>>> {
    let aws = listing.aws;
    let call = || aws.cloudfront.get_distribution_config().id(&of.id).send();
    let config = async { aws.safe("cloudfront:GetDistributionConfig", call).await.found() };
    let (found, tags) = futures::try_join!(config, aws.cloudfront_tags(&of.arn))?;
    let Some(config) = found.and_then(|found| found.distribution_config) else { return Ok(None) };
    let Some(mut config) = from::config(config) else { return Ok(None) };
    config.origins = concealed(config.origins, tags.get(SECRET), aws).await?;
    let owner = tags::owner::<Distribution>(&tags, listing.stack);
    Ok(Some(Live {
        id: Id::new(Distribution::INFO.name, name),
        handle: of.id.clone(),
        component: owner.and_then(|owner| owner.component),
        spec: Distribution { distribution_config: config, tags },
        outputs: outputs(of.id.clone(), of.arn.clone(), of.domain_name.clone()),
        condition: Condition::Ready,
    }))
}

/// The origins with what is secret taken out of them. What a distribution sends is the value that
/// its secret holds now, or a difference.
async fn concealed(
    origins: BTreeSet<Origin>,
    arn: Option<&str>,
    aws: &Aws,
) -> Result<BTreeSet<Origin>> {
    let proves = |header: &CustomHeader| header.header_name.eq_ignore_ascii_case(ORIGIN_HEADER);
    let headers = || origins.iter().flat_map(|origin| &origin.origin_custom_headers);
    let value = match arn.filter(|_| headers().any(proves)) {
        Some(arn) => aws.secret_value(arn).await.found()?.map(|value| (value, secret(arn))),
        None => None,
    };
    let conceal = |header: CustomHeader| match &value {
        _ if !proves(&header) => header,
        Some((value, secret)) if header.header_value == *value => {
            CustomHeader { header_value: secret.clone(), ..header }
        }
        _ => CustomHeader { header_value: ANOTHER_VALUE.into(), ..header },
    };
    let origin = |origin: Origin| Origin {
        origin_custom_headers: origin.origin_custom_headers.into_iter().map(conceal).collect(),
        ..origin
    };
    Ok(origins.into_iter().map(origin).collect())
}

impl Distribution {
    /// The configuration with the values of secrets in it, for the call alone.
    async fn revealed(&self, aws: &Aws) -> Result<super::Config> {
        let mut config = self.distribution_config.clone();
        let mut origins = BTreeSet::new();
        for mut origin in config.origins {
            let mut headers = BTreeSet::new();
            for mut header in origin.origin_custom_headers {
                header.header_value = aws.reveal(&header.header_value).await?;
                headers.insert(header);
            }
            origin.origin_custom_headers = headers;
            origins.insert(origin);
        }
        config.origins = origins;
        Ok(config)
    }
}

async fn invalidate(id: &str, arguments: &Value, aws: &Aws) -> Result<Value> {
    let list = arguments["paths"].as_array().into_iter().flatten();
    let paths: Vec<String> = list.filter_map(|path| path.as_str().map(str::to_string)).collect();
    let (quantity, items) = counted(paths.clone());
    let of = Paths::builder().quantity(quantity).set_items(items).build().map_err(unbuilt)?;
    let batch = InvalidationBatch::builder().paths(of).caller_reference(aws.token());
    let batch = batch.build().map_err(unbuilt)?;
    let create = || aws.cloudfront.create_invalidation().distribution_id(id);
    let call = || create().invalidation_batch(batch.clone()).send();
    let made = aws.safe("cloudfront:CreateInvalidation", call).await?.invalidation;
    let (id, status) = made.map(|made| (made.id, made.status)).unwrap_or_default();
    Ok(json!({ "id": id, "status": status, "paths": paths }))
}
