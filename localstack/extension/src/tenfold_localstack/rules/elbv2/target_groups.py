"""Target groups and their targets."""

import time

from moto.elbv2.models import FakeTargetGroup

from ... import clock, settings
from ...overrides import error, override
from . import backend, balancers_of, target_group
from .describe import group_item


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html: With the same
# settings the existing target group is returned, with other settings DuplicateTargetGroupName.
@override("elbv2", "CreateTargetGroup")
def create_target_group(call, request):
    existing = next((one for one in backend(call).target_groups.values() if one.name == request["Name"]), None)
    settings_ = {name: value for name, value in request.items() if name != "Tags" and value is not None}
    if existing is None:
        answer = call()
        group = backend(call).target_groups[answer["TargetGroups"][0]["TargetGroupArn"]]
        group.requested = settings_
        return {"TargetGroups": [group_item(call, group)]}
    item = group_item(call, existing) | {"Name": existing.name}
    same = all(item.get(name) == value for name, value in settings_.items()) and not (
        set(existing.requested) - set(settings_)
    )
    if not same:
        raise error(
            "DuplicateTargetGroupName",
            f"A target group with the same name '{existing.name}' exists, but with different settings",
        )
    return {"TargetGroups": [group_item(call, existing)]}


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html: Not while a listener
# or a rule references the target group. Deleting one that does not exist is not an error.
@override("elbv2", "DeleteTargetGroup")
def delete_target_group(call, request):
    arn = request["TargetGroupArn"]
    if arn not in backend(call).target_groups:
        return {}
    if balancers_of(call, arn):
        raise error("ResourceInUse", f"Target group '{arn}' is currently in use by a listener or a rule")
    return call()


# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html
@override("elbv2", "ModifyTargetGroup")
def modify_target_group(call, request):
    group = target_group(call, request["TargetGroupArn"])
    interval = request.get("HealthCheckIntervalSeconds") or group.health_check_interval_seconds
    timeout = request.get("HealthCheckTimeoutSeconds") or group.health_check_timeout_seconds
    if int(timeout) >= int(interval):
        raise error(
            "ValidationError", f"Health check timeout '{timeout}' must be smaller than the interval '{interval}'"
        )
    call()
    if request.get("HealthCheckEnabled") is not None:
        group.health_check_enabled = request["HealthCheckEnabled"]
    if (request.get("Matcher") or {}).get("HttpCode"):
        group.matcher = {"HttpCode": request["Matcher"]["HttpCode"]}
    return {"TargetGroups": [group_item(call, group)]}


# Auto Scaling groups register instances by calling the model instead of the operation, so the model records the time.
_register = FakeTargetGroup.register


def _register_with_time(self, targets):
    new = [target["Id"] for target in targets if target["Id"] not in self.targets]
    _register(self, targets)
    since = self.__dict__.setdefault("registered_at", {})
    since.update({name: time.monotonic() for name in new})
    draining = self.__dict__.setdefault("draining", {})
    for name in new:
        draining.pop(name, None)


def _deregister(self, targets):
    """Starts draining the targets.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#deregistration-delay:
    A target drains for some time. Deregistering an unregistered target is not an error.
    """
    for target in targets:
        known = self.targets.pop(target["Id"], None)
        if known:
            draining = self.__dict__.setdefault("draining", {})
            draining[target["Id"]] = known
            clock.later(lambda name=target["Id"]: draining.pop(name, None))


FakeTargetGroup.register = _register_with_time
FakeTargetGroup.deregister = _deregister


# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html#target-health-states:
# A target is unused without a listener, initial at first, then healthy; draining after deregistration, then no longer
# listed.
@override("elbv2", "DescribeTargetHealth")
def describe_target_health(call, request):
    group = target_group(call, request["TargetGroupArn"])
    used, draining = balancers_of(call, group.arn), getattr(group, "draining", {})
    wanted = [target["Id"] for target in request.get("Targets") or []] or [*group.targets, *draining]
    descriptions = []
    for name in wanted:
        known = group.targets.get(name) or draining.get(name)
        if name in group.targets and not used:
            health = _state(
                "unused", "Target.NotInUse", "Target group is not configured to receive traffic from the load balancer"
            )
        elif name in group.targets:
            age = time.monotonic() - getattr(group, "registered_at", {}).get(name, 0)
            health = {"State": "healthy"}
            if age < settings.delay():
                health = _state("initial", "Elb.RegistrationInProgress", "Target registration is in progress")
        elif name in draining:
            health = _state("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress")
        else:
            health = _state("unused", "Target.NotRegistered", "Target is not registered to the target group")
        port = int((known or {}).get("Port") or group.port)
        descriptions.append(
            {"Target": {"Id": name, "Port": port}, "HealthCheckPort": str(port), "TargetHealth": health}
        )
    return {"TargetHealthDescriptions": descriptions}


def _state(state: str, reason: str, description: str) -> dict:
    return {"State": state, "Reason": reason, "Description": description}
