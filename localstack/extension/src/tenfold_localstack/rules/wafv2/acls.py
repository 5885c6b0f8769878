"""Web ACLs."""

import copy
import re
import time
import uuid

from ... import tags
from ...overrides import override
from .. import cloudfront
from . import (
    check_lock,
    duplicate,
    find,
    in_use,
    invalid,
    logging_configs,
    new_arn,
    not_found,
    paged,
    protected_by,
    rules,
    scope_key,
    scope_key_of_arn,
    summary,
    token,
    web_acls,
)

_SET = ("DefaultAction", "Description", "Rules", "VisibilityConfig", "CustomResponseBodies", "CaptchaConfig")
_SET += ("ChallengeConfig", "TokenDomains", "AssociationConfig", "DataProtectionConfig")


def _fill(acl: dict, request: dict) -> None:
    for member in _SET:
        acl.pop(member, None)
        if request.get(member) is not None:
            acl[member] = copy.deepcopy(request[member])
    acl.setdefault("Rules", [])
    acl["Capacity"] = rules.capacity(acl["Rules"])
    acl["LockToken"] = token()


# https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html
@override("wafv2", "CreateWebACL")
def create_web_acl(call, request):
    key, scope, name = scope_key(call, request["Scope"]), request["Scope"], request["Name"]
    if not re.fullmatch(r"[\w-]{1,128}", name):
        raise invalid("The name is not valid.", "ENTITY_NAME", name)
    if any(acl["Name"] == name for acl in web_acls[key].values()):
        raise duplicate()
    rules.check(key, request.get("Rules") or [], request.get("CustomResponseBodies") or {})
    identifier = str(uuid.uuid4())
    acl = {"Name": name, "Id": identifier, "ARN": new_arn(call, scope, "webacl", name, identifier)}
    acl |= {"created_at": time.monotonic(), "tags": tags.to_dict(request)}
    acl["LabelNamespace"] = f"awswaf:{call.account}:webacl:{name}:"
    _fill(acl, request)
    web_acls[key][acl["ARN"]] = acl
    return {"Summary": summary(acl)}


def described(acl: dict) -> dict:
    internal = ("created_at", "tags", "LockToken")
    return {member: copy.deepcopy(value) for member, value in acl.items() if member not in internal}


@override("wafv2", "GetWebACL")
def get_web_acl(call, request):
    if request.get("ARN"):
        acl = web_acls[scope_key_of_arn(call, request["ARN"])].get(request["ARN"])
        if acl is None:
            raise not_found()
    else:
        acl = find(web_acls[scope_key(call, request["Scope"])], request)
    return {"WebACL": described(acl), "LockToken": acl["LockToken"]}


# https://docs.aws.amazon.com/waf/latest/APIReference/API_ListWebACLs.html: Up to 100 web ACLs a page.
@override("wafv2", "ListWebACLs")
def list_web_acls(call, request):
    everything = [summary(acl) for acl in web_acls[scope_key(call, request["Scope"])].values()]
    return paged(request, everything, "WebACLs")


# https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateWebACL.html: Replaces the whole configuration.
@override("wafv2", "UpdateWebACL")
def update_web_acl(call, request):
    key = scope_key(call, request["Scope"])
    acl = find(web_acls[key], request)
    check_lock(acl, request)
    rules.check(key, request.get("Rules") or [], request.get("CustomResponseBodies") or {})
    _fill(acl, request)
    return {"NextLockToken": acl["LockToken"]}


# https://docs.aws.amazon.com/waf/latest/APIReference/API_DeleteWebACL.html: Not while the web ACL protects a resource.
# Its logging configuration is deleted with it.
@override("wafv2", "DeleteWebACL")
def delete_web_acl(call, request):
    key = scope_key(call, request["Scope"])
    acl = find(web_acls[key], request)
    check_lock(acl, request)
    if acl["ARN"] in protected_by[key].values() or _distributions(call, acl["ARN"]):
        raise in_use()
    del web_acls[key][acl["ARN"]]
    logging_configs[key].pop(acl["ARN"], None)
    return {}


def _distributions(call, arn: str) -> list[str]:
    return cloudfront.arns_using(call.account, lambda config: config.get("WebACLId") == arn)


# https://docs.aws.amazon.com/waf/latest/APIReference/API_CheckCapacity.html
@override("wafv2", "CheckCapacity")
def check_capacity(call, request):
    scope_key(call, request["Scope"])
    return {"Capacity": rules.capacity(request["Rules"])}
