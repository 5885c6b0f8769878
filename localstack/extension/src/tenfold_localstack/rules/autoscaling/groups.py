"""Groups: creating, updating, describing and deleting them."""

import copy

from moto.ec2.models import ec2_backends

from ... import clock
from ...lists import matches
from ...overrides import error, override
from . import members, policies, schedules
from .parts import tag_of
from .store import Group, group, invalid, paged, store

# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html: the defaults it documents.
_DEFAULTS = {
    "DefaultCooldown": 300,
    "HealthCheckType": "EC2",
    "HealthCheckGracePeriod": 0,
    "TerminationPolicies": ["Default"],
    "NewInstancesProtectedFromScaleIn": False,
    "CapacityRebalance": False,
    "DeletionProtection": "none",
    "AvailabilityZoneDistribution": {"CapacityDistributionStrategy": "balanced-best-effort"},
    "AvailabilityZoneImpairmentPolicy": {
        "ZonalShiftEnabled": False,
        "ImpairedZoneHealthCheckBehavior": "IgnoreUnhealthy",
    },
    "CapacityReservationSpecification": {"CapacityReservationPreference": "default"},
}
# Request members that are not properties of the group under the same name.
_NOT_PROPERTIES = (
    "AutoScalingGroupName",
    "Tags",
    "LifecycleHookSpecificationList",
    "TrafficSources",
    "SkipZonalShiftValidation",
    "InstanceId",
)


def _check_sizes(spec: dict) -> None:
    low, high, desired = (int(spec[name]) for name in ("MinSize", "MaxSize", "DesiredCapacity"))
    if low > high:
        raise invalid(f"Max bound, {high}, must be greater than or equal to min bound, {low}")
    if not low <= desired <= high:
        raise invalid(f"Desired capacity:{desired} must be between the specified min size:{low} and max size:{high}")


def _set_zones(call, spec: dict) -> None:
    """Derives the Availability Zones from the subnets."""
    ec2 = ec2_backends[call.account][call.region]
    known = {subnet.id: subnet for zone in ec2.subnets.values() for subnet in zone.values()}
    ids = [name.strip() for name in (spec.get("VPCZoneIdentifier") or "").split(",") if name.strip()]
    for name in ids:
        if name not in known:
            raise invalid(f"The subnet ID '{name}' does not exist")
    if ids:
        zones = sorted({known[name].availability_zone for name in ids})
        if spec.get("AvailabilityZones") and sorted(spec["AvailabilityZones"]) != zones:
            raise invalid("The availability zones of the specified subnets and the Auto Scaling group do not match")
        spec["AvailabilityZones"] = zones
    elif not spec.get("AvailabilityZones"):
        raise invalid("At least one Availability Zone or VPC Subnet is required.")


def _launch_source(spec: dict) -> list[str]:
    return [name for name in ("LaunchTemplate", "MixedInstancesPolicy", "LaunchConfigurationName") if spec.get(name)]


def _fill_templates(target: Group, spec: dict) -> None:
    """Completes launch template references with both ID and name, and mixed instances policies with their defaults.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html
    """
    template = members.template_of(spec)
    if template:
        found = members.resolve(target, template).template
        template["LaunchTemplateId"], template["LaunchTemplateName"] = found.id, found.name
    if spec.get("MixedInstancesPolicy"):
        distribution = spec["MixedInstancesPolicy"].setdefault("InstancesDistribution", {})
        for name, value in {
            "OnDemandAllocationStrategy": "prioritized",
            "OnDemandBaseCapacity": 0,
            "OnDemandPercentageAboveBaseCapacity": 100,
            "SpotAllocationStrategy": "lowest-price",
        }.items():
            if distribution.get(name) is None:
                distribution[name] = value


def _properties(request: dict) -> dict:
    return {
        name: copy.deepcopy(value)
        for name, value in request.items()
        if value is not None and name not in _NOT_PROPERTIES
    }


@override("autoscaling", "CreateAutoScalingGroup")
def create_group(call, request):
    name, known = request["AutoScalingGroupName"], store(call).groups
    if name in known:
        pending = " and is pending delete" if known[name].status else ""
        raise error(
            "AlreadyExists",
            f"AutoScalingGroup by this name already exists - A group with the name {name} already exists{pending}",
        )
    spec = {**copy.deepcopy(_DEFAULTS), "LoadBalancerNames": [], "TargetGroupARNs": [], **_properties(request)}
    if len(_launch_source(spec)) != 1:
        raise invalid(
            "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter."
        )
    spec.setdefault("DesiredCapacity", spec["MinSize"])
    _check_sizes(spec)
    _set_zones(call, spec)
    spec.setdefault(
        "ServiceLinkedRoleARN",
        f"arn:aws:iam::{call.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    )
    target = Group(name, call.account, call.region, spec)
    members.check_template(target, spec)
    _fill_templates(target, spec)
    wanted, spec["TargetGroupARNs"] = spec["TargetGroupARNs"], []
    wanted = wanted + [one["Identifier"] for one in request.get("TrafficSources") or []]
    members.attach(target, wanted)
    for tag in request.get("Tags") or []:
        target.tags[tag["Key"]] = tag_of(name, tag)
    known[name] = target
    for hook in request.get("LifecycleHookSpecificationList") or []:
        schedules.store_hook(call, {**hook, "AutoScalingGroupName": name})
    members.converge(target)
    return {}


# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html: Members that are not given
# stay unchanged. New bounds without a desired capacity adjust it.
@override("autoscaling", "UpdateAutoScalingGroup")
def update_group(call, request):
    target = group(call, request["AutoScalingGroupName"])
    if target.status:
        raise invalid("The AutoScaling group may not be modified while it is pending delete")
    given = _properties(request)
    sources = _launch_source(given)
    if len(sources) > 1:
        raise invalid(
            "Valid requests must contain either LaunchTemplate, LaunchConfigurationName or MixedInstancesPolicy parameter."
        )
    # https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html, limitations.
    if sources and target.refresh and target.refresh.get("DesiredConfiguration"):
        raise invalid(
            "An active instance refresh with a desired configuration exists. All configuration options derived from "
            "the desired configuration are not available for update while the instance refresh is active."
        )
    spec = copy.deepcopy(target.spec)
    if sources:
        for name in ("LaunchTemplate", "MixedInstancesPolicy", "LaunchConfigurationName"):
            spec.pop(name, None)
    if "VPCZoneIdentifier" in given and "AvailabilityZones" not in given:
        spec.pop("AvailabilityZones", None)
    # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html: -1 removes the instance
    # warmup, 0 the maximum lifetime.
    spec.update(given)
    if given.get("DefaultInstanceWarmup") == -1:
        spec.pop("DefaultInstanceWarmup")
    if given.get("MaxInstanceLifetime") == 0:
        spec.pop("MaxInstanceLifetime")
    if given.get("InstanceMaintenancePolicy", {}).get("MinHealthyPercentage") == -1:
        spec.pop("InstanceMaintenancePolicy")
    if "DesiredCapacity" not in given:
        spec["DesiredCapacity"] = min(
            max(int(spec["DesiredCapacity"]), int(spec["MinSize"])), max(int(spec["MaxSize"]), 0)
        )
    _check_sizes(spec)
    _set_zones(call, spec)
    if sources:
        members.check_template(target, spec)
        _fill_templates(target, spec)
    target.spec = spec
    members.converge(target)
    return {}


@override("autoscaling", "SetDesiredCapacity")
def set_desired_capacity(call, request):
    target = group(call, request["AutoScalingGroupName"])
    desired, low, high = int(request["DesiredCapacity"]), int(target.spec["MinSize"]), int(target.spec["MaxSize"])
    if desired > high:
        raise invalid(f"New SetDesiredCapacity value {desired} is above max value {high} for the AutoScalingGroup.")
    if desired < low:
        raise invalid(f"New SetDesiredCapacity value {desired} is below min value {low} for the AutoScalingGroup.")
    target.spec["DesiredCapacity"] = desired
    members.converge(target)
    return {}


# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html: Without ForceDelete, not
# while the group has instances or activities. Policies and their alarms are deleted with it. The page does not document
# an error code for deletion protection; ResourceInUse is used here.
@override("autoscaling", "DeleteAutoScalingGroup")
def delete_group(call, request):
    target, force = group(call, request["AutoScalingGroupName"]), bool(request.get("ForceDelete"))
    if target.status:
        return {}
    members.converge(target)
    protection = target.spec["DeletionProtection"]
    if protection == "prevent-all-deletion" or (force and protection == "prevent-force-deletion"):
        raise error(
            "ResourceInUse",
            f"The Auto Scaling group '{target.name}' cannot be deleted: its deletion protection is {protection}",
        )
    if not force and any(member.state != "Terminating" for member in target.members):
        raise error(
            "ResourceInUse",
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.",
        )
    if not force and target.members:
        raise error(
            "ScalingActivityInProgress",
            "You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.",
        )
    target.status = "Delete in progress"
    target.spec = {**target.spec, "MinSize": 0, "MaxSize": 0, "DesiredCapacity": 0}
    members.converge(target)
    policies.delete_for_group(call, target.name)
    schedules.delete_for_group(call, target.name)

    def finish_deletion():
        if target.members:
            clock.later(finish_deletion)
        else:
            store(call).groups.pop(target.name, None)

    clock.later(finish_deletion)
    return {}


def _described(call, target: Group, with_instances: bool = True) -> dict:
    item = {name: copy.deepcopy(value) for name, value in target.spec.items()}
    if item.get("LaunchTemplate") and not item["LaunchTemplate"].get("Version"):
        item["LaunchTemplate"].pop("Version", None)
    item |= {
        "AutoScalingGroupName": target.name,
        "AutoScalingGroupARN": target.arn,
        "CreatedTime": target.created,
        "Instances": [_member(one) for one in target.members] if with_instances else [],
        "SuspendedProcesses": [
            {"ProcessName": name, "SuspensionReason": "User suspended"} for name in target.suspended
        ],
        "EnabledMetrics": [{"Metric": name, "Granularity": "1Minute"} for name in target.metrics],
        "Tags": list(target.tags.values()),
        "TrafficSources": [{"Identifier": arn, "Type": "elbv2"} for arn in target.spec["TargetGroupARNs"]],
    }
    if target.warm_pool:
        item |= {"WarmPoolConfiguration": target.warm_pool, "WarmPoolSize": 0}
    if target.status:
        item["Status"] = target.status
    return item


def _member(one) -> dict:
    item = {
        "InstanceId": one.instance.id,
        "InstanceType": one.instance.instance_type,
        "AvailabilityZone": one.instance.placement.zone,
        "LifecycleState": one.state,
        "HealthStatus": one.health,
        "ProtectedFromScaleIn": one.protected,
        "ImageId": one.instance.image_id,
    }
    return item | ({"LaunchTemplate": one.template} if one.template else {})


# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Filter.html: Filters are tag-key, tag-value and
# tag:<key>. Names that do not exist are left out of the response.
@override("autoscaling", "DescribeAutoScalingGroups")
def describe_groups(call, request):
    found, names = list(store(call).groups.values()), request.get("AutoScalingGroupNames") or []
    if names:
        found = [one for one in found if one.name in names]
    for filter_ in request.get("Filters") or []:
        name, values = filter_.get("Name") or "", filter_.get("Values") or []
        if name == "tag-key":
            found = [one for one in found if any(matches(key, values) for key in one.tags)]
        elif name == "tag-value":
            found = [one for one in found if any(matches(tag.get("Value"), values) for tag in one.tags.values())]
        elif name.startswith("tag:"):
            key = name[len("tag:") :]
            found = [one for one in found if key in one.tags and matches(one.tags[key].get("Value"), values)]
        else:
            raise invalid(f"Filter type {name} is not correct. Allowed Filter types are: tag-key, tag-value, tag:<key>")
    for one in found:
        members.converge(one)
    with_instances = request.get("IncludeInstances") is not False
    return paged(request, [_described(call, one, with_instances) for one in found], "AutoScalingGroups")


@override("autoscaling", "DescribeAutoScalingInstances")
def describe_instances(call, request):
    wanted = request.get("InstanceIds") or []
    items = [
        _member(one) | {"AutoScalingGroupName": target.name}
        for target in store(call).groups.values()
        for one in target.members
        if not wanted or one.instance.id in wanted
    ]
    return paged(request, items, "AutoScalingInstances")


@override("autoscaling", "DescribeScalingActivities")
def describe_activities(call, request):
    name = request.get("AutoScalingGroupName")
    groups = [group(call, name)] if name else store(call).groups.values()
    return paged(request, [activity for one in groups for activity in one.activities], "Activities", 100)


@override("autoscaling", "TerminateInstanceInAutoScalingGroup")
def terminate_instance(call, request):
    for target in store(call).groups.values():
        for one in target.members:
            if one.instance.id == request["InstanceId"]:
                if request.get("ShouldDecrementDesiredCapacity"):
                    target.spec["DesiredCapacity"] = int(target.spec["DesiredCapacity"]) - 1
                members.terminate(target, one)
                members.converge(target)
                return {"Activity": target.activities[-1] | {"StatusCode": "InProgress"}}
    raise invalid(f"Instance Id not found - No managed instance found for instance ID: {request['InstanceId']}")


@override("autoscaling", "SetInstanceProtection")
def set_instance_protection(call, request):
    target = group(call, request["AutoScalingGroupName"])
    for one in target.members:
        if one.instance.id in request["InstanceIds"]:
            one.protected = bool(request["ProtectedFromScaleIn"])
    return {}
