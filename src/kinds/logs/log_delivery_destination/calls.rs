use super::{LogDeliveryDestination, outputs};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::logs::calls::{LOGS_PAGE, from_logs, to_logs};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
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
        Ok(found.into_iter().filter_map(|of| read(of, listing.stack)).collect())
    }

    /// The call would change one that is there, whosesoever it is.
    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let get = || aws.edge.logs.get_delivery_destination().name(&self.name).send();
        if aws.safe("logs:GetDeliveryDestination", get).await.found()?.is_some() {
            let message = format!("there is a delivery destination {} already", self.name);
            return Err(CloudError::taken("logs:PutDeliveryDestination", "AlreadyExists", message));
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
        let made = aws.safe("logs:PutDeliveryDestination", call).await?.delivery_destination;
        Ok(outputs(made.and_then(|made| made.arn).unwrap_or_default()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        aws.retag_edge_logs(&live.outputs["arn"], &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.edge.logs.delete_delivery_destination().name(&live.handle).send();
        aws.safe("logs:DeleteDeliveryDestination", call).await.found()?;
        Ok(Progress::Done)
    }
}

fn read(of: DeliveryDestination, stack: &str) -> Option<Live<LogDeliveryDestination>> {
    let tags = from_logs(of.tags);
    let owner = tags::owner::<LogDeliveryDestination>(&tags, stack)?;
    let name = of.name?;
    let to = of.delivery_destination_configuration;
    Some(Live {
        id: owner.id,
        handle: name.clone(),
        component: owner.component,
        spec: LogDeliveryDestination {
            name,
            destination_resource_arn: to.map(|of| of.destination_resource_arn).unwrap_or_default(),
            output_format: of.output_format.map(|of| of.as_str().into()).unwrap_or_default(),
            tags,
        },
        outputs: outputs(of.arn?),
        condition: Condition::Ready,
    })
}
