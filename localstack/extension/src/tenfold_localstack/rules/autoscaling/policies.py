"""Scaling policies and the alarms of target tracking."""

import contextlib
import copy
import uuid

from botocore.exceptions import ClientError
from localstack.aws.connect import connect_to

from ...overrides import error, override
from .store import group, invalid, paged, store


def _cloudwatch(call):
    return connect_to(aws_access_key_id=call.account, region_name=call.region).cloudwatch


# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html: Creates or replaces a policy. Each
# type has its own parameters. At most 50 policies a group.
@override("autoscaling", "PutScalingPolicy")
def put_policy(call, request):
    target, name = group(call, request["AutoScalingGroupName"]), request["PolicyName"]
    kind = request.get("PolicyType") or "SimpleScaling"
    needed = {
        "SimpleScaling": ["AdjustmentType", "ScalingAdjustment"],
        "StepScaling": ["AdjustmentType", "StepAdjustments"],
        "TargetTrackingScaling": ["TargetTrackingConfiguration"],
        "PredictiveScaling": ["PredictiveScalingConfiguration"],
    }
    if kind not in needed:
        raise invalid(f"PolicyType '{kind}' is not valid")
    for member in needed[kind]:
        if request.get(member) in (None, [], {}):
            raise invalid(f"{member} must be specified for policy type {kind}")
    if kind == "TargetTrackingScaling":
        _check_tracking(target, request["TargetTrackingConfiguration"])
    policies, key = store(call).policies, (target.name, name)
    if key not in policies and sum(owner == target.name for owner, _ in policies) >= 50:
        raise error("LimitExceeded", "You have already reached a limit of 50 scaling policies for this group")
    policy = {member: copy.deepcopy(value) for member, value in request.items() if value is not None}
    policy["PolicyType"] = kind
    policy.setdefault("Enabled", True)
    if kind == "StepScaling":
        policy.setdefault("MetricAggregationType", "Average")
    if kind == "TargetTrackingScaling":
        policy["TargetTrackingConfiguration"].setdefault("DisableScaleIn", False)
    if kind == "PredictiveScaling":
        policy["PredictiveScalingConfiguration"].setdefault("Mode", "ForecastOnly")
        policy["PredictiveScalingConfiguration"].setdefault("MaxCapacityBreachBehavior", "HonorMaxCapacity")
    old = policies.get(key)
    policy["PolicyARN"] = (
        old["PolicyARN"]
        if old
        else (
            f"arn:aws:autoscaling:{call.region}:{call.account}:scalingPolicy:{uuid.uuid4()}"
            f":autoScalingGroupName/{target.name}:policyName/{name}"
        )
    )
    if old:
        _delete_alarms(call, old)
    policy["Alarms"] = _tracking_alarms(call, target, policy) if kind == "TargetTrackingScaling" else []
    policies[key] = policy
    return {"PolicyARN": policy["PolicyARN"], "Alarms": policy["Alarms"]}


def _check_tracking(target, configuration: dict) -> None:
    metric = configuration.get("PredefinedMetricSpecification")
    if bool(metric) == bool(configuration.get("CustomizedMetricSpecification")):
        raise invalid(
            "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified"
        )
    # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PredefinedMetricSpecification.html: The label
    # consists of the last parts of the ARNs of the load balancer and of the target group, which must be attached to the
    # group.
    if metric and metric.get("PredefinedMetricType") == "ALBRequestCountPerTarget":
        label = metric.get("ResourceLabel") or ""
        if not any(
            "targetgroup/" in label and arn.endswith("targetgroup/" + label.split("targetgroup/")[1])
            for arn in target.spec["TargetGroupARNs"]
        ):
            raise invalid(
                f"The load balancer does not route traffic to the target group, or it is not attached to the group: '{label}'"
            )


# https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html: Target tracking creates an
# alarm to scale out and, unless scale-in is disabled, one to scale in. The policy owns them, and they are deleted with
# it.
def _tracking_alarms(call, target, policy: dict) -> list[dict]:
    configuration, alarms = policy["TargetTrackingConfiguration"], []
    kinds = [("AlarmHigh", "GreaterThanThreshold", 3, 1.0)]
    if not configuration["DisableScaleIn"]:
        kinds.append(("AlarmLow", "LessThanThreshold", 15, 0.9))
    for kind, comparison, periods, share in kinds:
        name = f"TargetTracking-{target.name}-{kind}-{uuid.uuid4()}"
        _cloudwatch(call).put_metric_alarm(
            AlarmName=name,
            AlarmDescription=f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy['PolicyARN']}.",
            AlarmActions=[policy["PolicyARN"]],
            ActionsEnabled=False,
            ComparisonOperator=comparison,
            EvaluationPeriods=periods,
            Threshold=configuration["TargetValue"] * share,
            **_metric(target, configuration),
        )
        alarms.append({"AlarmName": name, "AlarmARN": f"arn:aws:cloudwatch:{call.region}:{call.account}:alarm:{name}"})
    return alarms


def _metric(target, configuration: dict) -> dict:
    own = configuration.get("CustomizedMetricSpecification")
    if own and own.get("Metrics"):
        return {"Metrics": [_query(one) for one in own["Metrics"]]}
    if own:
        return {
            "Namespace": own["Namespace"],
            "MetricName": own["MetricName"],
            "Dimensions": own.get("Dimensions") or [],
            "Statistic": own["Statistic"],
            "Period": own.get("Period") or 60,
        }
    kind = configuration["PredefinedMetricSpecification"]["PredefinedMetricType"]
    by_group = [{"Name": "AutoScalingGroupName", "Value": target.name}]
    if kind == "ALBRequestCountPerTarget":
        label = configuration["PredefinedMetricSpecification"]["ResourceLabel"]
        balancer, group_ = label.split("/targetgroup/")
        dimensions = [
            {"Name": "LoadBalancer", "Value": balancer},
            {"Name": "TargetGroup", "Value": "targetgroup/" + group_},
        ]
        return {
            "Namespace": "AWS/ApplicationELB",
            "MetricName": "RequestCountPerTarget",
            "Dimensions": dimensions,
            "Statistic": "Sum",
            "Period": 60,
        }
    name = {"ASGAverageNetworkIn": "NetworkIn", "ASGAverageNetworkOut": "NetworkOut"}.get(kind, "CPUUtilization")
    return {"Namespace": "AWS/EC2", "MetricName": name, "Dimensions": by_group, "Statistic": "Average", "Period": 60}


def _query(one: dict) -> dict:
    query = {name: value for name, value in one.items() if value is not None and name != "MetricStat"}
    if one.get("MetricStat"):
        stat = {name: value for name, value in one["MetricStat"].items() if value is not None}
        query["MetricStat"] = {"Period": 60, **stat}
    return query


def _delete_alarms(call, policy: dict) -> None:
    for alarm in policy.get("Alarms") or []:
        with contextlib.suppress(ClientError):  # already deleted
            _cloudwatch(call).delete_alarms(AlarmNames=[alarm["AlarmName"]])


@override("autoscaling", "DescribePolicies")
def describe_policies(call, request):
    name = request.get("AutoScalingGroupName")
    if name:
        group(call, name)
    names, kinds = request.get("PolicyNames") or [], request.get("PolicyTypes") or []
    items = [
        copy.deepcopy(policy)
        for (owner, _), policy in store(call).policies.items()
        if (not name or owner == name)
        and (not names or policy["PolicyName"] in names or policy["PolicyARN"] in names)
        and (not kinds or policy["PolicyType"] in kinds)
    ]
    return paged(request, items, "ScalingPolicies")


@override("autoscaling", "DeletePolicy")
def delete_policy(call, request):
    name, wanted = request.get("AutoScalingGroupName"), request["PolicyName"]
    if name:
        group(call, name)
    for (owner, known), policy in list(store(call).policies.items()):
        if (known == wanted and owner == name) or policy["PolicyARN"] == wanted:
            _delete_alarms(call, policy)
            del store(call).policies[owner, known]
            return {}
    raise invalid("PolicyName not found")


def delete_for_group(call, name: str) -> None:
    policies = store(call).policies
    for key in [key for key in policies if key[0] == name]:
        _delete_alarms(call, policies.pop(key))
