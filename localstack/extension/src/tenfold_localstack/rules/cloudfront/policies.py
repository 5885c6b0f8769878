"""Origin access controls, and policies for caches, origin requests and response headers.

Distributions reference them by ID, and they cannot be deleted while in use. Names are unique:
https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateOriginAccessControl.html,
API_CreateCachePolicy.html, API_CreateOriginRequestPolicy.html and API_CreateResponseHeadersPolicy.html in the same
place.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass

from ...overrides import error, override
from . import (
    Item,
    behaviors,
    check_quantities,
    check_version,
    distributions_using,
    get,
    items_of,
    managed,
    new_id,
    paged,
    store,
)


@dataclass(frozen=True)
class _Kind:
    noun: str  # in the names of operations, members and errors
    store_name: str  # attribute of the store
    arn_type: str  # resource type in the ARN
    uses: Callable[[dict, str], bool]  # whether a distribution's configuration references an ID
    check: Callable[[dict], None]

    def described(self, item: Item) -> dict:
        changed = {"LastModifiedTime": item.changed} if self.noun.endswith("Policy") else {}
        return {"Id": item.id, **changed, f"{self.noun}Config": copy.deepcopy(item.config)}

    def answer(self, item: Item) -> dict:
        return {self.noun: self.described(item), "ETag": item.etag}

    def items(self, call) -> dict[str, Item]:
        return getattr(store(call), self.store_name)

    def item(self, call, request) -> Item:
        return get(self.items(call), request["Id"], f"NoSuch{self.noun}")

    def checked(self, call, config: dict, own: str | None = None) -> dict:
        self.check(config)
        for item in self.items(call).values():
            if item.config["Name"] == config["Name"] and item.id != own:
                raise error(f"{self.noun}AlreadyExists", f"The name {config['Name']} is taken by {item.id}.", 409)
        return config


def _register_operations(kind: _Kind) -> None:
    """Registers the operations to create, get, update and delete, which are the same for all types."""

    @override("cloudfront", f"Create{kind.noun}")
    def create(call, request):
        config, name = kind.checked(call, request[f"{kind.noun}Config"]), new_id()
        item = Item(name, f"arn:aws:cloudfront::{call.account}:{kind.arn_type}/{name}", copy.deepcopy(config))
        kind.items(call)[name] = item
        return kind.answer(item)

    @override("cloudfront", f"Get{kind.noun}")
    def read(call, request):
        return kind.answer(kind.item(call, request))

    @override("cloudfront", f"Get{kind.noun}Config")
    def read_config(call, request):
        item = kind.item(call, request)
        return {f"{kind.noun}Config": copy.deepcopy(item.config), "ETag": item.etag}

    @override("cloudfront", f"Update{kind.noun}")
    def update(call, request):
        item = check_version(kind.item(call, request), request)
        item.set(kind.checked(call, request[f"{kind.noun}Config"], item.id))
        return kind.answer(item)

    @override("cloudfront", f"Delete{kind.noun}")
    def delete(call, request):
        item = check_version(kind.item(call, request), request)
        if distributions_using(call, lambda config: kind.uses(config, item.id)):
            raise error(f"{kind.noun}InUse", "It is attached to one or more distributions.", 409)
        del kind.items(call)[item.id]
        return {}


def _behavior_names(member: str) -> Callable[[dict, str], bool]:
    return lambda config, name: any(behavior.get(member) == name for behavior in behaviors(config))


def _origin_names(config: dict, name: str) -> bool:
    return any(origin.get("OriginAccessControlId") == name for origin in items_of(config["Origins"]))


def _check_cache_policy(config: dict) -> None:
    check_quantities(config)
    # API_CachePolicyConfig.html: MinTTL is at most DefaultTTL, which is at most MaxTTL.
    least, default, most = (config.get(name) for name in ("MinTTL", "DefaultTTL", "MaxTTL"))
    if default is not None and most is not None and not int(least) <= int(default) <= int(most):
        raise error("InvalidArgument", "The parameter DefaultTTL must lie between MinTTL and MaxTTL.")
    _check_lists(config.get("ParametersInCacheKeyAndForwardedToOrigin") or {})


def _check_lists(parameters: dict) -> None:
    """A list is required by the behaviors that use one, and refused with the others."""
    for part, behavior, listed_as in (
        ("HeadersConfig", "HeaderBehavior", "Headers"),
        ("CookiesConfig", "CookieBehavior", "Cookies"),
        ("QueryStringsConfig", "QueryStringBehavior", "QueryStrings"),
    ):
        given = parameters.get(part) or {}
        needs = given.get(behavior) in ("whitelist", "allExcept")
        if needs != bool(items_of(given.get(listed_as))):
            raise error("InvalidArgument", f"The parameter {listed_as} does not fit {behavior}.")


_CONTROL = _Kind("OriginAccessControl", "access_controls", "origin-access-control", _origin_names, lambda config: None)
_POLICIES = [
    _Kind("CachePolicy", "cache_policies", "cache-policy", _behavior_names("CachePolicyId"), _check_cache_policy),
    _Kind(
        "OriginRequestPolicy",
        "request_policies",
        "origin-request-policy",
        _behavior_names("OriginRequestPolicyId"),
        _check_lists,
    ),
    _Kind(
        "ResponseHeadersPolicy",
        "response_policies",
        "response-headers-policy",
        _behavior_names("ResponseHeadersPolicyId"),
        check_quantities,
    ),
]


@override("cloudfront", "ListOriginAccessControls")
def list_controls(call, request):
    items = [{"Description": "", **item.config, "Id": item.id} for item in _CONTROL.items(call).values()]
    return {"OriginAccessControlList": paged(items, request)}


def _register_list(kind: _Kind) -> None:
    many = kind.noun.removesuffix("y") + "ies"

    @override("cloudfront", f"List{many}")
    def list_policies(call, request):
        own = request.get("Type") != "managed"
        items = [{"Type": "custom", kind.noun: kind.described(one)} for one in kind.items(call).values() if own]
        answer = paged(items, request)
        return {f"{kind.noun}List": {key: answer[key] for key in answer if key not in ("Marker", "IsTruncated")}}


_register_operations(_CONTROL)
for _kind in _POLICIES:
    _register_operations(_kind)
    _register_list(_kind)


def check_behavior(call, behavior: dict) -> None:
    """The policies that a behavior references must exist: the account's own, or AWS managed ones."""
    for kind in _POLICIES:
        name = behavior.get(f"{kind.noun}Id")
        if name and name not in managed.POLICIES[kind.noun] and name not in kind.items(call):
            raise error(f"NoSuch{kind.noun}", f"The policy does not exist: {name}", 404)
