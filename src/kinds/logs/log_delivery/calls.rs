use super::{LogDelivery, outputs};
use crate::aws::{Aws, tags};
use crate::error::Result;
use crate::facts::EDGE_REGION;
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::logs::calls::{LOGS_PAGE, from_logs, to_logs};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_cloudwatchlogs::types::{Delivery, S3DeliveryConfiguration};

impl Calls for LogDelivery {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            aws.edge.logs.describe_deliveries().limit(LOGS_PAGE).set_next_token(token).send()
        };
        let found = aws
            .pages("logs:DescribeDeliveries", call, |page| (page.next_token, page.deliveries))
            .await?;
        Ok(found.into_iter().filter_map(|delivery| read(delivery, listing.stack)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.edge
                .logs
                .create_delivery()
                .delivery_source_name(&self.delivery_source_name)
                .delivery_destination_arn(&self.delivery_destination_arn)
                .set_record_fields(Some(self.record_fields.clone()))
                .s3_delivery_configuration(self.folders())
                .set_tags(Some(to_logs(&self.tags)))
                .send()
        };
        let created = aws.once("logs:CreateDelivery", call).await?.delivery;
        Ok(outputs(created.and_then(|created| created.id).unwrap_or_default()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let folders =
            |of: &LogDelivery| (of.s3_suffix_path.clone(), of.s3_enable_hive_compatible_path);
        let was = &live.spec;
        if self.record_fields != was.record_fields || folders(self) != folders(was) {
            let call = || {
                let call = aws.edge.logs.update_delivery_configuration().id(&live.handle);
                let call = call.set_record_fields(Some(self.record_fields.clone()));
                call.s3_delivery_configuration(self.folders()).send()
            };
            aws.safe("logs:UpdateDeliveryConfiguration", call).await?;
        }
        let get = || aws.edge.logs.get_delivery().id(&live.handle).send();
        if was.tags != self.tags {
            let found = aws.safe("logs:GetDelivery", get).await?.delivery;
            let arn = found.and_then(|found| found.arn).unwrap_or_default();
            aws.retag_logs(Some(EDGE_REGION), &arn, &was.tags, &self.tags).await?;
        }
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.edge.logs.delete_delivery().id(&live.handle).send();
        aws.delete("logs:DeleteDelivery", call).await
    }
}

impl LogDelivery {
    fn folders(&self) -> S3DeliveryConfiguration {
        S3DeliveryConfiguration::builder()
            .suffix_path(&self.s3_suffix_path)
            .enable_hive_compatible_path(self.s3_enable_hive_compatible_path)
            .build()
    }
}

fn read(delivery: Delivery, stack: &str) -> Option<Live<LogDelivery>> {
    let tags = from_logs(delivery.tags);
    let owner = tags::owner::<LogDelivery>(&tags, stack)?;
    let id = delivery.id?;
    let folders = delivery.s3_delivery_configuration;
    let spec = LogDelivery {
        delivery_source_name: delivery.delivery_source_name.unwrap_or_default(),
        delivery_destination_arn: delivery.delivery_destination_arn.unwrap_or_default(),
        record_fields: delivery.record_fields.unwrap_or_default(),
        s3_enable_hive_compatible_path: folders
            .as_ref()
            .and_then(|folders| folders.enable_hive_compatible_path)
            .unwrap_or_default(),
        s3_suffix_path: folders.and_then(|folders| folders.suffix_path).unwrap_or_default(),
        tags,
    };
    Some(owner.live(id.clone(), spec, outputs(id)))
}
