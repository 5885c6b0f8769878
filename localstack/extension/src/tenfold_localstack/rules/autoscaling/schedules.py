"""Scheduled actions and lifecycle hooks."""

import uuid
from datetime import UTC, datetime, timedelta

from crontab import CronTab

from ...overrides import override
from .store import group, invalid, paged, store


# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html: Creates or replaces
# an action. The StartTime of a recurring action is by default its next run.
def _store_schedule(call, name: str, action: dict) -> None:
    given = {member: value for member, value in action.items() if value is not None}
    given["AutoScalingGroupName"] = name
    if not any(member in given for member in ("MinSize", "MaxSize", "DesiredCapacity")):
        raise invalid("At least one of MinSize, MaxSize and DesiredCapacity must be specified")
    start = given.get("StartTime") or given.pop("Time", None)
    if given.get("Recurrence"):
        start = start or _next_run(given["Recurrence"])
    elif not start:
        raise invalid("Either StartTime or Recurrence must be specified")
    given["StartTime"] = given["Time"] = start
    key = (name, given["ScheduledActionName"])
    old = store(call).schedules.get(key)
    given["ScheduledActionARN"] = (
        old["ScheduledActionARN"]
        if old
        else (
            f"arn:aws:autoscaling:{call.region}:{call.account}:scheduledUpdateGroupAction:{uuid.uuid4()}"
            f":autoScalingGroupName/{name}:scheduledActionName/{given['ScheduledActionName']}"
        )
    )
    store(call).schedules[key] = given


def _next_run(recurrence: str):
    if len(recurrence.split()) != 5:
        raise invalid(f"Given recurrence string: {recurrence} is invalid")
    try:
        now = datetime.now(UTC)
        return now + timedelta(seconds=CronTab(recurrence).next(now, default_utc=True))
    except (ValueError, TypeError):
        raise invalid(f"Given recurrence string: {recurrence} is invalid") from None


@override("autoscaling", "PutScheduledUpdateGroupAction")
def put_schedule(call, request):
    _store_schedule(call, group(call, request["AutoScalingGroupName"]).name, request)
    return {}


@override("autoscaling", "BatchPutScheduledUpdateGroupAction")
def put_schedules(call, request):
    name, failed = group(call, request["AutoScalingGroupName"]).name, []
    for action in request["ScheduledUpdateGroupActions"]:
        try:
            _store_schedule(call, name, action)
        except Exception as exception:
            failed.append(_failed(action["ScheduledActionName"], exception))
    return {"FailedScheduledUpdateGroupActions": failed}


def _failed(name: str, exception) -> dict:
    return {"ScheduledActionName": name, "ErrorCode": exception.code, "ErrorMessage": exception.message}


@override("autoscaling", "DescribeScheduledActions")
def describe_schedules(call, request):
    name, names = request.get("AutoScalingGroupName"), request.get("ScheduledActionNames") or []
    if name:
        group(call, name)
    items = [
        dict(action)
        for (owner, known), action in store(call).schedules.items()
        if (not name or owner == name) and (not names or known in names)
    ]
    return paged(request, items, "ScheduledUpdateGroupActions")


@override("autoscaling", "DeleteScheduledAction")
def delete_schedule(call, request):
    name = group(call, request["AutoScalingGroupName"]).name
    if store(call).schedules.pop((name, request["ScheduledActionName"]), None) is None:
        raise invalid("Scheduled action name not found")
    return {}


@override("autoscaling", "BatchDeleteScheduledAction")
def delete_schedules(call, request):
    name, failed = group(call, request["AutoScalingGroupName"]).name, []
    for wanted in request["ScheduledActionNames"]:
        if store(call).schedules.pop((name, wanted), None) is None:
            failed.append(_failed(wanted, invalid("Scheduled action name not found")))
    return {"FailedScheduledActions": failed}


# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html: Creates or updates a hook with the
# documented defaults. The global timeout is 48 hours or 100 times the heartbeat timeout, whichever is less.
def store_hook(call, request: dict) -> None:
    name = group(call, request["AutoScalingGroupName"]).name
    key = (name, request["LifecycleHookName"])
    known = store(call).hooks.get(key, {"HeartbeatTimeout": 3600, "DefaultResult": "ABANDON"})
    hook = {**known, **{member: value for member, value in request.items() if value is not None}}
    if not hook.get("LifecycleTransition"):
        raise invalid("LifecycleTransition must be specified for a new lifecycle hook")
    hook["GlobalTimeout"] = min(172800, 100 * int(hook["HeartbeatTimeout"]))
    store(call).hooks[key] = hook


@override("autoscaling", "PutLifecycleHook")
def put_hook(call, request):
    store_hook(call, request)
    return {}


@override("autoscaling", "DescribeLifecycleHooks")
def describe_hooks(call, request):
    name, names = group(call, request["AutoScalingGroupName"]).name, request.get("LifecycleHookNames") or []
    items = [
        dict(hook)
        for (owner, known), hook in store(call).hooks.items()
        if owner == name and (not names or known in names)
    ]
    return {"LifecycleHooks": items}


@override("autoscaling", "DeleteLifecycleHook")
def delete_hook(call, request):
    name = group(call, request["AutoScalingGroupName"]).name
    if store(call).hooks.pop((name, request["LifecycleHookName"]), None) is None:
        raise invalid(f"No Lifecycle Hook with the name {request['LifecycleHookName']} found")
    return {}


def delete_for_group(call, name: str) -> None:
    for items_by_key in (store(call).schedules, store(call).hooks):
        for key in [key for key in items_by_key if key[0] == name]:
            del items_by_key[key]
