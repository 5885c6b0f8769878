use super::CompositeAlarm;
use crate::aws::Aws;
use crate::error::Result;
use crate::kinds::cloudwatch::alarm::outputs;
use crate::kinds::cloudwatch::calls::{list_alarms, to_cloudwatch};
use crate::kinds::cloudwatch::marker;
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_cloudwatch::types::{self, AlarmType};
use std::collections::BTreeSet;

impl Calls for CompositeAlarm {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let found =
            list_alarms(listing, AlarmType::CompositeAlarm, |page| page.composite_alarms).await?;
        Ok(found.into_iter().filter_map(|alarm| read(alarm, listing)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        aws.refuse_alarm_namesake("cloudwatch:PutCompositeAlarm", &self.alarm_name).await?;
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

impl CompositeAlarm {
    /// Sets all properties: AWS removes those that the call omits. It sets tags on a new alarm only.
    async fn put(&self, aws: &Aws) -> Result<()> {
        let description = marker::write(&self.alarm_description, &self.tags)?;
        let call = || {
            let list = |set: &BTreeSet<String>| Some(set.iter().cloned().collect());
            aws.cloudwatch
                .put_composite_alarm()
                .alarm_name(&self.alarm_name)
                .alarm_description(&description)
                .alarm_rule(&self.alarm_rule)
                .actions_enabled(self.actions_enabled)
                .set_alarm_actions(list(&self.alarm_actions))
                .set_ok_actions(list(&self.ok_actions))
                .set_insufficient_data_actions(list(&self.insufficient_data_actions))
                .set_tags(Some(to_cloudwatch(&self.tags)))
                .send()
        };
        aws.safe("cloudwatch:PutCompositeAlarm", call).await.map(drop)
    }
}

fn read(alarm: types::CompositeAlarm, listing: &Listing<'_>) -> Option<Live<CompositeAlarm>> {
    let alarm_name = alarm.alarm_name?;
    let (alarm_description, tags) = marker::read(alarm.alarm_description.as_deref());
    let owner = listing.owner::<CompositeAlarm>(Some(&alarm_name), &tags)?;
    let set = |list: Option<Vec<String>>| list.unwrap_or_default().into_iter().collect();
    let outputs = outputs(&alarm_name, alarm.alarm_arn.unwrap_or_default());
    let spec = CompositeAlarm {
        alarm_name: alarm_name.clone(),
        alarm_description,
        alarm_rule: alarm.alarm_rule.unwrap_or_default(),
        actions_enabled: alarm.actions_enabled.unwrap_or(true),
        alarm_actions: set(alarm.alarm_actions),
        ok_actions: set(alarm.ok_actions),
        insufficient_data_actions: set(alarm.insufficient_data_actions),
        tags,
    };
    Some(owner.live(alarm_name, spec, outputs))
}
