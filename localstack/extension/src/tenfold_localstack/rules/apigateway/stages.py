"""Stages and their settings.

https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch
"""

import re

from ...overrides import override
from . import bad_request, parse_bool, stage, store

_SETTINGS = {
    "metrics/enabled": ("metricsEnabled", parse_bool),
    "logging/dataTrace": ("dataTraceEnabled", parse_bool),
    "logging/loglevel": ("loggingLevel", str),
    "throttling/burstLimit": ("throttlingBurstLimit", int),
    "throttling/rateLimit": ("throttlingRateLimit", float),
}
# The settings of a method before any of them is set,
# https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html
_DEFAULTS = {
    "metricsEnabled": False,
    "dataTraceEnabled": False,
    "throttlingBurstLimit": 5000,
    "throttlingRateLimit": 10000.0,
    "cachingEnabled": False,
    "cacheTtlInSeconds": 300,
    "cacheDataEncrypted": False,
    "requireAuthorizationForCacheControl": True,
    "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
}
_NO_ROLE = "CloudWatch Logs role ARN must be set in account settings to enable logging"


def _answer(found) -> dict:
    answer = {name: value for name, value in found.to_json().items() if value not in (None, {})}
    answer["methodSettings"] = {name: dict(value) for name, value in found.method_settings.items()}
    answer["tracingEnabled"] = bool(found.tracing_enabled)
    answer.setdefault("cacheClusterStatus", "NOT_AVAILABLE")
    return answer


@override("apigateway", "CreateStage")
def create_stage(call, request):
    call()
    return _answer(stage(call, request["restApiId"], request["stageName"]))


@override("apigateway", "GetStage")
def get_stage(call, request):
    return _answer(stage(call, request["restApiId"], request["stageName"]))


@override("apigateway", "UpdateStage")
def update_stage(call, request):
    found, others = stage(call, request["restApiId"], request["stageName"]), []
    settings = {name: dict(value) for name, value in found.method_settings.items()}
    log = dict(found.access_log_settings or {})
    for patch in request.get("patchOperations") or []:
        op, path, value = patch["op"], patch["path"], patch.get("value")
        # Resource paths in a patch path have ~1 for each slash, so the method follows the first slash.
        of_method = re.fullmatch(r"/([^/]+/[A-Z*]+)(?:/(.+))?", path)
        if path.startswith("/accessLogSettings"):
            log = _log(log, op, path, value)
        elif path == "/tracingEnabled":
            found.tracing_enabled = parse_bool(value)
        elif of_method and of_method[2] is None and op == "remove":
            if settings.pop(of_method[1], None) is None:
                raise bad_request(
                    f"Cannot remove method setting {of_method[1]} because there is no method setting for this method"
                )
        elif of_method and of_method[2] in _SETTINGS and op == "replace":
            name, read = _SETTINGS[of_method[2]]
            settings.setdefault(of_method[1], dict(_DEFAULTS))[name] = read(value)
        else:
            others.append(patch)
    logs = [one.get("loggingLevel", "OFF") for one in settings.values()]
    if (log or any(level != "OFF" for level in logs)) and not store(call).account.get("cloudwatchRoleArn"):
        raise bad_request(_NO_ROLE)
    found.method_settings, found.access_log_settings = settings, log or None
    if others:
        call.parsed({**request, "patchOperations": others})
        found = stage(call, request["restApiId"], request["stageName"])
        found.method_settings, found.access_log_settings = settings, log or None
    return _answer(found)


def _log(log: dict, op: str, path: str, value) -> dict:
    if op == "remove" and path == "/accessLogSettings":
        return {}
    name = path.rsplit("/", 1)[-1]
    if op not in ("add", "replace") or name not in ("destinationArn", "format"):
        raise bad_request(f"Invalid patch operation {op} on {path}")
    if name == "destinationArn" and not re.match(r"arn:[\w-]+:(logs|firehose):", value or ""):
        raise bad_request(f"Invalid ARN specified in the request: {value}")
    return {**log, name: value}
