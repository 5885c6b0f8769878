"""Actions and conditions as ELB returns them, with the members that ELB fills in.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html: A forward to one target group has
it in both TargetGroupArn and ForwardConfig. Parts of a redirect that are not given are those of the request.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html: Hosts and paths are in both
Values and their own configuration.
"""

import copy

_REDIRECT = {"Protocol": "#{protocol}", "Port": "#{port}", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}"}


def actions_of(actions) -> list[dict]:
    return [_action(copy.deepcopy(getattr(action, "data", action))) for action in actions or []]


def _action(action: dict) -> dict:
    action = {name: value for name, value in action.items() if value is not None}
    if action.get("Type") == "forward":
        groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or [
            {"TargetGroupArn": action.get("TargetGroupArn")}
        ]
        groups = [{"TargetGroupArn": one["TargetGroupArn"], "Weight": int(one.get("Weight", 1))} for one in groups]
        sticky = (action.get("ForwardConfig") or {}).get("TargetGroupStickinessConfig") or {"Enabled": False}
        action["ForwardConfig"] = {"TargetGroups": groups, "TargetGroupStickinessConfig": sticky}
        if len(groups) == 1:
            action["TargetGroupArn"] = groups[0]["TargetGroupArn"]
    elif action.get("Type") == "redirect":
        given = {name: value for name, value in (action.get("RedirectConfig") or {}).items() if value is not None}
        action["RedirectConfig"] = {**_REDIRECT, **given}
    return action


def conditions_of(conditions) -> list[dict]:
    return [_condition(copy.deepcopy(condition)) for condition in conditions or []]


def _condition(condition: dict) -> dict:
    own = {"path-pattern": "PathPatternConfig", "host-header": "HostHeaderConfig"}.get(condition.get("Field"))
    if own:
        values = (condition.get(own) or {}).get("Values") or condition.get("Values")
        condition["Values"] = list(values or [])
        condition[own] = {**(condition.get(own) or {}), "Values": list(values or [])}
    return {name: value for name, value in condition.items() if value is not None}
