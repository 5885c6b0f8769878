"""CloudWatch alarms."""

import re

from localstack.services.cloudwatch.models import cloudwatch_stores

from ..lists import page
from ..overrides import error, override

_STATE = ("StateValue", "StateReason", "StateReasonData", "StateUpdatedTimestamp", "StateTransitionedTimestamp")


def _alarms(call) -> dict[str, dict]:
    return {one.alarm["AlarmName"]: one.alarm for one in cloudwatch_stores[call.account][call.region].alarms.values()}


def _children(rule: str) -> set[str]:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html: alarms are named in
    ALARM(), OK() and INSUFFICIENT_DATA(), with or without quotes, by name or ARN."""
    named = re.findall(r"(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*[\"']?([^\"')]+?)[\"']?\s*\)", rule)
    return {name.split(":alarm:")[-1] for name in named}


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: changing an alarm leaves its
# state, and ignores tags.
@override("cloudwatch", "PutMetricAlarm", "PutCompositeAlarm")
def put_alarm(call, request):
    if call.operation == "PutCompositeAlarm":
        for name in _children(request["AlarmRule"]) - set(_alarms(call)):
            raise error(
                "ValidationError",
                f"Could not save the composite alarm as alarms [{name}] in the alarm rule do not exist",
            )
    old = _alarms(call).get(request["AlarmName"])
    if old is None:
        return call()
    answer = call.parsed({name: value for name, value in request.items() if name != "Tags"})
    _alarms(call)[request["AlarmName"]].update({name: old[name] for name in _STATE if name in old})
    return answer


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html: metric alarms only unless
# AlarmTypes says otherwise; up to 100 a page.
@override("cloudwatch", "DescribeAlarms")
def describe_alarms(call, request):
    answer = call.parsed({name: value for name, value in request.items() if name not in ("MaxRecords", "NextToken")})
    wanted = request.get("AlarmTypes") or ["MetricAlarm"]
    everything = [
        (name, alarm)
        for kind, name in (("CompositeAlarm", "CompositeAlarms"), ("MetricAlarm", "MetricAlarms"))
        if kind in wanted
        for alarm in sorted(answer.get(name) or [], key=lambda one: one["AlarmName"])
    ]
    items, token = page(
        everything, request.get("MaxRecords") or 50, request.get("NextToken"), bad_token="InvalidNextToken"
    )
    for name in ("CompositeAlarms", "MetricAlarms"):
        answer[name] = [alarm for of, alarm in items if of == name]
    return answer | ({"NextToken": token} if token else {})


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html: all or none; one composite
# alarm at most, and none that a composite alarm still names.
@override("cloudwatch", "DeleteAlarms")
def delete_alarms(call, request):
    names, known = request["AlarmNames"], _alarms(call)
    for name in names:
        if name not in known:
            raise error("ResourceNotFound", f"Alarm '{name}' does not exist", 404)
    composite = [name for name in names if known[name].get("AlarmRule")]
    if composite and len(names) > 1:
        raise error("ValidationError", "Only one composite alarm can be deleted at a time")
    for name, alarm in known.items():
        if name not in names and set(names) & _children(alarm.get("AlarmRule") or ""):
            raise error("ValidationError", f"The alarm is used by the composite alarm '{name}'")
    return call()
