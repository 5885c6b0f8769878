"""IP sets, and the tags of web ACLs and IP sets."""

import ipaddress
import uuid

from ... import tags
from ...overrides import error, override
from . import (
    check_lock,
    duplicate,
    find,
    in_use,
    invalid,
    ip_sets,
    new_arn,
    not_found,
    paged,
    rules,
    scope_key,
    scope_key_of_arn,
    summary,
    token,
    web_acls,
)


def _check(version: str, addresses: list[str]) -> None:
    for address in addresses:
        try:
            block = ipaddress.ip_network(address)
        except ValueError:
            block = None
        if block is None or f"IPV{block.version}" != version or block.prefixlen == 0:
            raise invalid("Your address is not valid.", "IP_ADDRESS", address)


# https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html
@override("wafv2", "CreateIPSet")
def create_ip_set(call, request):
    key, scope, name = scope_key(call, request["Scope"]), request["Scope"], request["Name"]
    if any(one["Name"] == name for one in ip_sets[key].values()):
        raise duplicate()
    _check(request["IPAddressVersion"], request["Addresses"])
    identifier = str(uuid.uuid4())
    one = {"Name": name, "Id": identifier, "ARN": new_arn(call, scope, "ipset", name, identifier)}
    one |= {"IPAddressVersion": request["IPAddressVersion"], "Addresses": list(request["Addresses"])}
    one |= {"LockToken": token(), "tags": tags.to_dict(request)}
    ip_sets[key][one["ARN"]] = one
    return {"Summary": summary(one)}


@override("wafv2", "GetIPSet")
def get_ip_set(call, request):
    one = find(ip_sets[scope_key(call, request["Scope"])], request)
    shown = {member: one[member] for member in ("Name", "Id", "ARN", "IPAddressVersion", "Addresses")}
    return {"IPSet": shown, "LockToken": one["LockToken"]}


@override("wafv2", "ListIPSets")
def list_ip_sets(call, request):
    everything = [summary(one) for one in ip_sets[scope_key(call, request["Scope"])].values()]
    return paged(request, everything, "IPSets")


@override("wafv2", "UpdateIPSet")
def update_ip_set(call, request):
    one = find(ip_sets[scope_key(call, request["Scope"])], request)
    check_lock(one, request)
    _check(one["IPAddressVersion"], request["Addresses"])
    one["Addresses"], one["LockToken"] = list(request["Addresses"]), token()
    return {"NextLockToken": one["LockToken"]}


# https://docs.aws.amazon.com/waf/latest/APIReference/API_DeleteIPSet.html: Not while a rule references the IP set.
@override("wafv2", "DeleteIPSet")
def delete_ip_set(call, request):
    key = scope_key(call, request["Scope"])
    one = find(ip_sets[key], request)
    check_lock(one, request)
    for acl in web_acls[key].values():
        if any(one["ARN"] in rules.references(rule["Statement"]) for rule in acl["Rules"]):
            raise in_use()
    del ip_sets[key][one["ARN"]]
    return {}


def _tagged(call, arn: str) -> dict:
    key = scope_key_of_arn(call, arn)
    one = web_acls[key].get(arn) or ip_sets[key].get(arn)
    if one is None:
        raise not_found()
    return one["tags"]


# https://docs.aws.amazon.com/waf/latest/APIReference/API_ListTagsForResource.html
@override("wafv2", "ListTagsForResource")
def list_tags_for_resource(call, request):
    arn = request["ResourceARN"]
    answer = paged(request, tags.to_list(dict(sorted(_tagged(call, arn).items()))), "TagList")
    return answer | {"TagInfoForResource": {"ResourceARN": arn, "TagList": answer.pop("TagList")}}


@override("wafv2", "TagResource")
def tag_resource(call, request):
    found, new = _tagged(call, request["ResourceARN"]), tags.to_dict(request)
    if len(found | new) > tags.MAX_TAGS:
        raise error("WAFLimitsExceededException", "A resource has 50 tags at most.")
    found.update(new)
    return {}


@override("wafv2", "UntagResource")
def untag_resource(call, request):
    found = _tagged(call, request["ResourceARN"])
    for key in request["TagKeys"]:
        found.pop(key, None)
    return {}
