"""Parameter Store."""

import re

from moto.ssm.models import ssm_backends

from ..lists import page
from ..overrides import error, override

# https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
_MAX_BYTES = {"Standard": 4096, "Advanced": 8192}
_TYPES = ("String", "StringList", "SecureString")


def _current(call, name: str):
    """Returns the newest version of a parameter, or None."""
    backend = ssm_backends[call.account][call.region]
    versions = backend._parameters.get(name) or []
    return versions[-1] if versions else None


# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
@override("ssm", "PutParameter")
def put_parameter(call, request):
    name, value, before = request["Name"], request.get("Value") or "", _current(call, request["Name"])
    _check_name(name)
    overwrite = bool(request.get("Overwrite"))
    if overwrite and request.get("Tags"):
        raise error(
            "ValidationException",
            "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please "
            "remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or "
            "RemoveTagsFromResource.",
        )
    if before is None and request.get("Type") not in _TYPES:
        raise error("ValidationException", "A parameter type is required when you create a parameter.")
    if before is not None and not overwrite:
        raise error(
            "ParameterAlreadyExists",
            "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
        )
    tier = _tier(request, before, len(value.encode()))
    if len(value.encode()) > _MAX_BYTES[tier]:
        raise error(
            "ValidationException",
            f"{tier} tier parameters support a maximum parameter value of {_MAX_BYTES[tier]} characters.",
        )
    if "{{" in value:
        raise error(
            "ValidationException",
            'Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.',
        )
    answer = call()
    _current(call, name).tier = tier
    return answer | {"Tier": tier}


def _tier(request: dict, before, size: int) -> str:
    """Returns the parameter's tier after the request.

    An advanced parameter can become standard only by deleting and recreating it.
    """
    had, wanted = getattr(before, "tier", None), request.get("Tier")
    if wanted == "Intelligent-Tiering":
        wanted = "Advanced" if had == "Advanced" or size > _MAX_BYTES["Standard"] else "Standard"
    if had == "Advanced" and wanted == "Standard":
        raise error(
            "ValidationException",
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the "
            "advanced-parameter tier to the standard-parameter tier.",
        )
    return wanted or had or "Standard"


# https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html: Letters, digits and .-_
# between slashes, up to 15 levels, and no name that starts with aws or ssm.
def _check_name(name: str) -> None:
    if not re.fullmatch(r"/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*", name) or re.match(r"/?(aws|ssm)", name, re.IGNORECASE):
        raise error(
            "ValidationException",
            'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of '
            "sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the "
            "following 3 symbols .-_",
        )
    if "/" in name and not name.startswith("/"):
        raise error("ValidationException", "Parameter name must be a fully qualified name.")
    if name.count("/") > 15:
        raise error("HierarchyLevelLimitExceededException", f"A hierarchy can have a maximum of 15 levels: {name}")


# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html: Up to 10 parameters a
# page, and no token after the last page.
@override("ssm", "GetParametersByPath")
def get_parameters_by_path(call, request):
    size = request.get("MaxResults") or 10
    if not 1 <= size <= 10:
        raise error("ValidationException", f"Value '{size}' at 'maxResults' failed to satisfy constraint: 1 to 10.")
    if not request["Path"].startswith("/"):
        raise error("ValidationException", "The parameter path must begin with a slash.")
    found, token = [], None
    while True:
        step = {name: value for name, value in request.items() if name not in ("NextToken", "MaxResults")}
        answer = call(step | ({"NextToken": token} if token else {}))
        found += answer.get("Parameters") or []
        token = answer.get("NextToken")
        if not token:
            break
    found.sort(key=lambda parameter: parameter["Name"])
    items, following = page(found, size, request.get("NextToken"), bad_token="InvalidNextToken")
    return {"Parameters": items} | ({"NextToken": following} if following else {})


# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html: Up to 10 names. Missing
# parameters are returned as invalid.
@override("ssm", "DeleteParameters")
def delete_parameters(call, request):
    names = request["Names"]
    if not 1 <= len(names) <= 10:
        raise error("ValidationException", "Value at 'names' failed to satisfy constraint: 1 to 10 members.")
    missing = [name for name in names if _current(call, name) is None]
    answer = call()
    return {"DeletedParameters": answer.get("DeletedParameters") or [], "InvalidParameters": missing}


# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html: 50 tags at most. A missing
# parameter is InvalidResourceId.
@override("ssm", "AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource")
def tags_of(call, request):
    if request["ResourceType"] != "Parameter":
        return call()
    name = request["ResourceId"]
    if _current(call, name) is None:
        raise error("InvalidResourceId", f"The resource ID '{name}' is not valid. Verify the ID and try again.")
    if call.operation == "AddTagsToResource":
        backend = ssm_backends[call.account][call.region]
        tags = backend.list_tags_for_resource("Parameter", name)
        if len(set(tags) | {tag["Key"] for tag in request["Tags"]}) > 50:
            raise error("TooManyTagsError", "The Targets parameter includes too many tags.")
    return call()
