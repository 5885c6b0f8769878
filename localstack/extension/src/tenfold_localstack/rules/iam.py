"""IAM, including how long new roles and instance profiles cannot be used yet."""

import time

from localstack.services.iam.models import iam_stores

from .. import settings
from ..lists import page
from ..overrides import error, override

# Creation time by account, operation and name.
_created: dict[tuple[str, str, str], float] = {}


# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency: Other
# services see a new role or instance profile with a delay.
def _is_visible(account: str, operation: str, name: str) -> bool:
    return time.monotonic() - _created.get((account, operation, name), 0) >= settings.get("role_lag_s")


def usable_role(account: str, region: str, arn: str) -> dict | None:
    """Returns the role if other services can already use it."""
    for one in iam_stores[account][region].ROLES.values():
        if one.role["Arn"] == arn and _is_visible(account, "CreateRole", one.role["RoleName"]):
            return one.role
    return None


def usable_profile(account: str, region: str, name: str) -> bool:
    known = iam_stores[account][region].INSTANCE_PROFILES
    return name in known and _is_visible(account, "CreateInstanceProfile", name)


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html: Pages go over all
# entities together. Roles include their tags. AWS does not document whether their instance profiles include theirs, so
# they do not here.
@override("iam", "GetAccountAuthorizationDetails")
def get_account_authorization_details(call, request):
    answer = call()
    lists = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
    everything = [(name, item) for name in lists for item in answer.get(name) or []]
    items, marker = page(everything, request.get("MaxItems") or 1000, request.get("Marker"), bad_token="InvalidInput")
    for name in lists:
        answer[name] = [item for of, item in items if of == name]
    answer["IsTruncated"] = marker is not None
    return answer | ({"Marker": marker} if marker else {})


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html: Names are unique regardless of case, but are
# returned as they were given.
@override("iam", "CreateRole", "CreateInstanceProfile")
def create_unique(call, request):
    store = iam_stores[call.account][call.region]
    member, known, kind = {
        "CreateRole": ("RoleName", store.ROLES, "Role"),
        "CreateInstanceProfile": ("InstanceProfileName", store.INSTANCE_PROFILES, "Instance Profile"),
    }[call.operation]
    name = request[member]
    if any(one.lower() == name.lower() for one in known):
        raise error("EntityAlreadyExists", f"{kind} with name {name} already exists.", 409)
    answer = call()
    _created[call.account, call.operation, name] = time.monotonic()
    return answer
