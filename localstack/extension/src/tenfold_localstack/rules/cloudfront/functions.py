"""CloudFront functions in the stages DEVELOPMENT and LIVE.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/managing-functions.html
"""

import copy

from ...overrides import error, override
from . import Item, behaviors, get, listed, matched, names, new_id, now, store, used_by

NO_FUNCTION = "NoSuchFunctionExists"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions
MOST_BYTES = 10_240


def _summary(item: Item, stage: str) -> dict:
    config = item.more["live"]["config"] if stage == "LIVE" else item.config
    return {
        "Name": item.id,
        "Status": "DEPLOYED" if stage == "LIVE" else "UNPUBLISHED",
        "FunctionConfig": copy.deepcopy(config),
        "FunctionMetadata": {
            "FunctionARN": item.arn,
            "Stage": stage,
            "CreatedTime": item.more["created"],
            "LastModifiedTime": item.changed,
        },
    }


def _staged(call, request) -> tuple[Item, str]:
    item = get(store(call).functions, request["Name"], NO_FUNCTION)
    stage = request.get("Stage") or "DEVELOPMENT"
    if stage == "LIVE" and "live" not in item.more:
        raise error(NO_FUNCTION, "The function does not exist in the stage LIVE.", 404)
    return item, stage


def _code(request) -> bytes:
    code = request["FunctionCode"]
    code = code.read() if hasattr(code, "read") else code
    if len(code) > MOST_BYTES:
        raise error("FunctionSizeLimitExceeded", "The function is too large.", 413)
    return code


@override("cloudfront", "CreateFunction")
def create_function(call, request):
    items, name = store(call).functions, request["Name"]
    if name in items:
        raise error("FunctionAlreadyExists", f"A function with the name {name} already exists.", 409)
    arn = f"arn:aws:cloudfront::{call.account}:function/{name}"
    item = Item(name, arn, copy.deepcopy(request["FunctionConfig"]))
    item.more.update(code=_code(request), created=now())
    items[name] = item
    return {"FunctionSummary": _summary(item, "DEVELOPMENT"), "ETag": item.etag}


@override("cloudfront", "DescribeFunction")
def describe_function(call, request):
    item, stage = _staged(call, request)
    etag = item.more["live"]["etag"] if stage == "LIVE" else item.etag
    return {"FunctionSummary": _summary(item, stage), "ETag": etag}


@override("cloudfront", "GetFunction")
def get_function(call, request):
    item, stage = _staged(call, request)
    of = item.more["live"] if stage == "LIVE" else {"code": item.more["code"], "etag": item.etag}
    return {"FunctionCode": of["code"], "ETag": of["etag"], "ContentType": "application/octet-stream"}


@override("cloudfront", "UpdateFunction")
def update_function(call, request):
    item = matched(get(store(call).functions, request["Name"], NO_FUNCTION), request)
    item.more["code"] = _code(request)
    item.set(request["FunctionConfig"])
    return {"FunctionSummary": _summary(item, "DEVELOPMENT"), "ETag": item.etag}


@override("cloudfront", "PublishFunction")
def publish_function(call, request):
    item = matched(get(store(call).functions, request["Name"], NO_FUNCTION), request)
    item.more["live"] = {"code": item.more["code"], "config": copy.deepcopy(item.config), "etag": new_id()}
    return {"FunctionSummary": _summary(item, "LIVE")}


@override("cloudfront", "DeleteFunction")
def delete_function(call, request):
    items = store(call).functions
    item = matched(get(items, request["Name"], NO_FUNCTION), request)

    def uses(config):
        associations = [one for behavior in behaviors(config) for one in names(behavior.get("FunctionAssociations"))]
        return any(one["FunctionARN"] == item.arn for one in associations)

    if used_by(call, uses):
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
        if stage != "LIVE" or "live" in item.more
    ]
    answer = listed(items, request)
    return {"FunctionList": {key: value for key, value in answer.items() if key not in ("Marker", "IsTruncated")}}
