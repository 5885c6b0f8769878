//! Instance refreshes: how a change of what a group launches reaches its instances,
//! <https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html>.
//!
//! A refresh is given the configuration to get to, and AWS writes it into the group once it has
//! succeeded: till then the group tells the one before, and a rollback has somewhere to go.
use super::convert::Launch;
use crate::aws::Aws;
use crate::error::{Class, CloudError, Result, ResultExt};
use crate::kinds::autoscaling::auto_scaling_group::InstanceRefresh;
use crate::resource::{Condition, Progress};
use aws_sdk_autoscaling::types::{
    self, AlarmSpecification, DesiredConfiguration, InstanceRefreshStatus as Status,
    RefreshPreferences,
};

/// Where the last refresh of a group has left it.
#[derive(Debug, PartialEq)]
pub enum Standing {
    Settled,
    /// Under way: to what, if to anything new, and the refresh's id.
    UnderWay {
        to: Option<Launch>,
        id: String,
        text: String,
    },
    Failed(String),
}

impl Standing {
    pub fn condition(&self) -> Condition {
        match self {
            Standing::Settled => Condition::Ready,
            Standing::UnderWay { text, .. } => Condition::Converging(text.clone()),
            Standing::Failed(text) => Condition::Failed(text.clone()),
        }
    }
}

/// Reads a group's standing off its last refresh. One that failed is history once the group has
/// got to the same configuration some other way.
pub fn standing(last: Option<types::InstanceRefresh>, group: &Launch) -> Standing {
    let Some(last) = last else { return Standing::Settled };
    let to = Launch::of_refresh(&last);
    match last.status {
        None | Some(Status::Successful) => Standing::Settled,
        Some(Status::Pending | Status::InProgress | Status::Baking) => {
            let text = describe(&last);
            Standing::UnderWay { to, id: last.instance_refresh_id.unwrap_or_default(), text }
        }
        Some(_) if to.as_ref() == Some(group) => Standing::Settled,
        Some(_) => Standing::Failed(describe(&last)),
    }
}

/// `instance refresh 40 %: …`, in the service's own words.
fn describe(refresh: &types::InstanceRefresh) -> String {
    let done = refresh.percentage_complete.unwrap_or(0);
    let stage = match &refresh.status {
        Some(Status::InProgress) | None => format!("instance refresh {done} %"),
        Some(Status::Pending) => "instance refresh pending".into(),
        Some(Status::Baking) => format!("instance refresh {done} %, baking"),
        Some(Status::Cancelling) => "instance refresh is being cancelled".into(),
        Some(Status::Cancelled) => "instance refresh was cancelled".into(),
        Some(Status::RollbackInProgress) => "instance refresh is being rolled back".into(),
        Some(Status::RollbackSuccessful) => "instance refresh was rolled back".into(),
        Some(Status::RollbackFailed) => "instance refresh failed, and so did its rollback".into(),
        Some(status) => format!("instance refresh {}", status.as_str().to_lowercase()),
    };
    let rollback = refresh.rollback_details.as_ref();
    let reasons = [
        rollback.and_then(|rollback| rollback.rollback_reason.as_deref()),
        refresh.status_reason.as_deref(),
    ];
    let reason = reasons.into_iter().flatten().find(|reason| !reason.is_empty());
    reason.map(|reason| format!("{stage}: {reason}")).unwrap_or(stage)
}

/// The refresh of a group that counts: the one not yet over, or else the latest.
pub async fn last(group: &str, aws: &Aws) -> Result<Option<types::InstanceRefresh>> {
    let call = |token| {
        let describe = aws.autoscaling.describe_instance_refreshes().max_records(100);
        describe.auto_scaling_group_name(group).set_next_token(token).send()
    };
    let operation = "autoscaling:DescribeInstanceRefreshes";
    let found = aws
        .pages(operation, call, |page| (page.next_token, page.instance_refreshes))
        .await
        .found()?;
    Ok(latest(found.unwrap_or_default()))
}

/// One not yet started or over has no time to go by, and is the latest.
fn latest(refreshes: Vec<types::InstanceRefresh>) -> Option<types::InstanceRefresh> {
    let rank = |refresh: &types::InstanceRefresh| {
        let over = refresh.end_time.is_some();
        let started = refresh.start_time.map_or(i64::MAX, |time| time.secs());
        (!over, started)
    };
    // The first of equals: AWS tells the newest first.
    refreshes.into_iter().rev().max_by_key(rank)
}

/// Whether a refresh has got to where it was sent. One that has not is an error.
pub async fn ready(group: &str, id: &str, aws: &Aws) -> Result<Progress> {
    let call = || {
        let describe = aws.autoscaling.describe_instance_refreshes();
        describe.auto_scaling_group_name(group).instance_refresh_ids(id).send()
    };
    let page = aws.safe("autoscaling:DescribeInstanceRefreshes", call).await?;
    let Some(refresh) = page.instance_refreshes.and_then(|mut found| found.pop()) else {
        return Ok(Progress::Waiting("instance refresh not visible yet".into()));
    };
    match refresh.status {
        Some(Status::Successful) => Ok(Progress::Done),
        Some(
            Status::Failed
            | Status::Cancelled
            | Status::RollbackSuccessful
            | Status::RollbackFailed,
        ) => Err(CloudError::refused(format!("{group}: {}", describe(&refresh)))),
        _ => Ok(Progress::Waiting(describe(&refresh))),
    }
}

/// Sends a group's instances to what it is to launch; says which refresh does it. One under way
/// to the same is as good. One to something else is cancelled: the error then is of class
/// [`Class::InUse`], and the call to be made again.
pub async fn start(
    group: &str,
    to: &Launch,
    how: &Option<InstanceRefresh>,
    aws: &Aws,
) -> Result<String> {
    let call = || {
        let desired = DesiredConfiguration::builder()
            .set_launch_template(to.template_request())
            .set_mixed_instances_policy(to.mixed_request())
            .build();
        aws.autoscaling
            .start_instance_refresh()
            .auto_scaling_group_name(group)
            .desired_configuration(desired)
            .preferences(preferences(how))
            .send()
    };
    match aws.safe("autoscaling:StartInstanceRefresh", call).await {
        Ok(started) => Ok(started.instance_refresh_id.unwrap_or_default()),
        Err(busy) if busy.is("InstanceRefreshInProgress") => give_way(group, to, busy, aws).await,
        Err(error) => Err(error),
    }
}

async fn give_way(group: &str, to: &Launch, busy: CloudError, aws: &Aws) -> Result<String> {
    let running = last(group, aws).await?;
    let status = running.as_ref().and_then(|refresh| refresh.status.clone());
    let running_to = running.as_ref().and_then(Launch::of_refresh);
    let doing = running.as_ref().map(describe).unwrap_or_default();
    match status {
        Some(Status::Pending | Status::InProgress | Status::Baking) => {
            if running_to.as_ref() == Some(to) {
                let id = running.and_then(|refresh| refresh.instance_refresh_id);
                return Ok(id.unwrap_or_default());
            }
            let call =
                || aws.autoscaling.cancel_instance_refresh().auto_scaling_group_name(group).send();
            aws.safe("autoscaling:CancelInstanceRefresh", call).await.found()?;
            let message = format!("cancelling the refresh to something else ({doing})");
            Err(CloudError { class: Class::InUse, message, ..busy })
        }
        // A rollback under way is left to finish.
        _ => Err(CloudError { class: Class::InUse, message: doing, ..busy }),
    }
}

fn preferences(how: &Option<InstanceRefresh>) -> RefreshPreferences {
    let default = InstanceRefresh { skip_matching: true, ..InstanceRefresh::default() };
    let how = how.as_ref().unwrap_or(&default);
    let some = |list: &[i32]| (!list.is_empty()).then(|| list.to_vec());
    let alarms = (!how.alarms.is_empty())
        .then(|| AlarmSpecification::builder().set_alarms(Some(how.alarms.clone())).build());
    RefreshPreferences::builder()
        .set_min_healthy_percentage(how.min_healthy_percentage)
        .set_max_healthy_percentage(how.max_healthy_percentage)
        .set_instance_warmup(how.instance_warmup)
        .skip_matching(how.skip_matching)
        .auto_rollback(how.auto_rollback)
        .set_bake_time(how.bake_time)
        .set_checkpoint_percentages(some(&how.checkpoint_percentages))
        .set_checkpoint_delay(how.checkpoint_delay)
        .set_scale_in_protected_instances(
            how.scale_in_protected_instances.as_deref().map(Into::into),
        )
        .set_standby_instances(how.standby_instances.as_deref().map(Into::into))
        .set_alarm_specification(alarms)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::autoscaling::auto_scaling_group::TemplateVersion;
    use aws_smithy_types::DateTime;

    fn to(version: &str) -> Launch {
        let version =
            TemplateVersion { launch_template_id: "lt-1".into(), version: version.into() };
        Launch { template: Some(version), mixed: None }
    }

    fn refresh(id: &str, status: Status, version: &str) -> types::InstanceRefresh {
        let desired = DesiredConfiguration::builder()
            .set_launch_template(to(version).template_request())
            .build();
        types::InstanceRefresh::builder()
            .instance_refresh_id(id)
            .status(status)
            .status_reason("because")
            .percentage_complete(40)
            .desired_configuration(desired)
            .build()
    }

    #[test]
    fn a_refresh_under_way_says_where_to() {
        let found = standing(Some(refresh("r", Status::InProgress, "2")), &to("1"));
        let text = "instance refresh 40 %: because".into();
        assert_eq!(found, Standing::UnderWay { to: Some(to("2")), id: "r".into(), text });
    }

    #[test]
    fn a_failure_counts_until_the_group_is_there_anyway() {
        let rolled_back = || Some(refresh("r", Status::RollbackSuccessful, "2"));
        let text = "instance refresh was rolled back: because".into();
        assert_eq!(standing(rolled_back(), &to("1")), Standing::Failed(text));
        assert_eq!(standing(rolled_back(), &to("2")), Standing::Settled);
    }

    #[test]
    fn the_latest_is_the_one_not_over() {
        let over = |id, start| {
            let mut refresh = refresh(id, Status::Failed, "1");
            refresh.start_time = Some(DateTime::from_secs(start));
            refresh.end_time = Some(DateTime::from_secs(start + 1));
            refresh
        };
        let id = |list| latest(list).and_then(|refresh| refresh.instance_refresh_id);
        assert_eq!(id(vec![over("b", 20), over("a", 10)]), Some("b".into()));
        let pending = refresh("c", Status::Pending, "2");
        assert_eq!(id(vec![over("b", 20), pending, over("a", 10)]), Some("c".into()));
    }
}
