mod convert;
#[cfg(feature = "aws")]
pub mod shared;

use super::{Alarm, marker, outputs};
use crate::aws::{Aws, tags};
use crate::error::Result;
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_cloudwatch::types::{AlarmType, MetricAlarm};
use std::collections::BTreeSet;

impl Calls for Alarm {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let found =
            shared::list(listing, AlarmType::MetricAlarm, |page| page.metric_alarms).await?;
        Ok(found.into_iter().filter_map(|alarm| read(alarm, listing.stack)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        shared::refuse_namesake(&self.alarm_name, aws).await?;
        self.put(aws).await?;
        Ok(outputs(&self.alarm_name, shared::arn(&self.alarm_name, aws)))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        // The description goes last: it is what tells the tags next time.
        shared::retag(&self.alarm_name, (&live.spec.tags, &self.tags), aws).await?;
        self.put(aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        shared::delete(&live.spec.alarm_name, aws).await
    }
}

impl Alarm {
    /// Sets all of it: what is left out here goes. AWS takes the tags of a new alarm only.
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
                .set_tags(Some(shared::tag_list(&self.tags)))
                .send()
        };
        aws.safe("cloudwatch:PutMetricAlarm", call).await.map(drop)
    }
}

fn read(alarm: MetricAlarm, stack: &str) -> Option<Live<Alarm>> {
    let arn = alarm.alarm_arn.clone().unwrap_or_default();
    let spec = convert::read(alarm)?;
    let owner = tags::owner::<Alarm>(&spec.tags, stack)?;
    let handle = spec.alarm_name.clone();
    let outputs = outputs(&handle, arn);
    let (id, component) = (owner.id, owner.component);
    Some(Live { id, handle, component, spec, outputs, condition: Condition::Ready })
}
