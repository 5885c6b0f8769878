"""IAM."""

from localstack.services.iam.models import iam_stores

from ..lists import page
from ..overrides import error, override


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html: pages over all entities
# together, and instance profiles of roles with their tags.
@override("iam", "GetAccountAuthorizationDetails")
def get_account_authorization_details(call, request):
    answer = call()
    tags = iam_stores[call.account][call.region].TAGS
    for role in answer.get("RoleDetailList") or []:
        for profile in role.get("InstanceProfileList") or []:
            known = tags.get_tags(profile["Arn"])
            profile["Tags"] = [{"Key": key, "Value": value} for key, value in known.items()]
    lists = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
    everything = [(name, item) for name in lists for item in answer.get(name) or []]
    items, marker = page(everything, request.get("MaxItems") or 1000, request.get("Marker"), bad_token="InvalidInput")
    for name in lists:
        answer[name] = [item for of, item in items if of == name]
    answer["IsTruncated"] = marker is not None
    return answer | ({"Marker": marker} if marker else {})


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html: names are unique whatever their case, though
# they are told as they were given.
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
    return call()
