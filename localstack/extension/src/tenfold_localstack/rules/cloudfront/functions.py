"""CloudFront functions in the stages DEVELOPMENT and LIVE.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/managing-functions.html
"""

import copy

from ...overrides import error, override
from . import Item, behaviors, check_version, distributions_using, get, items_of, new_id, now, paged, store

NO_FUNCTION = "NoSuchFunctionExists"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions
MAX_BYTES = 10_240


def _summary(item: Item, stage: str) -> dict:
    config = item.extra["live"]["config"] if stage == "LIVE" else item.config
    return {
        "Name": item.id,
        "Status": "DEPLOYED" if stage == "LIVE" else "UNPUBLISHED",
        "FunctionConfig": copy.deepcopy(config),
        "FunctionMetadata": {
            "FunctionARN": item.arn,
            "Stage": stage,
            "CreatedTime": item.extra["created"],
            "LastModifiedTime": item.changed,
        },
    }


def _function_in_stage(call, request) -> tuple[Item, str]:
    item = get(store(call).functions, request["Name"], NO_FUNCTION)
    stage = request.get("Stage") or "DEVELOPMENT"
    if stage == "LIVE" and "live" not in item.extra:
        raise error(NO_FUNCTION, "The function does not exist in the stage LIVE.", 404)
    return item, stage


def _code(request) -> bytes:
    code = request["FunctionCode"]
    code = code.read() if hasattr(code, "read") else code
    if len(code) > MAX_BYTES:
        raise error("FunctionSizeLimitExceeded", "The function is too large.", 413)
    return code


@override("cloudfront", "CreateFunction")
def create_function(call, request):
    items, name = store(call).functions, request["Name"]
    if name in items:
        raise error("FunctionAlreadyExists", f"A function with the name {name} already exists.", 409)
    arn = f"arn:aws:cloudfront::{call.account}:function/{name}"
    item = Item(name, arn, copy.deepcopy(request["FunctionConfig"]))
    item.extra.update(code=_code(request), created=now())
    items[name] = item
    return {"FunctionSummary": _summary(item, "DEVELOPMENT"), "ETag": item.etag}


@override("cloudfront", "DescribeFunction")
def describe_function(call, request):
    item, stage = _function_in_stage(call, request)
    etag = item.extra["live"]["etag"] if stage == "LIVE" else item.etag
    return {"FunctionSummary": _summary(item, stage), "ETag": etag}


@override("cloudfront", "GetFunction")
def get_function(call, request):
    item, stage = _function_in_stage(call, request)
    version = item.extra["live"] if stage == "LIVE" else {"code": item.extra["code"], "etag": item.etag}
    return {"FunctionCode": version["code"], "ETag": version["etag"], "ContentType": "application/octet-stream"}


@override("cloudfront", "UpdateFunction")
def update_function(call, request):
    item = check_version(get(store(call).functions, request["Name"], NO_FUNCTION), request)
    item.extra["code"] = _code(request)
    item.set(request["FunctionConfig"])
    return {"FunctionSummary": _summary(item, "DEVELOPMENT"), "ETag": item.etag}


@override("cloudfront", "PublishFunction")
def publish_function(call, request):
    item = check_version(get(store(call).functions, request["Name"], NO_FUNCTION), request)
    item.extra["live"] = {"code": item.extra["code"], "config": copy.deepcopy(item.config), "etag": new_id()}
    return {"FunctionSummary": _summary(item, "LIVE")}


@override("cloudfront", "DeleteFunction")
def delete_function(call, request):
    items = store(call).functions
    item = check_version(get(items, request["Name"], NO_FUNCTION), request)

    def uses(config):
        associations = [one for behavior in behaviors(config) for one in items_of(behavior.get("FunctionAssociations"))]
        return any(one["FunctionARN"] == item.arn for one in associations)

    if distributions_using(call, uses):
        raise error("FunctionInUse", "The function is associated with one or more distributions.", 409)
    del items[item.id]
    return {}


@override("cloudfront", "ListFunctions")
def list_functions(call, request):
    stages = [request["Stage"]] if request.get("Stage") else ["DEVELOPMENT", "LIVE"]
    items = [
        _summary(item, stage)
        for item in store(call).functions.values()
        for stage in stages
        if stage != "LIVE" or "live" in item.extra
    ]
    answer = paged(items, request)
    return {"FunctionList": {key: value for key, value in answer.items() if key not in ("Marker", "IsTruncated")}}
