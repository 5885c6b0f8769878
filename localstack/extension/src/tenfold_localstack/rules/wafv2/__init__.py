"""WAF: web ACLs and IP sets with lock tokens, stored here instead of in moto.

Rules follow https://docs.aws.amazon.com/waf/latest/APIReference/ and
https://docs.aws.amazon.com/waf/latest/developerguide/.
"""

import re
import uuid
from collections import defaultdict

from ...lists import answer
from ...overrides import error

# By account and region (`global` for CloudFront), then by ARN.
web_acls: dict[tuple, dict[str, dict]] = defaultdict(dict)
ip_sets: dict[tuple, dict[str, dict]] = defaultdict(dict)
# The ARN of the web ACL by the ARN of the resource it protects.
protected_by: dict[tuple, dict[str, str]] = defaultdict(dict)
# By the ARN of the web ACL.
logging_configs: dict[tuple, dict[str, dict]] = defaultdict(dict)


def not_found(what: str = "") -> Exception:
    return error(
        "WAFNonexistentItemException",
        f"AWS WAF couldn't perform the operation because your resource doesn't exist. {what}".strip(),
    )


def invalid(reason: str, field: str, parameter: str = "") -> Exception:
    return error("WAFInvalidParameterException", f"Error reason: {reason}, field: {field}, parameter: {parameter}")


# https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html: Resources with the scope CLOUDFRONT are in
# us-east-1.
def scope_key(call, scope: str) -> tuple:
    if scope not in ("CLOUDFRONT", "REGIONAL"):
        raise invalid("The scope is not valid.", "SCOPE_VALUE", scope)
    if scope == "CLOUDFRONT" and call.region != "us-east-1":
        raise invalid("The scope is not valid.", "SCOPE_VALUE", scope)
    return call.account, "global" if scope == "CLOUDFRONT" else call.region


def scope_key_of_arn(call, arn: str) -> tuple:
    found = re.fullmatch(r"arn:[\w-]+:wafv2:([\w-]+):\d+:(global|regional)/.+", arn or "")
    if not found:
        raise invalid("The ARN isn't valid.", "RESOURCE_ARN", arn)
    return scope_key(call, "CLOUDFRONT" if found[2] == "global" else "REGIONAL")


def new_arn(call, scope: str, kind: str, name: str, identifier: str) -> str:
    part = "global" if scope == "CLOUDFRONT" else "regional"
    return f"arn:aws:wafv2:{call.region}:{call.account}:{part}/{kind}/{name}/{identifier}"


def tagged(call) -> dict[str, dict[str, str]]:
    """Returns tags by ARN. Resources with the scope CLOUDFRONT are listed in us-east-1."""
    keys = [(call.account, call.region)] + [(call.account, "global")] * (call.region == "us-east-1")
    stored = [*(web_acls[one] for one in keys), *(ip_sets[one] for one in keys)]
    return {arn: item["tags"] for items in stored for arn, item in items.items()}


def token() -> str:
    return str(uuid.uuid4())


def find(store: dict[str, dict], request: dict) -> dict:
    for item in store.values():
        if item["Name"] == request["Name"] and item["Id"] == request["Id"]:
            return item
    raise not_found()


def check_lock(item: dict, request: dict) -> None:
    if item["LockToken"] != request["LockToken"]:
        raise error(
            "WAFOptimisticLockException",
            "AWS WAF couldn't save your changes because you tried to update or delete a resource that has changed "
            "since you last retrieved it. Get the resource again, make any changes you need to make to the new copy, "
            "and retry your operation.",
        )


def in_use() -> Exception:
    return error(
        "WAFAssociatedItemException",
        "AWS WAF couldn't perform the operation because your resource is being used by another resource or it's "
        "associated with another resource.",
    )


def duplicate() -> Exception:
    return error(
        "WAFDuplicateItemException",
        "AWS WAF couldn't perform the operation because some resource in your request is a duplicate of an existing one.",
    )


def paged(request, items: list, member: str) -> dict:
    """Returns one page. All lists take Limit, up to 100, and NextMarker."""
    size = request.get("Limit") or 100
    return answer(member, items, request, size, "NextMarker", "WAFInvalidParameterException")


def summary(item: dict) -> dict:
    return {name: item[name] for name in ("Name", "Id", "ARN", "LockToken", "Description") if name in item}
