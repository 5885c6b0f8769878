//! Instance refreshes, which roll a change of the launch template out to the instances of a group,
//! <https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html>.
//!
//! A refresh contains the desired configuration, and AWS writes it into the group once the refresh
//! has succeeded. Until then the group has the previous configuration, which a rollback needs.
use super::convert::Launch;
use crate::aws::Aws;
use crate::error::{Class, CloudError, Result, ResultExt};
use crate::kinds::autoscaling::auto_scaling_group::InstanceRefresh;
use crate::resource::{Condition, Progress};
use aws_sdk_autoscaling::types::{
    self, AlarmSpecification, DesiredConfiguration, InstanceRefreshStatus as Status,
    RefreshPreferences,
};

/// The state of a group by its last refresh.
#[derive(Debug, PartialEq)]
pub enum State {
    /// No refresh is in progress, and none has failed.
    Settled,
    /// A refresh is in progress: its desired configuration if that is new, its ID, and its
    /// description.
    InProgress {
        to: Option<Launch>,
        id: String,
        text: String,
    },
    Failed(String),
}

impl State {
    /// The condition of the live group.
    pub fn condition(&self) -> Condition {
        match self {
            State::Settled => Condition::Ready,
            State::InProgress { text, .. } => Condition::Converging(text.clone()),
            State::Failed(text) => Condition::Failed(text.clone()),
        }
    }
}

/// The state of a group by its last refresh. A failed refresh no longer counts once the group has
/// the same configuration anyway.
pub fn state(last: Option<types::InstanceRefresh>, group: &Launch) -> State {
    let Some(last) = last else { return State::Settled };
    let to = Launch::of_refresh(&last);
    match last.status {
        None | Some(Status::Successful) => State::Settled,
        Some(Status::Pending | Status::InProgress | Status::Baking) => {
            let text = describe(&last);
            State::InProgress { to, id: last.instance_refresh_id.unwrap_or_default(), text }
        }
        Some(_) if to.as_ref() == Some(group) => State::Settled,
        Some(_) => State::Failed(describe(&last)),
    }
}

/// A description such as `instance refresh 40 %: …`, with AWS's reason.
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

/// The relevant refresh of a group: the one that has not ended, otherwise the latest.
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

/// The latest refresh. A refresh that has not started or not ended lacks that time, and is the
/// latest.
fn latest(refreshes: Vec<types::InstanceRefresh>) -> Option<types::InstanceRefresh> {
    let rank = |refresh: &types::InstanceRefresh| {
        let ended = refresh.end_time.is_some();
        let started = refresh.start_time.map_or(i64::MAX, |time| time.secs());
        (!ended, started)
    };
    // The first of equals: AWS returns the newest first.
    refreshes.into_iter().rev().max_by_key(rank)
}

/// Whether a refresh has succeeded.
///
/// # Errors
/// The refresh failed, was cancelled or was rolled back.
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

/// Starts a refresh of a group's instances to a configuration, and returns its ID. A refresh in
/// progress to the same configuration serves as well.
///
/// # Errors
/// A refresh to another configuration was in progress: this cancels it, and the error has class
/// [`Class::InUse`], so that the caller retries.
pub async fn start(
    group: &str,
    to: &Launch,
    options: &Option<InstanceRefresh>,
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
            .preferences(preferences(options))
            .send()
    };
    match aws.safe("autoscaling:StartInstanceRefresh", call).await {
        Ok(started) => Ok(started.instance_refresh_id.unwrap_or_default()),
        Err(busy) if busy.is("InstanceRefreshInProgress") => supersede(group, to, busy, aws).await,
        Err(error) => Err(error),
    }
}

/// Returns the ID of the refresh in progress if it has the same configuration, otherwise cancels
/// it.
async fn supersede(group: &str, to: &Launch, busy: CloudError, aws: &Aws) -> Result<String> {
    let running = last(group, aws).await?;
    let status = running.as_ref().and_then(|refresh| refresh.status.clone());
    let running_to = running.as_ref().and_then(Launch::of_refresh);
    let text = running.as_ref().map(describe).unwrap_or_default();
    match status {
        Some(Status::Pending | Status::InProgress | Status::Baking) => {
            if running_to.as_ref() == Some(to) {
                let id = running.and_then(|refresh| refresh.instance_refresh_id);
                return Ok(id.unwrap_or_default());
            }
            let call =
                || aws.autoscaling.cancel_instance_refresh().auto_scaling_group_name(group).send();
            aws.safe("autoscaling:CancelInstanceRefresh", call).await.found()?;
            let message = format!("cancelling the refresh to another configuration ({text})");
            Err(CloudError { class: Class::InUse, message, ..busy })
        }
        // A rollback in progress completes first.
        _ => Err(CloudError { class: Class::InUse, message: text, ..busy }),
    }
}

fn preferences(options: &Option<InstanceRefresh>) -> RefreshPreferences {
    let default = InstanceRefresh { skip_matching: true, ..InstanceRefresh::default() };
    let options = options.as_ref().unwrap_or(&default);
    let some = |list: &[i32]| (!list.is_empty()).then(|| list.to_vec());
    let alarms = (!options.alarms.is_empty())
        .then(|| AlarmSpecification::builder().set_alarms(Some(options.alarms.clone())).build());
    RefreshPreferences::builder()
        .set_min_healthy_percentage(options.min_healthy_percentage)
        .set_max_healthy_percentage(options.max_healthy_percentage)
        .set_instance_warmup(options.instance_warmup)
        .skip_matching(options.skip_matching)
        .auto_rollback(options.auto_rollback)
        .set_bake_time(options.bake_time)
        .set_checkpoint_percentages(some(&options.checkpoint_percentages))
        .set_checkpoint_delay(options.checkpoint_delay)
        .set_scale_in_protected_instances(
            options.scale_in_protected_instances.as_deref().map(Into::into),
        )
        .set_standby_instances(options.standby_instances.as_deref().map(Into::into))
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
    fn reports_the_configuration_of_a_refresh_in_progress() {
        let found = state(Some(refresh("r", Status::InProgress, "2")), &to("1"));
        let text = "instance refresh 40 %: because".into();
        assert_eq!(found, State::InProgress { to: Some(to("2")), id: "r".into(), text });
    }

    #[test]
    fn ignores_a_failure_once_the_group_has_the_configuration() {
        let rolled_back = || Some(refresh("r", Status::RollbackSuccessful, "2"));
        let text = "instance refresh was rolled back: because".into();
        assert_eq!(state(rolled_back(), &to("1")), State::Failed(text));
        assert_eq!(state(rolled_back(), &to("2")), State::Settled);
    }

    #[test]
    fn the_latest_refresh_is_the_one_that_has_not_ended() {
        let ended = |id, start| {
            let mut refresh = refresh(id, Status::Failed, "1");
            refresh.start_time = Some(DateTime::from_secs(start));
            refresh.end_time = Some(DateTime::from_secs(start + 1));
            refresh
        };
        let id = |list| latest(list).and_then(|refresh| refresh.instance_refresh_id);
        assert_eq!(id(vec![ended("b", 20), ended("a", 10)]), Some("b".into()));
        let pending = refresh("c", Status::Pending, "2");
        assert_eq!(id(vec![ended("b", 20), pending, ended("a", 10)]), Some("c".into()));
    }
}
