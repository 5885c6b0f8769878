//! Converts actions between the spec's shapes and the SDK's.
use crate::kinds::elb::listener::{
    Action, FixedResponse, Forward, GroupStickiness, Redirect, WeightedGroup,
};
use aws_sdk_elasticloadbalancingv2::types::{
    self, ActionTypeEnum, FixedResponseActionConfig, ForwardActionConfig, RedirectActionConfig,
    TargetGroupStickinessConfig, TargetGroupTuple,
};

/// Actions in the SDK's shape.
pub fn to_sdk(actions: &[Action]) -> Vec<types::Action> {
    let action = |action: &Action| {
        let to = types::Action::builder();
        match action {
            Action::Forward { forward_config } => {
                to.r#type(ActionTypeEnum::Forward).forward_config(forward(forward_config))
            }
            Action::Redirect { redirect_config } => {
                to.r#type(ActionTypeEnum::Redirect).redirect_config(redirect(redirect_config))
            }
            Action::FixedResponse { fixed_response_config } => to
                .r#type(ActionTypeEnum::FixedResponse)
                .fixed_response_config(fixed_response(fixed_response_config)),
        }
    };
    actions.iter().map(|one| action(one).build()).collect()
}

fn forward(forward: &Forward) -> ForwardActionConfig {
    let group = |group: &WeightedGroup| {
        let to = TargetGroupTuple::builder().target_group_arn(&group.target_group_arn);
        to.weight(group.weight).build()
    };
    let stickiness = &forward.target_group_stickiness_config;
    let stickiness = TargetGroupStickinessConfig::builder()
        .enabled(stickiness.enabled)
        .set_duration_seconds(stickiness.duration_seconds)
        .build();
    ForwardActionConfig::builder()
        .set_target_groups(Some(forward.target_groups.iter().map(group).collect()))
        .target_group_stickiness_config(stickiness)
        .build()
}

fn redirect(redirect: &Redirect) -> RedirectActionConfig {
    RedirectActionConfig::builder()
        .protocol(&redirect.protocol)
        .port(&redirect.port)
        .host(&redirect.host)
        .path(&redirect.path)
        .query(&redirect.query)
        .status_code(redirect.status_code.as_str().into())
        .build()
}

fn fixed_response(response: &FixedResponse) -> FixedResponseActionConfig {
    FixedResponseActionConfig::builder()
        .status_code(&response.status_code)
        .content_type(&response.content_type)
        .message_body(&response.message_body)
        .build()
}

/// Actions from the SDK's shape, in the order in which AWS performs them. An action that the spec
/// does not model is left out, so that it shows as a difference.
pub fn from_sdk(actions: Option<Vec<types::Action>>) -> Vec<Action> {
    let mut actions = actions.unwrap_or_default();
    actions.sort_by_key(|action| action.order);
    actions.into_iter().filter_map(read).collect()
}

fn read(action: types::Action) -> Option<Action> {
    match action.r#type? {
        ActionTypeEnum::Forward => {
            let forward_config = read_forward(action.forward_config, action.target_group_arn);
            Some(Action::Forward { forward_config })
        }
        ActionTypeEnum::Redirect => {
            let of = action.redirect_config?;
            let redirect_config = Redirect {
                protocol: of.protocol.unwrap_or_default(),
                port: of.port.unwrap_or_default(),
                host: of.host.unwrap_or_default(),
                path: of.path.unwrap_or_default(),
                query: of.query.unwrap_or_default(),
                status_code: of.status_code?.as_str().into(),
            };
            Some(Action::Redirect { redirect_config })
        }
        ActionTypeEnum::FixedResponse => {
            let of = action.fixed_response_config?;
            let fixed_response_config = FixedResponse {
                status_code: of.status_code.unwrap_or_default(),
                content_type: of.content_type.unwrap_or_default(),
                message_body: of.message_body.unwrap_or_default(),
            };
            Some(Action::FixedResponse { fixed_response_config })
        }
        _ => None,
    }
}

/// AWS returns a single group in two places. Older responses have only `single`.
fn read_forward(config: Option<ForwardActionConfig>, single: Option<String>) -> Forward {
    let config = config.unwrap_or_else(|| ForwardActionConfig::builder().build());
    let weighted = |group: TargetGroupTuple| {
        Some(WeightedGroup {
            target_group_arn: group.target_group_arn?,
            weight: group.weight.unwrap_or(1),
        })
    };
    let groups = config.target_groups.unwrap_or_default();
    let mut target_groups: std::collections::BTreeSet<_> =
        groups.into_iter().filter_map(weighted).collect();
    if let (true, Some(target_group_arn)) = (target_groups.is_empty(), single) {
        target_groups.insert(WeightedGroup { target_group_arn, weight: 1 });
    }
    let stickiness = config.target_group_stickiness_config;
    let enabled = stickiness.as_ref().and_then(|sticky| sticky.enabled).unwrap_or_default();
    let duration_seconds = stickiness.and_then(|sticky| sticky.duration_seconds);
    let target_group_stickiness_config =
        GroupStickiness { enabled, duration_seconds: duration_seconds.filter(|_| enabled) };
    Forward { target_groups, target_group_stickiness_config }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_read_back_as_sent() {
        let actions = [
            Action::forward("arn"),
            Action::Redirect { redirect_config: Redirect::to_https() },
            Action::FixedResponse {
                fixed_response_config: FixedResponse {
                    status_code: "404".into(),
                    content_type: "text/plain".into(),
                    message_body: String::new(),
                },
            },
        ];
        assert_eq!(from_sdk(Some(to_sdk(&actions))), actions);
        let old = types::Action::builder().r#type(ActionTypeEnum::Forward).target_group_arn("arn");
        assert_eq!(from_sdk(Some(vec![old.build()])), [Action::forward("arn")]);
    }
}
