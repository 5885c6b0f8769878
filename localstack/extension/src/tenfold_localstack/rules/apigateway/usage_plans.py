"""Usage plans, API keys, and which keys belong to which plans.

https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateUsagePlan-Patch
"""

import re

from ...overrides import error, override
from . import backend, bad_request, key, paged, parse_bool, plan


def _answer(one) -> dict:
    answer = {"id": one.id, "name": one.name, "apiStages": [dict(stage) for stage in one.api_stages]}
    if one.description:
        answer["description"] = one.description
    if one.throttle:
        answer["throttle"] = _throttle(one.throttle)
    if one.quota:
        quota = one.quota
        answer["quota"] = {
            "limit": int(quota["limit"]),
            "offset": int(quota.get("offset") or 0),
            "period": quota["period"],
        }
    if one.product_code:
        answer["productCode"] = one.product_code
    return answer | ({"tags": dict(one.tags)} if one.tags else {})


def _throttle(limits: dict) -> dict:
    return {"rateLimit": float(limits.get("rateLimit") or 0), "burstLimit": int(limits.get("burstLimit") or 0)}


def _require_stage(call, api_id: str, name: str) -> None:
    if api_id not in backend(call).apis or name not in backend(call).apis[api_id].stages:
        raise bad_request(f"API Stage not found: {api_id}:{name}")


@override("apigateway", "CreateUsagePlan")
def create_usage_plan(call, request):
    for stage in request.get("apiStages") or []:
        _require_stage(call, stage["apiId"], stage["stage"])
    return _answer(plan(call, call()["id"]))


@override("apigateway", "GetUsagePlan")
def get_usage_plan(call, request):
    return _answer(plan(call, request["usagePlanId"]))


@override("apigateway", "GetUsagePlans")
def get_usage_plans(call, request):
    key_id = request.get("keyId")
    links = backend(call).usage_plan_keys
    found = [one for one in backend(call).usage_plans.values() if key_id is None or key_id in links.get(one.id, {})]
    return paged(request, [_answer(one) for one in found])


@override("apigateway", "UpdateUsagePlan")
def update_usage_plan(call, request):
    one = plan(call, request["usagePlanId"])
    stages = [dict(stage) for stage in one.api_stages]
    throttle, quota = dict(one.throttle or {}), dict(one.quota or {})
    for patch in request.get("patchOperations") or []:
        op, path, value = patch["op"], patch["path"], patch.get("value")
        limit = re.fullmatch(r"/throttle/(rateLimit|burstLimit)", path)
        period = re.fullmatch(r"/quota/(limit|offset|period)", path)
        of_method = re.fullmatch(r"/apiStages/([^:]+:[^/]+)/throttle/(.+)/(rateLimit|burstLimit)", path)
        if path in ("/name", "/description") and op == "replace":
            setattr(one, path[1:], value)
        elif limit and op in ("add", "replace"):
            throttle[limit[1]] = value
        elif period and op in ("add", "replace"):
            quota[period[1]] = value
        elif path == "/throttle" and op == "remove":
            throttle = {}
        elif path == "/quota" and op == "remove":
            quota = {}
        elif path == "/apiStages":
            stages = _stages(call, stages, op, value)
        elif of_method and op in ("add", "replace"):
            _limit_method(stages, of_method, value)
        else:
            raise bad_request(f"Invalid patch path {path} for op {op}")
    if throttle and set(throttle) != {"rateLimit", "burstLimit"}:
        raise bad_request("Usage Plan throttle must have a rate limit and a burst limit")
    if quota and not {"limit", "period"} <= set(quota):
        raise bad_request("Usage Plan quota must have a limit and a period")
    one.api_stages, one.throttle, one.quota = stages, throttle, quota
    return _answer(one)


def _stages(call, stages: list[dict], op: str, value: str) -> list[dict]:
    api_id, name = (value or ":").split(":")
    same = [stage for stage in stages if (stage["apiId"], stage["stage"]) == (api_id, name)]
    if op == "remove":
        if not same:
            raise error(
                "NotFoundException", f"Invalid API Stage {{api: {api_id}, stage: {name}}} specified for usageplan", 404
            )
        return [stage for stage in stages if stage not in same]
    _require_stage(call, api_id, name)
    if same:
        raise error("ConflictException", f"API Stage {value} is already in the usage plan", 409)
    return [*stages, {"apiId": api_id, "stage": name}]


def _limit_method(stages: list[dict], of_method, value: str) -> None:
    for stage in stages:
        if f"{stage['apiId']}:{stage['stage']}" == of_method[1]:
            limits = dict(stage.get("throttle") or {})
            limits[of_method[2]] = _throttle({**limits.get(of_method[2], {}), of_method[3]: value})
            stage["throttle"] = limits
            return
    raise error("NotFoundException", f"Invalid API Stage {of_method[1]} specified", 404)


# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-create-usage-plans-with-console.html
@override("apigateway", "DeleteUsagePlan")
def delete_usage_plan(call, request):
    one = plan(call, request["usagePlanId"])
    if one.api_stages:
        raise bad_request(
            "Cannot delete usage plan, because it has API stages associated with it: remove the stages first"
        )
    backend(call).usage_plan_keys.pop(one.id, None)
    return call()


@override("apigateway", "GetApiKeys")
def get_api_keys(call, request):
    prefix, values = request.get("nameQuery") or "", request.get("includeValues")
    found = [one for one in backend(call).keys.values() if (one.name or "").startswith(prefix)]
    return paged(request, [_key(one, values) for one in found])


@override("apigateway", "GetApiKey")
def get_api_key(call, request):
    return _key(key(call, request["apiKey"]), request.get("includeValue"))


def _key(one, include_value) -> dict:
    answer = {name: value for name, value in one.to_json().items() if value is not None and name != "stageKeys"}
    answer["enabled"] = parse_bool(one.enabled)
    return answer if include_value else {name: value for name, value in answer.items() if name != "value"}


# Several keys may have the same name, but not the same value. moto derives the ID from the value and would overwrite
# the first key. https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html
@override("apigateway", "CreateApiKey")
def create_api_key(call, request):
    value = request.get("value")
    if value and any(one.value == value for one in backend(call).keys.values()):
        raise error("ConflictException", "API Key already exists", 409)
    return call()


@override("apigateway", "DeleteApiKey")
def delete_api_key(call, request):
    one = key(call, request["apiKey"])
    for links in backend(call).usage_plan_keys.values():
        links.pop(one.id, None)
    return call()


# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html: For each stage, a key
# can be in one usage plan only.
@override("apigateway", "CreateUsagePlanKey")
def create_usage_plan_key(call, request):
    wanted, one = plan(call, request["usagePlanId"]), key(call, request["keyId"])
    for other in backend(call).usage_plans.values():
        if one.id not in backend(call).usage_plan_keys.get(other.id, {}):
            continue
        shared = {_stage_key(stage) for stage in other.api_stages} & {_stage_key(stage) for stage in wanted.api_stages}
        if other.id == wanted.id:
            raise error("ConflictException", f"Usage Plan {wanted.id} already has the key {one.id}", 409)
        if shared:
            raise error("ConflictException", f"API Key {one.id} cannot be added to two plans of one stage", 409)
    return call()


def _stage_key(stage: dict) -> tuple:
    return stage["apiId"], stage["stage"]


@override("apigateway", "GetUsagePlanKey")
def get_usage_plan_key(call, request):
    plan(call, request["usagePlanId"])
    found = backend(call).usage_plan_keys.get(request["usagePlanId"], {}).get(request["keyId"])
    if found is None:
        raise error("NotFoundException", "Invalid API Key identifier specified", 404)
    return found.to_json()


@override("apigateway", "DeleteUsagePlanKey")
def delete_usage_plan_key(call, request):
    get_usage_plan_key(call, request)
    return call()
