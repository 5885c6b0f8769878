use super::{ScheduledAction, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result};
use crate::kinds::autoscaling::auto_scaling_group::AutoScalingGroup;
use crate::kinds::autoscaling::calls::owner;
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_autoscaling::types;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

impl Calls for ScheduledAction {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        // Without a group name, AWS returns the actions of all groups.
        let call = |token| {
            let describe = aws.autoscaling.describe_scheduled_actions().max_records(100);
            describe.set_next_token(token).send()
        };
        let actions = aws.pages("autoscaling:DescribeScheduledActions", call, |page| {
            (page.next_token, page.scheduled_update_group_actions)
        });
        let (actions, groups) = futures::try_join!(actions, listing.of::<AutoScalingGroup>())?;
        let read = |action| read(action, &groups, listing.stack);
        Ok(actions.into_iter().filter_map(read).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await?;
        Ok(outputs(&self.scheduled_action_name))
    }

    /// AWS keeps a property that a call leaves out, so to remove one the action is deleted and
    /// recreated.
    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        if live.spec.has_more_than(self) {
            live.spec.delete_action(aws).await?;
        }
        self.put(aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        live.spec.delete_action(aws).await
    }
}

impl ScheduledAction {
    /// Whether this action has a property that `other` leaves out.
    fn has_more_than(&self, other: &Self) -> bool {
        let more = |has: bool, other_has: bool| has && !other_has;
        more(self.min_size.is_some(), other.min_size.is_some())
            || more(self.max_size.is_some(), other.max_size.is_some())
            || more(self.desired_capacity.is_some(), other.desired_capacity.is_some())
            || more(self.recurrence.is_some(), other.recurrence.is_some())
            || more(self.time_zone.is_some(), other.time_zone.is_some())
            || more(self.end_time.is_some(), other.end_time.is_some())
    }

    async fn put(&self, aws: &Aws) -> Result<()> {
        let (start, end) = (time(&self.start_time)?, time(&self.end_time)?);
        let call = || {
            aws.autoscaling
                .put_scheduled_update_group_action()
                .auto_scaling_group_name(&self.auto_scaling_group_name)
                .scheduled_action_name(&self.scheduled_action_name)
                .set_min_size(self.min_size)
                .set_max_size(self.max_size)
                .set_desired_capacity(self.desired_capacity)
                .set_recurrence(self.recurrence.clone())
                .set_time_zone(self.time_zone.clone())
                .set_start_time(start)
                .set_end_time(end)
                .send()
        };
        aws.safe("autoscaling:PutScheduledUpdateGroupAction", call).await.map(drop)
    }

    async fn delete_action(&self, aws: &Aws) -> Result<Progress> {
        let call = || {
            aws.autoscaling
                .delete_scheduled_action()
                .auto_scaling_group_name(&self.auto_scaling_group_name)
                .scheduled_action_name(&self.scheduled_action_name)
                .send()
        };
        aws.delete("autoscaling:DeleteScheduledAction", call).await
    }
}

fn time(text: &Option<String>) -> Result<Option<DateTime>> {
    let parse = |text: &String| {
        DateTime::from_str(text, Format::DateTime)
            .map_err(|error| CloudError::refused(format!("`{text}` is not a valid time: {error}")))
    };
    text.as_ref().map(parse).transpose()
}

fn text(time: Option<DateTime>) -> Option<String> {
    time?.fmt(Format::DateTime).ok()
}

fn read(
    action: types::ScheduledUpdateGroupAction,
    groups: &[Live<AutoScalingGroup>],
    stack: &str,
) -> Option<Live<ScheduledAction>> {
    let group_name = action.auto_scaling_group_name?;
    let group = groups.iter().find(|live| live.handle == group_name)?;
    let name = action.scheduled_action_name?;
    let owner = owner::<ScheduledAction>(&name, group, stack)?;
    let once = action.recurrence.is_none();
    let spec = ScheduledAction {
        scheduled_action_name: name.clone(),
        auto_scaling_group_name: group_name.clone(),
        min_size: action.min_size,
        max_size: action.max_size,
        desired_capacity: action.desired_capacity,
        recurrence: action.recurrence,
        time_zone: action.time_zone,
        start_time: text(action.start_time.filter(|_| once)),
        end_time: text(action.end_time),
    };
    let outputs = outputs(&name);
    let handle = action.scheduled_action_arn.unwrap_or_else(|| format!("{group_name}/{name}"));
    Some(owner.live(handle, spec, outputs))
}
