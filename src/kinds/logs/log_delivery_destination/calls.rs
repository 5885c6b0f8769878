use super::{LogDeliveryDestination, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::facts::EDGE_REGION;
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::logs::calls::{LOGS_PAGE, from_logs, to_logs};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_cloudwatchlogs::types::{DeliveryDestination, DeliveryDestinationConfiguration};

impl Calls for LogDeliveryDestination {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let logs = &listing.aws.edge.logs;
        let call = |token| {
            logs.describe_delivery_destinations().limit(LOGS_PAGE).set_next_token(token).send()
        };
        let found = listing
            .aws
            .pages("logs:DescribeDeliveryDestinations", call, |page| {
                (page.next_token, page.delivery_destinations)
            })
            .await?;
        Ok(found.into_iter().filter_map(|destination| read(destination, listing)).collect())
    }

    /// PutDeliveryDestination changes an existing destination of the same name, even another stack's, so
    /// this checks first.
    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let operation = "logs:PutDeliveryDestination";
        let get = || aws.edge.logs.get_delivery_destination().name(&self.name).send();
        if aws.safe("logs:GetDeliveryDestination", get).await.found()?.is_some() {
            let what = "delivery destination";
            return Err(CloudError::namesake(operation, "AlreadyExists", what, &self.name));
        }
        let to = DeliveryDestinationConfiguration::builder()
            .destination_resource_arn(&self.destination_resource_arn)
            .build()
            .map_err(|error| CloudError::internal(error.to_string()))?;
        let call = || {
            let call = aws.edge.logs.put_delivery_destination().name(&self.name);
            call.delivery_destination_configuration(to.clone())
                .output_format(self.output_format.as_str().into())
                .set_tags(Some(to_logs(&self.tags)))
                .send()
        };
        let created = aws.safe(operation, call).await?.delivery_destination;
        Ok(outputs(created.and_then(|created| created.arn).unwrap_or_default()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let (arn, was) = (&live.outputs["arn"], &live.spec);
        aws.retag_logs(Some(EDGE_REGION), arn, &was.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.edge.logs.delete_delivery_destination().name(&live.handle).send();
        aws.delete("logs:DeleteDeliveryDestination", call).await
    }
}

fn read(
    destination: DeliveryDestination,
    listing: &Listing<'_>,
) -> Option<Live<LogDeliveryDestination>> {
    let name = destination.name.filter(|name| name.starts_with(&listing.prefix()))?;
    let tags = from_logs(destination.tags);
    let owner = listing.owner::<LogDeliveryDestination>(Some(&name), &tags)?;
    let to = destination.delivery_destination_configuration;
    let format = destination.output_format;
    let spec = LogDeliveryDestination {
        name: name.clone(),
        destination_resource_arn: to.map(|to| to.destination_resource_arn).unwrap_or_default(),
        output_format: format.map(|format| format.as_str().into()).unwrap_or_default(),
        tags,
    };
    Some(owner.live(name, spec, outputs(destination.arn?)))
}
