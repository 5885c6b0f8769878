mod behavior;
mod from;
mod origin;
mod to;

use super::{Config, CustomHeader, DEPLOYED, Distribution, INVALIDATE, Origin, STATUS, outputs};
use crate::aws::Aws;
use crate::aws::tags::{self, Owner};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::cloudfront::calls::{
    CLOUDFRONT_PAGE, counted, owner_by_comment, to_cloudfront, unbuilt,
};
use crate::kinds::contract::{Calls, Listing};
use crate::names::ORIGIN_HEADER;
use crate::reference::{ANOTHER_VALUE, secret};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::tags::SECRET;
use aws_sdk_cloudfront::operation::get_distribution::GetDistributionOutput;
use aws_sdk_cloudfront::types::{
    DistributionConfig, DistributionConfigWithTags, DistributionSummary, InvalidationBatch, Paths,
};
use futures::future::try_join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl Calls for Distribution {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let found = summaries(listing.aws).await?;
        let own = found.iter().filter_map(|summary| {
            Some((owner_by_comment::<Self>(&summary.comment, listing.stack)?, summary))
        });
        let live = own.map(|(owner, summary)| read(owner, summary, listing));
        Ok(try_join_all(live).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        // A repeated call with the same caller reference creates no second distribution: CloudFront
        // reports that the first one exists already.
        let config = to::initial(&self.revealed(aws).await?, &aws.token())?;
        let with_tags = DistributionConfigWithTags::builder().distribution_config(config);
        let with_tags = with_tags.tags(to_cloudfront(&self.tags)).build();
        let create = || aws.cloudfront.create_distribution_with_tags();
        let call = || create().distribution_config_with_tags(with_tags.clone()).send();
        let created = aws.safe("cloudfront:CreateDistributionWithTags", call).await?.distribution;
        let missing = || {
            CloudError::internal("cloudfront:CreateDistributionWithTags returned no distribution")
        };
        let created = created.ok_or_else(missing)?;
        Ok(outputs(created.id, created.arn, created.domain_name))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if self.distribution_config != live.spec.distribution_config {
            let call = || aws.cloudfront.get_distribution_config().id(&live.handle).send();
            let found = aws.safe("cloudfront:GetDistributionConfig", call).await?;
            let missing = || {
                let returned = "cloudfront:GetDistributionConfig returned no configuration";
                CloudError::internal(format!("{returned} of {}", live.id))
            };
            let was = found.distribution_config.ok_or_else(missing)?;
            let config = to::changed(&self.revealed(aws).await?, was)?;
            put(&live.handle, config, found.e_tag, aws).await?;
        }
        aws.retag_cloudfront(&live.outputs["arn"], &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    /// Disables the distribution first: CloudFront deletes it only once it is disabled at all edge
    /// locations.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let Some(found) = get(&live.handle, aws).await? else { return Ok(Progress::Done) };
        let version = found.e_tag;
        let Some(found) = found.distribution else { return Ok(Progress::Done) };
        if let Some(mut config) = found.distribution_config.filter(|config| config.enabled) {
            config.enabled = false;
            put(&live.handle, config, version, aws).await?;
            return Ok(Progress::Waiting("InProgress: disabling".into()));
        }
        if found.status != DEPLOYED {
            return Ok(Progress::Waiting(format!("{}: disabling", found.status)));
        }
        let delete = || aws.cloudfront.delete_distribution().id(&live.handle);
        let call = || delete().set_if_match(version.clone()).send();
        aws.delete("cloudfront:DeleteDistribution", call).await
    }

    async fn act(live: &Live<Self>, action: &str, arguments: &Value, aws: &Aws) -> Result<Value> {
        match action {
            INVALIDATE => invalidate(&live.handle, arguments, aws).await,
            STATUS => {
                let found = get(&live.handle, aws).await?.and_then(|found| found.distribution);
                Ok(json!({ "status": found.map(|found| found.status).unwrap_or_default() }))
            }
            _ => Err(CloudError::internal(format!("{} has no action {action}", live.id))),
        }
    }
}

async fn summaries(aws: &Aws) -> Result<Vec<DistributionSummary>> {
    let call = |marker| {
        let list = aws.cloudfront.list_distributions().max_items(CLOUDFRONT_PAGE);
        list.set_marker(marker).send()
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

/// Replaces the configuration. `version` is the ETag of the configuration that `config` is based
/// on: AWS refuses the update if the live configuration has changed since.
async fn put(
    id: &str,
    config: DistributionConfig,
    version: Option<String>,
    aws: &Aws,
) -> Result<()> {
    let call = || {
        let update = aws.cloudfront.update_distribution().id(id);
        update.distribution_config(config.clone()).set_if_match(version.clone()).send()
    };
    aws.safe("cloudfront:UpdateDistribution", call).await.map(drop)
}

async fn read(
    owner: Owner,
    summary: &DistributionSummary,
    listing: &Listing<'_>,
) -> Result<Option<Live<Distribution>>> {
    let aws = listing.aws;
    let DistributionSummary { id, arn, domain_name, .. } = summary;
    let call = || aws.cloudfront.get_distribution_config().id(id).send();
    let config = async { aws.safe("cloudfront:GetDistributionConfig", call).await.found() };
    let (found, tags) = futures::try_join!(config, aws.cloudfront_tags(arn))?;
    let Some(config) = found.and_then(|found| found.distribution_config) else { return Ok(None) };
    let Some(mut config) = from::config(config) else { return Ok(None) };
    config.origins = concealed(config.origins, tags.get(SECRET), aws).await?;
    let tagged = tags::owner::<Distribution>(&tags, listing.stack);
    let owner = Owner { component: tagged.and_then(|tagged| tagged.component), ..owner };
    let outputs = outputs(id.clone(), arn.clone(), domain_name.clone());
    let spec = Distribution { distribution_config: config, tags };
    Ok(Some(owner.live(id, spec, outputs)))
}

/// The origins with secret header values replaced: by the placeholder of the secret with the ARN
/// `arn` if the distribution sends the secret's current value, otherwise by [`ANOTHER_VALUE`],
/// which a plan shows as a difference.
async fn concealed(
    origins: BTreeSet<Origin>,
    arn: Option<&str>,
    aws: &Aws,
) -> Result<BTreeSet<Origin>> {
    let is_secret = |header: &CustomHeader| header.header_name.eq_ignore_ascii_case(ORIGIN_HEADER);
    let headers = || origins.iter().flat_map(|origin| &origin.origin_custom_headers);
    let value = match arn.filter(|_| headers().any(is_secret)) {
        Some(arn) => aws.secret_value(arn).await.found()?.map(|value| (value, secret(arn))),
        None => None,
    };
    let conceal = |header: CustomHeader| match &value {
        _ if !is_secret(&header) => header,
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
    /// The configuration with the values of secrets. It exists only for the duration of a call.
    async fn revealed(&self, aws: &Aws) -> Result<Config> {
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

/// Starts an invalidation. Returns its ID, its status and the paths.
async fn invalidate(id: &str, arguments: &Value, aws: &Aws) -> Result<Value> {
    let list = arguments["paths"].as_array().into_iter().flatten();
    let paths: Vec<String> = list.filter_map(|path| path.as_str().map(str::to_string)).collect();
    let (quantity, items) = counted(paths.clone());
    let list = Paths::builder().quantity(quantity).set_items(items).build().map_err(unbuilt)?;
    let batch = InvalidationBatch::builder().paths(list).caller_reference(aws.token());
    let batch = batch.build().map_err(unbuilt)?;
    let create = || aws.cloudfront.create_invalidation().distribution_id(id);
    let call = || create().invalidation_batch(batch.clone()).send();
    let created = aws.safe("cloudfront:CreateInvalidation", call).await?.invalidation;
    let (id, status) = created.map(|created| (created.id, created.status)).unwrap_or_default();
    Ok(json!({ "id": id, "status": status, "paths": paths }))
}
