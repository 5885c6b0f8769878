"""What distributions refer to by id: origin access controls and cache policies. Neither goes while one is used."""

import copy

from ...overrides import error, override
from . import Item, behaviors, check_quantities, get, listed, matched, names, new_id, store, used_by

NO_CONTROL, NO_POLICY = "NoSuchOriginAccessControl", "NoSuchCachePolicy"


def _unique(items: dict[str, Item], config: dict, code: str, own: str | None = None) -> None:
    for item in items.values():
        if item.config["Name"] == config["Name"] and item.id != own:
            raise error(code, f"The name {config['Name']} is taken by {item.id}.", 409)


def _control(item: Item) -> dict:
    return {"Id": item.id, "OriginAccessControlConfig": copy.deepcopy(item.config)}


# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateOriginAccessControl.html: names are unique.
@override("cloudfront", "CreateOriginAccessControl")
def create_control(call, request):
    items, config = store(call).access_controls, request["OriginAccessControlConfig"]
    _unique(items, config, "OriginAccessControlAlreadyExists")
    name = new_id()
    arn = f"arn:aws:cloudfront::{call.account}:origin-access-control/{name}"
    item = items[name] = Item(name, arn, copy.deepcopy(config))
    return {"OriginAccessControl": _control(item), "ETag": item.etag}


@override("cloudfront", "GetOriginAccessControl")
def get_control(call, request):
    item = get(store(call).access_controls, request["Id"], NO_CONTROL)
    return {"OriginAccessControl": _control(item), "ETag": item.etag}


@override("cloudfront", "UpdateOriginAccessControl")
def update_control(call, request):
    items = store(call).access_controls
    item = matched(get(items, request["Id"], NO_CONTROL), request)
    _unique(items, request["OriginAccessControlConfig"], "OriginAccessControlAlreadyExists", item.id)
    item.set(request["OriginAccessControlConfig"])
    return {"OriginAccessControl": _control(item), "ETag": item.etag}


@override("cloudfront", "DeleteOriginAccessControl")
def delete_control(call, request):
    items = store(call).access_controls
    item = matched(get(items, request["Id"], NO_CONTROL), request)
    origins = lambda config: names(config["Origins"])  # noqa: E731
    if used_by(call, lambda config: any(o.get("OriginAccessControlId") == item.id for o in origins(config))):
        raise error("OriginAccessControlInUse", "The origin access control is in use.", 409)
    del items[item.id]
    return {}


@override("cloudfront", "ListOriginAccessControls")
def list_controls(call, request):
    items = [{"Description": "", **item.config, "Id": item.id} for item in store(call).access_controls.values()]
    return {"OriginAccessControlList": listed(items, request)}


def _policy(item: Item) -> dict:
    return {"Id": item.id, "LastModifiedTime": item.changed, "CachePolicyConfig": copy.deepcopy(item.config)}


def _check_policy(config: dict) -> None:
    check_quantities(config)
    # API_CachePolicyConfig.html: what is kept at least is at most what is kept at most.
    least, default, most = (config.get(name) for name in ("MinTTL", "DefaultTTL", "MaxTTL"))
    if default is not None and most is not None and not int(least) <= int(default) <= int(most):
        raise error("InvalidArgument", "The parameter DefaultTTL must lie between MinTTL and MaxTTL.")
    parameters = config.get("ParametersInCacheKeyAndForwardedToOrigin") or {}
    for part, behavior, listed_as in (
        ("HeadersConfig", "HeaderBehavior", "Headers"),
        ("CookiesConfig", "CookieBehavior", "Cookies"),
        ("QueryStringsConfig", "QueryStringBehavior", "QueryStrings"),
    ):
        given = parameters.get(part) or {}
        needs = given.get(behavior) in ("whitelist", "allExcept")
        if needs != bool(names(given.get(listed_as))):
            raise error("InvalidArgument", f"The parameter {listed_as} does not fit {behavior}.")


# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateCachePolicy.html: names are unique.
@override("cloudfront", "CreateCachePolicy")
def create_policy(call, request):
    items, config = store(call).cache_policies, request["CachePolicyConfig"]
    _check_policy(config)
    _unique(items, config, "CachePolicyAlreadyExists")
    name = new_id()
    item = items[name] = Item(name, f"arn:aws:cloudfront::{call.account}:cache-policy/{name}", copy.deepcopy(config))
    return {"CachePolicy": _policy(item), "ETag": item.etag}


@override("cloudfront", "GetCachePolicy")
def get_policy(call, request):
    item = get(store(call).cache_policies, request["Id"], NO_POLICY)
    return {"CachePolicy": _policy(item), "ETag": item.etag}


@override("cloudfront", "UpdateCachePolicy")
def update_policy(call, request):
    items, config = store(call).cache_policies, request["CachePolicyConfig"]
    item = matched(get(items, request["Id"], NO_POLICY), request)
    _check_policy(config)
    _unique(items, config, "CachePolicyAlreadyExists", item.id)
    item.set(config)
    return {"CachePolicy": _policy(item), "ETag": item.etag}


@override("cloudfront", "DeleteCachePolicy")
def delete_policy(call, request):
    items = store(call).cache_policies
    item = matched(get(items, request["Id"], NO_POLICY), request)
    if used_by(call, lambda config: any(b.get("CachePolicyId") == item.id for b in behaviors(config))):
        raise error("CachePolicyInUse", "The cache policy is attached to one or more distributions.", 409)
    del items[item.id]
    return {}


@override("cloudfront", "ListCachePolicies")
def list_policies(call, request):
    own = request.get("Type") != "managed"
    items = [{"Type": "custom", "CachePolicy": _policy(item)} for item in store(call).cache_policies.values() if own]
    answer = listed(items, request)
    return {"CachePolicyList": {key: value for key, value in answer.items() if key not in ("Marker", "IsTruncated")}}
