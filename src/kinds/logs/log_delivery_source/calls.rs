use super::{LogDeliverySource, outputs};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::logs::calls::{LOGS_PAGE, from_logs, to_logs};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
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
        Ok(found.into_iter().filter_map(|source| read(source, listing.stack)).collect())
    }

    /// The call would change one that is there, whosesoever it is.
    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let get = || aws.edge.logs.get_delivery_source().name(&self.name).send();
        if aws.safe("logs:GetDeliverySource", get).await.found()?.is_some() {
            let message = format!("there is a delivery source {} already", self.name);
            return Err(CloudError::taken("logs:PutDeliverySource", "AlreadyExists", message));
        }
        let call = || {
            let call = aws.edge.logs.put_delivery_source().name(&self.name);
            let call = call.resource_arn(&self.resource_arn).log_type(&self.log_type);
            call.set_tags(Some(to_logs(&self.tags))).send()
        };
        let made = aws.safe("logs:PutDeliverySource", call).await?.delivery_source;
        Ok(outputs(made.and_then(|made| made.arn).unwrap_or_default(), self.name.clone()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        aws.retag_edge_logs(&live.outputs["arn"], &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.edge.logs.delete_delivery_source().name(&live.handle).send();
        aws.safe("logs:DeleteDeliverySource", call).await.found()?;
        Ok(Progress::Done)
    }
}

fn read(of: DeliverySource, stack: &str) -> Option<Live<LogDeliverySource>> {
    let tags = from_logs(of.tags);
    let owner = tags::owner::<LogDeliverySource>(&tags, stack)?;
    let name = of.name?;
    Some(Live {
        id: owner.id,
        handle: name.clone(),
        component: owner.component,
        outputs: outputs(of.arn?, name.clone()),
        spec: LogDeliverySource {
            name,
            resource_arn: of.resource_arns.and_then(|mut arns| arns.pop()).unwrap_or_default(),
            log_type: of.log_type.unwrap_or_default(),
            tags,
        },
        condition: Condition::Ready,
    })
}
