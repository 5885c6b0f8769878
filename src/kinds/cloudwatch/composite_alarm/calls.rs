use super::CompositeAlarm;
use crate::aws::{Aws, tags};
use crate::error::Result;
use crate::kinds::cloudwatch::alarm::calls::shared;
use crate::kinds::cloudwatch::alarm::{marker, outputs};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_cloudwatch::types::{self, AlarmType};
use std::collections::BTreeSet;

impl Calls for CompositeAlarm {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let found =
            shared::list(listing, AlarmType::CompositeAlarm, |page| page.composite_alarms).await?;
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

impl CompositeAlarm {
    /// Sets all of it: what is left out here goes. AWS takes the tags of a new alarm only.
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
                .set_tags(Some(shared::tag_list(&self.tags)))
                .send()
        };
        aws.safe("cloudwatch:PutCompositeAlarm", call).await.map(drop)
    }
}

fn read(alarm: types::CompositeAlarm, stack: &str) -> Option<Live<CompositeAlarm>> {
    let (alarm_description, tags) = marker::read(alarm.alarm_description.as_deref()?)?;
    let owner = tags::owner::<CompositeAlarm>(&tags, stack)?;
    let set = |list: Option<Vec<String>>| list.unwrap_or_default().into_iter().collect();
    let alarm_name = alarm.alarm_name?;
    Some(Live {
        id: owner.id,
        handle: alarm_name.clone(),
        component: owner.component,
        outputs: outputs(&alarm_name, alarm.alarm_arn.unwrap_or_default()),
        spec: CompositeAlarm {
            alarm_name,
            alarm_description,
            alarm_rule: alarm.alarm_rule.unwrap_or_default(),
            actions_enabled: alarm.actions_enabled.unwrap_or(true),
            alarm_actions: set(alarm.alarm_actions),
            ok_actions: set(alarm.ok_actions),
            insufficient_data_actions: set(alarm.insufficient_data_actions),
            tags,
        },
        condition: Condition::Ready,
    })
}
