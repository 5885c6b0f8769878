use super::{LogDeliverySource, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::facts::EDGE_REGION;
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::logs::calls::{LOGS_PAGE, from_logs, to_logs};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_cloudwatchlogs::types::DeliverySource;

impl Calls for LogDeliverySource {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let logs = &listing.aws.edge.logs;
        let call =
            |token| logs.describe_delivery_sources().limit(LOGS_PAGE).set_next_token(token).send();
        let found = listing
            .aws
            .pages("logs:DescribeDeliverySources", call, |page| {
                (page.next_token, page.delivery_sources)
            })
            .await?;
        Ok(found.into_iter().filter_map(|source| read(source, listing)).collect())
    }

    /// PutDeliverySource changes an existing source of the same name, even another stack's, so this checks
    /// first.
    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let operation = "logs:PutDeliverySource";
        let get = || aws.edge.logs.get_delivery_source().name(&self.name).send();
        if aws.safe("logs:GetDeliverySource", get).await.found()?.is_some() {
            let what = "delivery source";
            return Err(CloudError::namesake(operation, "AlreadyExists", what, &self.name));
        }
        let call = || {
            let call = aws.edge.logs.put_delivery_source().name(&self.name);
            let call = call.resource_arn(&self.resource_arn).log_type(&self.log_type);
            call.set_tags(Some(to_logs(&self.tags))).send()
        };
        let created = aws.safe(operation, call).await?.delivery_source;
        let arn = created.and_then(|created| created.arn).unwrap_or_default();
        Ok(outputs(arn, self.name.clone()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let (arn, was) = (&live.outputs["arn"], &live.spec);
        aws.retag_logs(Some(EDGE_REGION), arn, &was.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.edge.logs.delete_delivery_source().name(&live.handle).send();
        aws.delete("logs:DeleteDeliverySource", call).await
    }
}

fn read(source: DeliverySource, listing: &Listing<'_>) -> Option<Live<LogDeliverySource>> {
    let name = source.name.filter(|name| name.starts_with(&listing.prefix()))?;
    let tags = from_logs(source.tags);
    let owner = listing.owner::<LogDeliverySource>(Some(&name), &tags)?;
    let spec = LogDeliverySource {
        name: name.clone(),
        resource_arn: source.resource_arns.and_then(|mut arns| arns.pop()).unwrap_or_default(),
        log_type: source.log_type.unwrap_or_default(),
        tags,
    };
    Some(owner.live(name.clone(), spec, outputs(source.arn?, name)))
}
