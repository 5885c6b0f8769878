"""CloudWatch alarms and dashboards."""

import json
import re

from localstack.services.cloudwatch.models import cloudwatch_stores

from ..lists import page
from ..overrides import error, override

_STATE = ("StateValue", "StateReason", "StateReasonData", "StateUpdatedTimestamp", "StateTransitionedTimestamp")


def _alarms(call) -> dict[str, dict]:
    return {one.alarm["AlarmName"]: one.alarm for one in cloudwatch_stores[call.account][call.region].alarms.values()}


def _children(rule: str) -> set[str]:
    """Returns the names of the alarms in a composite alarm's rule.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html: Alarms are referenced
    in ALARM(), OK() and INSUFFICIENT_DATA(), with or without quotes, by name or ARN.
    """
    named = re.findall(r"(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*[\"']?([^\"')]+?)[\"']?\s*\)", rule)
    return {name.split(":alarm:")[-1] for name in named}


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: Changing an alarm keeps its
# state and ignores tags.
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


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html: Only metric alarms unless
# AlarmTypes says otherwise; up to 100 alarms a page.
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


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html: Deletes all of the alarms or
# none. A request may contain one composite alarm at most, and no alarm that a composite alarm still references.
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


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
_WIDGETS = ("metric", "text", "log", "alarm", "explorer", "custom")
_NEEDS = {"metric": ("region",), "log": ("region", "query"), "text": ("markdown",), "alarm": ("alarms",)}


def _dashboard_errors(body: dict) -> list[str]:
    """Returns what CloudWatch refuses in a dashboard body that is valid JSON."""
    widgets = body.get("widgets")
    if not isinstance(widgets, list):
        return ["/widgets Should be an array"]
    found = ["/widgets Should NOT have more than 500 items"] if len(widgets) > 500 else []
    for number, widget in enumerate(widgets):
        at, kind, properties = f"/widgets/{number}", widget.get("type"), widget.get("properties") or {}
        if kind not in _WIDGETS:
            found.append(f"{at}/type Should be equal to one of the allowed values")
        found += [
            f"{at}/properties Should have required property '{name}'"
            for name in _NEEDS.get(kind, ())
            if name not in properties
        ]
        if kind == "metric" and not properties.get("metrics") and not properties.get("annotations"):
            found.append(f"{at}/properties Should have metrics or annotations")
        if widget.get("x", 0) + widget.get("width", 6) > 24:
            found.append(f"{at} The widget reaches beyond the 24 columns")
    return found


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
@override("cloudwatch", "PutDashboard")
def put_dashboard(call, request):
    try:
        body = json.loads(request["DashboardBody"])
    except ValueError:
        raise error("InvalidParameterInput", "The field DashboardBody must be a valid JSON object") from None
    errors = _dashboard_errors(body if isinstance(body, dict) else {})
    if errors:
        raise error("InvalidParameterInput", f"The dashboard body is invalid: {'; '.join(errors)}")
    return call()


def _require_dashboards(call, names: list[str]) -> None:
    known = cloudwatch_stores[call.account][call.region].dashboards
    for name in names:
        if name not in known:
            raise error("ResourceNotFound", f"Dashboard {name} does not exist", 404)


@override("cloudwatch", "GetDashboard")
def get_dashboard(call, request):
    _require_dashboards(call, [request["DashboardName"]])
    return call()


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteDashboards.html: Deletes all of the
# dashboards or none.
@override("cloudwatch", "DeleteDashboards")
def delete_dashboards(call, request):
    _require_dashboards(call, request["DashboardNames"])
    return call()
