mod convert;

use super::{Alarm, outputs};
use crate::aws::Aws;
use crate::error::Result;
use crate::kinds::cloudwatch::calls::{list_alarms, to_cloudwatch};
use crate::kinds::cloudwatch::marker;
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_cloudwatch::types::{AlarmType, MetricAlarm};
use std::collections::BTreeSet;

impl Calls for Alarm {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let found = list_alarms(listing, AlarmType::MetricAlarm, |page| page.metric_alarms).await?;
        Ok(found.into_iter().filter_map(|alarm| read(alarm, listing)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        aws.refuse_alarm_namesake("cloudwatch:PutMetricAlarm", &self.alarm_name).await?;
        self.put(aws).await?;
        Ok(outputs(&self.alarm_name, aws.alarm_arn(&self.alarm_name)))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        // The description is set last: the next listing reads the tags from it.
        let arn = aws.alarm_arn(&self.alarm_name);
        aws.retag_cloudwatch(&arn, &live.spec.tags, &self.tags).await?;
        self.put(aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        aws.delete_alarm(&live.spec.alarm_name).await
    }
}

impl Alarm {
    /// Sets all properties: AWS removes those that the call omits. It sets tags on a new alarm only.
    async fn put(&self, aws: &Aws) -> Result<()> {
        let description = marker::write(&self.alarm_description, &self.tags)?;
        let call = || {
            let list = |set: &BTreeSet<String>| Some(set.iter().cloned().collect());
            aws.cloudwatch
                .put_metric_alarm()
                .alarm_name(&self.alarm_name)
                .alarm_description(&description)
                .actions_enabled(self.actions_enabled)
                .set_alarm_actions(list(&self.alarm_actions))
                .set_ok_actions(list(&self.ok_actions))
                .set_insufficient_data_actions(list(&self.insufficient_data_actions))
                .set_namespace(self.namespace.clone())
                .set_metric_name(self.metric_name.clone())
                .set_dimensions(convert::dimensions(&self.dimensions))
                .set_statistic(self.statistic.as_deref().map(Into::into))
                .set_extended_statistic(self.extended_statistic.clone())
                .set_period(self.period)
                .set_unit(self.unit.as_deref().map(Into::into))
                .set_metrics(convert::queries(&self.metrics))
                .evaluation_periods(self.evaluation_periods)
                .datapoints_to_alarm(self.datapoints_to_alarm)
                .set_threshold(self.threshold)
                .set_threshold_metric_id(self.threshold_metric_id.clone())
                .comparison_operator(self.comparison_operator.as_str().into())
                .treat_missing_data(&self.treat_missing_data)
                .set_evaluate_low_sample_count_percentile(
                    self.evaluate_low_sample_count_percentile.clone(),
                )
                .set_tags(Some(to_cloudwatch(&self.tags)))
                .send()
        };
        aws.safe("cloudwatch:PutMetricAlarm", call).await.map(drop)
    }
}

fn read(alarm: MetricAlarm, listing: &Listing<'_>) -> Option<Live<Alarm>> {
    let name = alarm.alarm_name.clone()?;
    let (description, tags) = marker::read(alarm.alarm_description.as_deref());
    let owner = listing.owner::<Alarm>(Some(&name), &tags)?;
    let outputs = outputs(&name, alarm.alarm_arn.clone().unwrap_or_default());
    Some(owner.live(name, convert::read(alarm, description, tags), outputs))
}
