"""Tags, metrics, suspended processes, target groups and the warm pool of a group."""

from moto.elbv2.models import elbv2_backends

from ...lists import matches
from ...overrides import override
from . import members
from .store import Group, group, invalid, paged, store

_METRICS = [
    "GroupMinSize",
    "GroupMaxSize",
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
    "GroupInServiceCapacity",
    "GroupPendingCapacity",
    "GroupStandbyCapacity",
    "GroupTerminatingCapacity",
    "GroupTotalCapacity",
    "WarmPoolDesiredCapacity",
    "WarmPoolWarmedCapacity",
    "WarmPoolPendingCapacity",
    "WarmPoolTerminatingCapacity",
    "WarmPoolTotalCapacity",
    "GroupAndWarmPoolDesiredCapacity",
    "GroupAndWarmPoolTotalCapacity",
]
_PROCESSES = [
    "Launch",
    "Terminate",
    "AddToLoadBalancer",
    "AlarmNotification",
    "AZRebalance",
    "HealthCheck",
    "InstanceRefresh",
    "ReplaceUnhealthy",
    "ScheduledActions",
]


def tag_of(name: str, tag: dict) -> dict:
    return {
        "ResourceId": name,
        "ResourceType": "auto-scaling-group",
        "Key": tag["Key"],
        "Value": tag.get("Value") or "",
        "PropagateAtLaunch": bool(tag.get("PropagateAtLaunch")),
    }


@override("autoscaling", "CreateOrUpdateTags", "DeleteTags")
def change_tags(call, request):
    for tag in request["Tags"]:
        name = tag.get("ResourceId")
        if name not in store(call).groups:
            raise invalid(f"AutoScalingGroup not found - AutoScaling Group {name} not found")
        tags = store(call).groups[name].tags
        if call.operation == "DeleteTags":
            tags.pop(tag["Key"], None)
        else:
            tags[tag["Key"]] = tag_of(name, tag)
    return {}


@override("autoscaling", "DescribeTags")
def describe_tags(call, request):
    items = [tag for one in store(call).groups.values() for tag in one.tags.values()]
    reads = {
        "auto-scaling-group": lambda tag: tag["ResourceId"],
        "key": lambda tag: tag["Key"],
        "value": lambda tag: tag["Value"],
        "propagate-at-launch": lambda tag: str(tag["PropagateAtLaunch"]).lower(),
    }
    for filter_ in request.get("Filters") or []:
        read = reads.get(filter_.get("Name"))
        if read is None:
            raise invalid(f"Filter type {filter_.get('Name')} is not correct.")
        items = [tag for tag in items if matches(read(tag), filter_.get("Values") or [])]
    return paged(request, items, "Tags")


# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnableMetricsCollection.html: All metrics if none is
# given.
@override("autoscaling", "EnableMetricsCollection", "DisableMetricsCollection")
def metrics_collection(call, request):
    target, named = group(call, request["AutoScalingGroupName"]), request.get("Metrics") or _METRICS
    if set(named) - set(_METRICS):
        raise invalid("Metric not supported")
    kept = [name for name in target.metrics if name not in named]
    target.metrics = kept + (list(named) if call.operation.startswith("Enable") else [])
    return {}


@override("autoscaling", "SuspendProcesses", "ResumeProcesses")
def processes(call, request):
    target, named = group(call, request["AutoScalingGroupName"]), request.get("ScalingProcesses") or _PROCESSES
    kept = [name for name in target.suspended if name not in named]
    target.suspended = kept + (list(named) if call.operation.startswith("Suspend") else [])
    return {}


@override("autoscaling", "AttachLoadBalancerTargetGroups", "DetachLoadBalancerTargetGroups")
def load_balancer_target_groups(call, request):
    change = members.attach if call.operation.startswith("Attach") else members.detach
    change(group(call, request["AutoScalingGroupName"]), request["TargetGroupARNs"])
    return {}


@override("autoscaling", "AttachTrafficSources", "DetachTrafficSources")
def traffic_sources(call, request):
    change = members.attach if call.operation.startswith("Attach") else members.detach
    change(group(call, request["AutoScalingGroupName"]), [one["Identifier"] for one in request["TrafficSources"]])
    return {}


@override("autoscaling", "DescribeLoadBalancerTargetGroups")
def describe_target_groups(call, request):
    target = group(call, request["AutoScalingGroupName"])
    items = [
        {"LoadBalancerTargetGroupARN": arn, "State": _attachment(call, target)}
        for arn in target.spec["TargetGroupARNs"]
    ]
    return paged(request, items, "LoadBalancerTargetGroups")


@override("autoscaling", "DescribeTrafficSources")
def describe_traffic_sources(call, request):
    target = group(call, request["AutoScalingGroupName"])
    items = [
        {"TrafficSource": arn, "Identifier": arn, "Type": "elbv2", "State": _attachment(call, target)}
        for arn in target.spec["TargetGroupARNs"]
    ]
    return paged(request, items, "TrafficSources")


def _attachment(call, target: Group) -> str:
    elb = elbv2_backends[call.account][call.region]
    healthy = all(
        one.instance.id in elb.target_groups[arn].targets
        for one in target.members
        for arn in target.spec["TargetGroupARNs"]
        if arn in elb.target_groups
    )
    return "InService" if target.members and healthy else "Added" if healthy else "Adding"


@override("autoscaling", "PutWarmPool", "DeleteWarmPool", "DescribeWarmPool")
def warm_pool(call, request):
    target = group(call, request["AutoScalingGroupName"])
    if call.operation == "PutWarmPool":
        given = {name: value for name, value in request.items() if value is not None and name != "AutoScalingGroupName"}
        target.warm_pool = {"MinSize": 0, "PoolState": "Stopped", **given}
    elif call.operation == "DeleteWarmPool":
        target.warm_pool = None
    else:
        return {"Instances": []} | ({"WarmPoolConfiguration": target.warm_pool} if target.warm_pool else {})
    return {}
