"""Describe operations: paging, and errors for resources that do not exist.

All lists take PageSize (1 to 400) and Marker. An ARN or a name that does not exist is an error, unlike in a filter. See
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html and the pages of the
other Describe operations.
"""

from ...lists import page
from ...overrides import error, override
from . import all_rules, backend, balancers_of, listener, load_balancer, rule, target_group
from .actions import actions_of, conditions_of


def _paged(request, items: list, member: str) -> dict:
    size = request.get("PageSize")
    if size is not None and not 1 <= size <= 400:
        raise error("ValidationError", f"Page size '{size}' must be between 1 and 400")
    items, marker = page(items, size or 400, request.get("Marker"), bad_token="ValidationError")
    return {member: items} | ({"NextMarker": marker} if marker else {})


@override("elbv2", "DescribeLoadBalancers")
def describe_load_balancers(call, request):
    arns, names = request.get("LoadBalancerArns") or [], request.get("Names") or []
    everything = list(backend(call).load_balancers.values())
    found = [load_balancer(call, arn) for arn in arns]
    for name in names:
        named = [one for one in everything if one.name == name]
        if not named:
            raise error("LoadBalancerNotFound", f"Load balancers '[{name}]' not found")
        found += named
    return _paged(request, [balancer_item(one) for one in (found if arns or names else everything)], "LoadBalancers")


def balancer_item(balancer) -> dict:
    return {
        "LoadBalancerArn": balancer.arn,
        "LoadBalancerName": balancer.name,
        "DNSName": balancer.dns_name,
        "CanonicalHostedZoneId": balancer.canonical_hosted_zone_id,
        "CreatedTime": balancer.created_time,
        "Scheme": balancer.scheme,
        "VpcId": balancer.vpc_id,
        "State": {"Code": balancer.state},
        "Type": balancer.type,
        "AvailabilityZones": [zone_item(subnet) for subnet in balancer.subnets],
        "SecurityGroups": list(balancer.security_groups or []),
        "IpAddressType": balancer.ip_address_type,
    }


def zone_item(subnet) -> dict:
    return {"ZoneName": subnet.availability_zone, "SubnetId": subnet.id, "LoadBalancerAddresses": []}


@override("elbv2", "DescribeTargetGroups")
def describe_target_groups(call, request):
    arns, names, balancer = (
        request.get("TargetGroupArns") or [],
        request.get("Names") or [],
        request.get("LoadBalancerArn"),
    )
    everything = sorted(backend(call).target_groups.values(), key=lambda one: one.name)
    if sum(map(bool, (arns, names, balancer))) > 1:
        raise error(
            "ValidationError",
            "Target group names, target group ARNs, and a load balancer ARN cannot be specified at the same time",
        )
    if balancer:
        load_balancer(call, balancer)
        found = [one for one in everything if balancer in balancers_of(call, one.arn)]
    else:
        found = [target_group(call, arn) for arn in arns]
        for name in names:
            named = [one for one in everything if one.name == name]
            if not named:
                raise error("TargetGroupNotFound", "One or more target groups not found")
            found += named
        found = found if arns or names else everything
    return _paged(request, [group_item(call, one) for one in found], "TargetGroups")


def group_item(call, group) -> dict:
    item = {
        "TargetGroupArn": group.arn,
        "TargetGroupName": group.name,
        "Protocol": group.protocol,
        "Port": int(group.port) if group.port else None,
        "VpcId": group.vpc_id,
        "HealthCheckProtocol": group.health_check_protocol,
        "HealthCheckPort": group.health_check_port,
        "HealthCheckEnabled": str(group.health_check_enabled).lower() == "true",
        "HealthCheckIntervalSeconds": int(group.health_check_interval_seconds),
        "HealthCheckTimeoutSeconds": int(group.health_check_timeout_seconds),
        "HealthyThresholdCount": int(group.healthy_threshold_count),
        "UnhealthyThresholdCount": int(group.unhealthy_threshold_count),
        "HealthCheckPath": group.health_check_path,
        "Matcher": dict(getattr(group, "matcher", None) or {}) or None,
        "LoadBalancerArns": balancers_of(call, group.arn),
        "TargetType": group.target_type,
        "ProtocolVersion": group.protocol_version,
        "IpAddressType": group.ip_address_type,
    }
    return {name: value for name, value in item.items() if value is not None}


@override("elbv2", "DescribeListeners")
def describe_listeners(call, request):
    arns, balancer = request.get("ListenerArns") or [], request.get("LoadBalancerArn")
    if bool(arns) == bool(balancer):
        raise error("ValidationError", "You must specify either listener ARNs or a load balancer ARN")
    found = [listener(call, arn) for arn in arns] or list(
        load_balancer(call, balancer).listeners.values() if balancer else []
    )
    return _paged(request, [listener_item(one) for one in found], "Listeners")


def listener_item(one) -> dict:
    item = {
        "ListenerArn": one.arn,
        "LoadBalancerArn": one.load_balancer_arn,
        "Port": int(one.port),
        "Protocol": one.protocol,
        "DefaultActions": actions_of(one.default_actions),
    }
    if one.protocol == "HTTPS":
        item["SslPolicy"] = one.ssl_policy or "ELBSecurityPolicy-2016-08"
        item["Certificates"] = [{"CertificateArn": one.certificate}] if one.certificate else []
        item["MutualAuthentication"] = {"Mode": "off"}
    return item


@override("elbv2", "DescribeRules")
def describe_rules(call, request):
    arns, listener_arn = request.get("RuleArns") or [], request.get("ListenerArn")
    if bool(arns) == bool(listener_arn):
        raise error("ValidationError", "You must specify either listener rule ARNs or a listener ARN")
    found = [rule(call, arn) for arn in arns] or list(
        all_rules(listener(call, listener_arn)).values() if listener_arn else []
    )
    return _paged(request, [rule_item(one) for one in found], "Rules")


def rule_item(one) -> dict:
    return {
        "RuleArn": one.arn,
        "Priority": str(one.priority),
        "Conditions": conditions_of(one.conditions),
        "Actions": actions_of(one.actions),
        "IsDefault": one.is_default,
    }
