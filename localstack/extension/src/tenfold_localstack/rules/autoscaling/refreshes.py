"""Instance refreshes.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html: A refresh is Pending, InProgress,
possibly Baking, then Successful. When it succeeds, the desired configuration becomes that of the group. A refresh whose
instances cannot be launched fails, and is rolled back if auto rollback is set:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html.
"""

import copy
import uuid

from localstack.aws.api import CommonServiceException
from moto.core.exceptions import ServiceException

from ... import clock
from ...lists import answer
from ...overrides import error, override
from . import members
from .store import Group, group, invalid, now

_LIVE = ("Pending", "InService")


def _check(target: Group, desired: dict, preferences: dict) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html"""
    high, low = preferences.get("MaxHealthyPercentage"), preferences.get("MinHealthyPercentage")
    if high is not None and low is None:
        raise invalid("If you specify MaxHealthyPercentage, you must also specify MinHealthyPercentage")
    if high is not None and high - low > 100:
        raise invalid("The difference between MinHealthyPercentage and MaxHealthyPercentage cannot be greater than 100")
    if preferences.get("AutoRollback"):
        if not desired:
            raise invalid("You must specify a desired configuration to use auto rollback")
        for spec in (desired, target.spec):
            if str((members.template_of(spec) or {}).get("Version")) in ("$Latest", "$Default"):
                raise invalid("Auto rollback needs launch templates with a version number, not $Latest or $Default")
    checkpoints = preferences.get("CheckpointPercentages") or []
    if checkpoints != sorted(set(checkpoints)):
        raise invalid("CheckpointPercentages must be in ascending order and unique")


@override("autoscaling", "StartInstanceRefresh")
def start(call, request):
    target = group(call, request["AutoScalingGroupName"])
    if target.refresh:
        raise error(
            "InstanceRefreshInProgress",
            "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.",
        )
    desired = copy.deepcopy(request.get("DesiredConfiguration") or {})
    given = {name: value for name, value in (request.get("Preferences") or {}).items() if value is not None}
    _check(target, desired, given)
    template = members.template_of(desired)
    if template:
        members.check_template(target, desired)
        version = members.resolve(target, template)
        template["LaunchTemplateId"], template["LaunchTemplateName"] = version.template.id, version.template.name
    policy = target.spec.get("InstanceMaintenancePolicy") or {}
    preferences = {
        "MinHealthyPercentage": policy.get("MinHealthyPercentage", 90),
        "MaxHealthyPercentage": policy.get("MaxHealthyPercentage", 100),
        "InstanceWarmup": target.spec.get("DefaultInstanceWarmup", target.spec["HealthCheckGracePeriod"]),
        "SkipMatching": False,
        "AutoRollback": False,
        "ScaleInProtectedInstances": "Wait",
        "StandbyInstances": "Wait",
        **given,
    }
    refresh = {
        "InstanceRefreshId": str(uuid.uuid4()),
        "AutoScalingGroupName": target.name,
        "Status": "Pending",
        "StartTime": now(),
        "PercentageComplete": 0,
        "InstancesToUpdate": 0,
        "Strategy": request.get("Strategy") or "Rolling",
        "Preferences": preferences,
    }
    if desired:
        refresh["DesiredConfiguration"] = desired
    target.refreshes.append(refresh)
    clock.later(lambda: _begin(target, refresh))
    return {"InstanceRefreshId": refresh["InstanceRefreshId"]}


def _outdated(target: Group, refresh: dict, goal: dict) -> list:
    """Returns the instances to replace; with SkipMatching, only those with another launch template version."""
    live = [one for one in target.members if one.state in _LIVE]
    template = members.template_of(goal)
    if not refresh["Preferences"]["SkipMatching"] or not template:
        return live
    version = members.resolve(target, template)
    wanted = (version.template.id, str(version.number))
    return [
        one
        for one in live
        if one.template is None or (one.template["LaunchTemplateId"], one.template["Version"]) != wanted
    ]


def _begin(target: Group, refresh: dict) -> None:
    if refresh["Status"] != "Pending":
        return
    refresh["Status"] = "InProgress"
    try:
        remaining = _outdated(target, refresh, refresh.get("DesiredConfiguration") or target.spec)
    except CommonServiceException as failure:
        return _fail(target, refresh, failure.message)
    refresh["InstancesToUpdate"] = len(remaining)
    clock.later(lambda: _replace(target, refresh, remaining, len(remaining), "InProgress"))


def _replace(
    target: Group, refresh: dict, remaining: list, total: int, expected: str, goal: dict | None = None
) -> None:
    """Replaces the instances one at a time."""
    if refresh["Status"] != expected:
        return
    if remaining:
        old = remaining.pop(0)
        if old in target.members and old.state in _LIVE:
            try:
                members.launch(target, goal)
            except (CommonServiceException, ServiceException) as failure:
                return _fail(target, refresh, failure.message)
            members.terminate(target, old)
        refresh["InstancesToUpdate"] = len(remaining)
        refresh["PercentageComplete"] = 100 * (total - len(remaining)) // total
        clock.later(lambda: _replace(target, refresh, remaining, total, expected, goal))
    elif expected == "InProgress" and refresh["Preferences"].get("BakeTime"):
        refresh["Status"], refresh["PercentageComplete"] = "Baking", 100
        clock.later(lambda: _finish(target, refresh, "Baking"), delays=2)
    else:
        _finish(target, refresh, expected)


def _fail(target: Group, refresh: dict, cause: str) -> None:
    """Ends the refresh as Failed or RollbackFailed, or starts the auto rollback.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html
    """
    reason = f"Instances could not be launched: {cause}"
    if refresh["Status"] == "InProgress" and refresh["Preferences"]["AutoRollback"]:
        return _roll_back(target, refresh, reason)
    back = refresh["Status"] == "RollbackInProgress"
    refresh["Status"] = "RollbackFailed" if back else "Failed"
    refresh["StatusReason"], refresh["EndTime"] = reason, now()


def _roll_back(target: Group, refresh: dict, cause: str) -> None:
    refresh["RollbackDetails"] = {
        "RollbackReason": cause,
        "RollbackStartTime": now(),
        "PercentageCompleteOnRollback": refresh["PercentageComplete"],
        "InstancesToUpdateOnRollback": refresh["InstancesToUpdate"],
    }
    refresh["Status"] = "RollbackInProgress"
    goal = {name: target.spec[name] for name in ("LaunchTemplate", "MixedInstancesPolicy") if target.spec.get(name)}
    stable = members.resolve(target, members.template_of(goal))
    remaining = [
        one
        for one in target.members
        if one.state in _LIVE
        and one.template
        and (one.template["LaunchTemplateId"], one.template["Version"]) != (stable.template.id, str(stable.number))
    ]
    clock.later(lambda: _replace(target, refresh, remaining, max(len(remaining), 1), "RollbackInProgress", goal))


def _finish(target: Group, refresh: dict, expected: str) -> None:
    if refresh["Status"] != expected:
        return
    refresh["PercentageComplete"], refresh["InstancesToUpdate"], refresh["EndTime"] = 100, 0, now()
    if expected == "RollbackInProgress":
        refresh["Status"] = "RollbackSuccessful"
        return
    refresh["Status"] = "Successful"
    desired = refresh.get("DesiredConfiguration") or {}
    if members.template_of(desired):
        for name in ("LaunchTemplate", "MixedInstancesPolicy", "LaunchConfigurationName"):
            target.spec.pop(name, None)
        target.spec.update(copy.deepcopy(desired))


def _active(target: Group) -> dict:
    if target.refresh is None:
        raise error(
            "ActiveInstanceRefreshNotFound",
            "No in progress or pending Instance Refresh found for Auto Scaling group " + target.name,
        )
    return target.refresh


@override("autoscaling", "CancelInstanceRefresh")
def cancel(call, request):
    refresh = _active(group(call, request["AutoScalingGroupName"]))
    refresh["Status"] = "Cancelling"

    def cancelled():
        refresh["Status"], refresh["EndTime"] = "Cancelled", now()
        refresh["StatusReason"] = "Cancelled due to user request."

    clock.later(cancelled)
    return {"InstanceRefreshId": refresh["InstanceRefreshId"]}


# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RollbackInstanceRefresh.html: Requires a desired
# configuration, and a group whose launch template version is not $Latest or $Default.
@override("autoscaling", "RollbackInstanceRefresh")
def rollback(call, request):
    target = group(call, request["AutoScalingGroupName"])
    refresh = _active(target)
    version = str((members.template_of(target.spec) or {}).get("Version"))
    if not refresh.get("DesiredConfiguration") or version in ("$Latest", "$Default"):
        raise error(
            "IrreversibleInstanceRefresh",
            "The instance refresh cannot be rolled back: it has no desired configuration, or the group no version number",
        )
    _roll_back(target, refresh, "Instance refresh was rolled back by the user.")
    return {"InstanceRefreshId": refresh["InstanceRefreshId"]}


@override("autoscaling", "DescribeInstanceRefreshes")
def describe(call, request):
    target, wanted = group(call, request["AutoScalingGroupName"]), request.get("InstanceRefreshIds") or []
    items = [
        copy.deepcopy(one) for one in reversed(target.refreshes) if not wanted or one["InstanceRefreshId"] in wanted
    ]
    return answer("InstanceRefreshes", items, request, request.get("MaxRecords") or 50, "NextToken")
