"""Application Auto Scaling: scalable targets and their policies, stored here instead of in moto.

https://docs.aws.amazon.com/autoscaling/application/APIReference/
"""

import copy
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ..lists import answer
from ..overrides import error, override
from .elasticache.store import store as elasticache_store


@dataclass(eq=False)
class Store:
    """Keys are namespace, resource and dimension; for policies also the policy name."""

    targets: dict[tuple, dict] = field(default_factory=dict)
    policies: dict[tuple, dict] = field(default_factory=dict)
    tags: dict[str, dict] = field(default_factory=dict)


_stores: dict[tuple[str, str], Store] = defaultdict(Store)

# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling-Scaling-Policies-Target.html
_METRICS = {
    "elasticache:replication-group:NodeGroups": [
        "ElastiCachePrimaryEngineCPUUtilization",
        "ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage",
        "ElastiCacheDatabaseCapacityUsageCountedForEvictPercentage",
    ],
    "elasticache:replication-group:Replicas": ["ElastiCacheReplicaEngineCPUUtilization"],
}


def store(call) -> Store:
    return _stores[call.account, call.region]


def invalid(message: str):
    return error("ValidationException", message)


def _key(request) -> tuple:
    return request["ServiceNamespace"], request["ResourceId"], request["ScalableDimension"]


def _target(call, request) -> dict:
    found = store(call).targets.get(_key(request))
    if found is None:
        raise error("ObjectNotFoundException", f"No scalable target found for {request['ResourceId']}")
    return found


def _check_cache(call, request) -> None:
    if request["ServiceNamespace"] != "elasticache":
        return
    if request["ScalableDimension"] not in _METRICS:
        raise invalid(f"Unsupported scalable dimension {request['ScalableDimension']}")
    name = request["ResourceId"].removeprefix("replication-group/")
    group = elasticache_store(call).groups.get(name)
    if group is None:
        raise invalid(f"ElastiCache replication group {name} does not exist")
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html: Only with cluster mode and with these
    # node sizes.
    if not group.clustered:
        raise invalid(f"Automatic scaling needs cluster mode, which {name} does not have")
    if group.spec["CacheNodeType"].rsplit(".", 1)[1] not in ("large", "xlarge", "2xlarge"):
        raise invalid(f"Automatic scaling does not know the node type {group.spec['CacheNodeType']}")


# RegisterScalableTarget creates or updates: limits that are not given stay unchanged.
@override("application-autoscaling", "RegisterScalableTarget")
def register_target(call, request):
    _check_cache(call, request)
    old = store(call).targets.get(_key(request))
    least, most = request.get("MinCapacity"), request.get("MaxCapacity")
    if old is None and (least is None or most is None):
        raise invalid("MinCapacity and MaxCapacity are required for a new target")
    namespace = request["ServiceNamespace"]
    target = old or {
        "ServiceNamespace": namespace,
        "ResourceId": request["ResourceId"],
        "ScalableDimension": request["ScalableDimension"],
        "RoleARN": request.get("RoleARN")
        or f"arn:aws:iam::{call.account}:role/aws-service-role/{namespace}.application-autoscaling.amazonaws.com/"
        f"AWSServiceRoleForApplicationAutoScaling_{namespace}",
        "CreationTime": datetime.now(UTC),
        "SuspendedState": {
            "DynamicScalingInSuspended": False,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": False,
        },
        "ScalableTargetARN": f"arn:aws:application-autoscaling:{call.region}:{call.account}:scalable-target/"
        f"{uuid.uuid4().hex}",
    }
    limits = {"MinCapacity": target.get("MinCapacity"), "MaxCapacity": target.get("MaxCapacity")}
    limits.update({name: request[name] for name in limits if request.get(name) is not None})
    if limits["MinCapacity"] > limits["MaxCapacity"]:
        raise invalid("Maximum capacity cannot be less than minimum capacity")
    target.update(limits)
    store(call).targets[_key(request)] = target
    store(call).tags.setdefault(target["ScalableTargetARN"], {}).update(request.get("Tags") or {})
    return {"ScalableTargetARN": target["ScalableTargetARN"]}


def _paged(request, items: list, member: str) -> dict:
    """Returns a page of at most 50 items."""
    return answer(member, copy.deepcopy(items), request, min(request.get("MaxResults") or 50, 50), "NextToken")


def _matches(request, item: dict) -> bool:
    resource, dimension = request.get("ResourceId"), request.get("ScalableDimension")
    return item["ServiceNamespace"] == request["ServiceNamespace"] and all(
        wanted in (None, found)
        for wanted, found in ((resource, item["ResourceId"]), (dimension, item["ScalableDimension"]))
    )


@override("application-autoscaling", "DescribeScalableTargets")
def describe_targets(call, request):
    ids = request.get("ResourceIds")
    items = [
        one for one in store(call).targets.values() if _matches(request, one) and (not ids or one["ResourceId"] in ids)
    ]
    return _paged(request, items, "ScalableTargets")


# "Deregistering a scalable target deletes the scaling policies [...] associated with it."
@override("application-autoscaling", "DeregisterScalableTarget")
def deregister_target(call, request):
    target = _target(call, request)
    del store(call).targets[_key(request)]
    store(call).tags.pop(target["ScalableTargetARN"], None)
    for key in [key for key in store(call).policies if key[:3] == _key(request)]:
        del store(call).policies[key]
    return {}


@override("application-autoscaling", "PutScalingPolicy")
def put_policy(call, request):
    _target(call, request)
    key = (*_key(request), request["PolicyName"])
    old = store(call).policies.get(key)
    tracking = request.get("TargetTrackingScalingPolicyConfiguration")
    if request["ServiceNamespace"] == "elasticache":
        if not tracking:
            raise invalid("ElastiCache has target tracking only")
        metric = (tracking.get("PredefinedMetricSpecification") or {}).get("PredefinedMetricType")
        if metric and metric not in _METRICS[request["ScalableDimension"]]:
            raise invalid(f"The metric {metric} is not one of {request['ScalableDimension']}")
    policy = {
        **request,
        "PolicyType": request.get("PolicyType") or "StepScaling",
        "PolicyARN": (old or {}).get("PolicyARN")
        or f"arn:aws:autoscaling:{call.region}:{call.account}:scalingPolicy:{uuid.uuid4()}:resource/"
        f"{request['ServiceNamespace']}/{request['ResourceId']}:policyName/{request['PolicyName']}",
        "Alarms": [],
        "CreationTime": (old or {}).get("CreationTime") or datetime.now(UTC),
    }
    store(call).policies[key] = policy
    return {"PolicyARN": policy["PolicyARN"], "Alarms": []}


@override("application-autoscaling", "DescribeScalingPolicies")
def describe_policies(call, request):
    names = request.get("PolicyNames")
    items = [
        one
        for one in store(call).policies.values()
        if _matches(request, one) and (not names or one["PolicyName"] in names)
    ]
    return _paged(request, items, "ScalingPolicies")


@override("application-autoscaling", "DeleteScalingPolicy")
def delete_policy(call, request):
    if store(call).policies.pop((*_key(request), request["PolicyName"]), None) is None:
        raise error("ObjectNotFoundException", f"No scaling policy found named {request['PolicyName']}")
    return {}


def _tags(call, arn: str) -> dict:
    if arn not in store(call).tags:
        raise error("ResourceNotFoundException", f"There is no {arn}")
    return store(call).tags[arn]


@override("application-autoscaling", "ListTagsForResource")
def list_tags(call, request):
    return {"Tags": dict(_tags(call, request["ResourceARN"]))}


@override("application-autoscaling", "TagResource")
def tag(call, request):
    _tags(call, request["ResourceARN"]).update(request["Tags"])
    return {}


@override("application-autoscaling", "UntagResource")
def untag(call, request):
    for key in request["TagKeys"]:
        _tags(call, request["ResourceARN"]).pop(key, None)
    return {}
