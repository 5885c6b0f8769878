"""Attributes of load balancers, target groups and listeners: complete lists with AWS's defaults, and validation.

Names, defaults and ranges are those that botocore's service model documents for LoadBalancerAttribute,
TargetGroupAttribute and ListenerAttribute.
"""

import fnmatch
import json

from ...overrides import error, override
from . import listener, load_balancer, target_group

_FLAG = ("true", "false")

# name: (default, values or range)
_LOAD_BALANCER = {
    "access_logs.s3.enabled": ("false", _FLAG),
    "access_logs.s3.bucket": ("", None),
    "access_logs.s3.prefix": ("", None),
    "client_keep_alive.seconds": ("3600", range(60, 604801)),
    "connection_logs.s3.enabled": ("false", _FLAG),
    "connection_logs.s3.bucket": ("", None),
    "connection_logs.s3.prefix": ("", None),
    "deletion_protection.enabled": ("false", _FLAG),
    "health_check_logs.s3.enabled": ("false", _FLAG),
    "health_check_logs.s3.bucket": ("", None),
    "health_check_logs.s3.prefix": ("", None),
    "idle_timeout.timeout_seconds": ("60", range(1, 4001)),
    "ipv6.deny_all_igw_traffic": ("false", _FLAG),
    "load_balancing.cross_zone.enabled": ("true", ("true",)),
    "routing.http.desync_mitigation_mode": ("defensive", ("monitor", "defensive", "strictest")),
    "routing.http.drop_invalid_header_fields.enabled": ("false", _FLAG),
    "routing.http.preserve_host_header.enabled": ("false", _FLAG),
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": ("false", _FLAG),
    "routing.http.xff_client_port.enabled": ("false", _FLAG),
    "routing.http.xff_header_processing.mode": ("append", ("append", "preserve", "remove")),
    "routing.http2.enabled": ("true", _FLAG),
    "waf.fail_open.enabled": ("false", _FLAG),
    "zonal_shift.config.enabled": ("false", _FLAG),
}

_TARGET_GROUP = {
    "deregistration_delay.timeout_seconds": ("300", range(0, 3601)),
    "load_balancing.algorithm.type": ("round_robin", ("round_robin", "least_outstanding_requests", "weighted_random")),
    "load_balancing.algorithm.anomaly_mitigation": ("off", ("on", "off")),
    "load_balancing.cross_zone.enabled": (
        "use_load_balancer_configuration",
        ("use_load_balancer_configuration", *_FLAG),
    ),
    "slow_start.duration_seconds": ("0", [0, *range(30, 901)]),
    "stickiness.enabled": ("false", _FLAG),
    "stickiness.type": ("lb_cookie", ("lb_cookie", "app_cookie")),
    "stickiness.app_cookie.cookie_name": ("", None),
    "stickiness.app_cookie.duration_seconds": ("86400", range(1, 604801)),
    "stickiness.lb_cookie.duration_seconds": ("86400", range(1, 604801)),
    "target_group_health.dns_failover.minimum_healthy_targets.count": ("1", None),
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": ("off", None),
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": ("1", None),
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": ("off", None),
}

_LISTENER = {
    "routing.http.response.server.enabled": ("true", _FLAG),
    **{
        f"routing.http.response.{name}.header_value": ("", None)
        for name in (
            "strict_transport_security",
            "access_control_allow_origin",
            "access_control_allow_methods",
            "access_control_allow_headers",
            "access_control_allow_credentials",
            "access_control_expose_headers",
            "access_control_max_age",
            "content_security_policy",
            "x_content_type_options",
            "x_frame_options",
        )
    },
}

_LISTENER_HTTPS = {
    f"routing.http.request.x_amzn_{name}.header_name": ("", None)
    for name in (
        "mtls_clientcert_serial_number",
        "mtls_clientcert_issuer",
        "mtls_clientcert_subject",
        "mtls_clientcert_validity",
        "mtls_clientcert_leaf",
        "mtls_clientcert",
        "tls_version",
        "tls_cipher_suite",
    )
}


def _current(known: dict, own: dict) -> dict[str, str]:
    """Returns all attributes: the values that were set, and the defaults of the others."""
    return {name: str(own.get(name, default)) for name, (default, _) in known.items()}


def _checked(kind: str, known: dict, request) -> dict[str, str]:
    changes = {}
    for attribute in request.get("Attributes") or []:
        name, value = attribute.get("Key"), attribute.get("Value") or ""
        if name not in known:
            raise error("ValidationError", f"{kind} attribute key '{name}' is not recognized")
        allowed = known[name][1]
        if isinstance(allowed, tuple):
            valid = value in allowed
        else:
            valid = allowed is None or (value.isdigit() and int(value) in allowed)
        if not valid:
            raise error("ValidationError", f"{kind} attribute key '{name}' does not allow the value '{value}'")
        changes[name] = value
    return changes


def _answer(attributes: dict[str, str]) -> dict:
    return {"Attributes": [{"Key": name, "Value": value} for name, value in attributes.items()]}


def _balancer_attributes(balancer) -> dict[str, str]:
    own = getattr(balancer, "own_attributes", {})
    if balancer.scheme == "internal":
        own = {"ipv6.deny_all_igw_traffic": "true", **own}
    return _current(_LOAD_BALANCER, own)


@override("elbv2", "DescribeLoadBalancerAttributes")
def describe_load_balancer_attributes(call, request):
    balancer = load_balancer(call, request["LoadBalancerArn"])
    return _answer(_balancer_attributes(balancer)) if balancer.type == "application" else call()


@override("elbv2", "ModifyLoadBalancerAttributes")
def modify_load_balancer_attributes(call, request):
    balancer = load_balancer(call, request["LoadBalancerArn"])
    if balancer.type != "application":
        return call()
    changes = _checked("Load balancer", _LOAD_BALANCER, request)
    wanted = {**_balancer_attributes(balancer), **changes}
    for logs in ("access_logs", "connection_logs", "health_check_logs"):
        if wanted[f"{logs}.s3.enabled"] == "true":
            _check_bucket(call, wanted[f"{logs}.s3.bucket"], wanted[f"{logs}.s3.prefix"])
    balancer.own_attributes = {**getattr(balancer, "own_attributes", {}), **changes}
    balancer.attrs.update(changes)
    return _answer(_balancer_attributes(balancer))


# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html: ELB writes a test file
# before it enables logs. The bucket must exist, and its policy must allow the log delivery service, or in older regions
# ELB's own account, to put objects under the prefix. Only SSE-S3 encryption works.
_ELB_ACCOUNTS = {
    "us-east-1": "127311923021",
    "us-east-2": "033677994240",
    "us-west-2": "797873946194",
    "eu-west-1": "156460612806",
}


def _check_bucket(call, name: str, prefix: str) -> None:
    from localstack.services.s3.models import s3_stores

    refused = error(
        "InvalidConfigurationRequest", f"Access Denied for bucket: {name}. Please check S3bucket permission"
    )
    if not name:
        raise error("InvalidConfigurationRequest", "The bucket for the logs is not set")
    store = s3_stores[call.account][call.region]
    owner = store.global_bucket_map.get(name)
    bucket = owner and s3_stores[owner][call.region].buckets.get(name)
    if not bucket or bucket.bucket_region != call.region:
        raise refused
    rule = bucket.encryption_rule or {}
    if "kms" in ((rule.get("ApplyServerSideEncryptionByDefault") or {}).get("SSEAlgorithm") or ""):
        raise refused
    key = f"arn:aws:s3:::{name}/{prefix + '/' if prefix else ''}AWSLogs/{call.account}/ELBAccessLogTestFile"
    if not any(
        _allows_elb_put(statement, key, call.region)
        for statement in _as_list(json.loads(bucket.policy or "{}").get("Statement"))
    ):
        raise refused


def _as_list(value) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def _allows_elb_put(statement: dict, key: str, region: str) -> bool:
    principal = statement.get("Principal") or {}
    principal = {"AWS": principal} if isinstance(principal, str) else principal
    services, accounts = _as_list(principal.get("Service")), _as_list(principal.get("AWS"))
    elb = _ELB_ACCOUNTS.get(region, "-")
    known = "logdelivery.elasticloadbalancing.amazonaws.com" in services or any(
        one == "*" or elb in one for one in accounts
    )
    return (
        known
        and statement.get("Effect") == "Allow"
        and any(action in ("*", "s3:*", "s3:Put*", "s3:PutObject") for action in _as_list(statement.get("Action")))
        and any(fnmatch.fnmatchcase(key, resource) for resource in _as_list(statement.get("Resource")))
    )


@override("elbv2", "DescribeTargetGroupAttributes")
def describe_target_group_attributes(call, request):
    group = target_group(call, request["TargetGroupArn"])
    if group.protocol not in ("HTTP", "HTTPS"):
        return call()
    return _answer(_current(_TARGET_GROUP, getattr(group, "own_attributes", {})))


@override("elbv2", "ModifyTargetGroupAttributes")
def modify_target_group_attributes(call, request):
    group = target_group(call, request["TargetGroupArn"])
    if group.protocol not in ("HTTP", "HTTPS"):
        return call()
    changes = _checked("Target group", _TARGET_GROUP, request)
    own = {**getattr(group, "own_attributes", {}), **changes}
    wanted = _current(_TARGET_GROUP, own)
    algorithm = wanted["load_balancing.algorithm.type"]
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html: Slow start
    # requires round robin, anomaly mitigation requires weighted random.
    if wanted["slow_start.duration_seconds"] != "0" and algorithm != "round_robin":
        raise error(
            "InvalidConfigurationRequest", f"Slow start is not supported with the '{algorithm}' routing algorithm"
        )
    if wanted["load_balancing.algorithm.anomaly_mitigation"] == "on" and algorithm != "weighted_random":
        raise error("InvalidConfigurationRequest", "Anomaly mitigation needs the 'weighted_random' routing algorithm")
    if (
        wanted["stickiness.type"] == "app_cookie"
        and wanted["stickiness.enabled"] == "true"
        and not wanted["stickiness.app_cookie.cookie_name"]
    ):
        raise error(
            "InvalidConfigurationRequest",
            "You must set an application cookie name to enable stickiness of type 'app_cookie'",
        )
    group.own_attributes = own
    group.attributes.update(changes)
    return _answer(wanted)


@override("elbv2", "DescribeListenerAttributes")
def describe_listener_attributes(call, request):
    one = listener(call, request["ListenerArn"])
    return _answer(_current(_listener_attributes(one), getattr(one, "own_attributes", {})))


@override("elbv2", "ModifyListenerAttributes")
def modify_listener_attributes(call, request):
    one = listener(call, request["ListenerArn"])
    changes = _checked("Listener", _listener_attributes(one), request)
    one.own_attributes = {**getattr(one, "own_attributes", {}), **changes}
    return _answer(_current(_listener_attributes(one), one.own_attributes))


def _listener_attributes(one) -> dict:
    return {**_LISTENER, **_LISTENER_HTTPS} if one.protocol == "HTTPS" else _LISTENER
