"""Launch templates and their versions."""

import copy

from moto.ec2.utils import convert_tag_spec, parse_user_data

from ... import tokens
from ...lists import page
from ...overrides import error, override
from . import backend
from .describe import listing


def _template(call, request):
    ec2, template_id, name = backend(call), request.get("LaunchTemplateId"), request.get("LaunchTemplateName")
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    if template_id:
        if template_id not in ec2.launch_templates:
            raise error(
                "InvalidLaunchTemplateId.NotFound",
                f"The specified launch template, with template ID {template_id}, does not exist.",
            )
        return ec2.launch_templates[template_id]
    if name:
        if name not in ec2.launch_template_name_to_ids:
            raise error(
                "InvalidLaunchTemplateName.NotFoundException",
                f"The specified launch template, with template name {name}, does not exist.",
            )
        return ec2.launch_templates[ec2.launch_template_name_to_ids[name]]
    raise error("MissingParameter", "The request must contain the parameter LaunchTemplateId or LaunchTemplateName.")


def _version(template, number: str):
    if number in ("$Latest", "$Default") or (number.isdigit() and 1 <= int(number) <= len(template.versions)):
        version = template.get_version(number)
        if not _is_deleted(version):
            return version
    raise error(
        "InvalidLaunchTemplateId.VersionNotFound",
        f"Could not find launch template version {number} for launch template {template.id}.",
    )


def _is_deleted(version) -> bool:
    """Version numbers are never reused, so a deleted version stays in the list."""
    return getattr(version, "deleted", False)


def _store(version, data: dict) -> None:
    """Stores exactly the requested data. LocalStack would add the template's own tags to it."""
    version.requested = copy.deepcopy(data)
    version.data = copy.deepcopy(data)
    version.data["UserData"] = parse_user_data(data.get("UserData"))
    version.instance_tags = convert_tag_spec(data.get("TagSpecifications") or []).get("instance", {})


def _described(call, template, version) -> dict:
    data = getattr(version, "requested", version.data)
    return {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "VersionNumber": version.number,
        "VersionDescription": version.description or None,
        "CreateTime": version.create_time,
        "CreatedBy": f"arn:aws:iam::{call.account}:root",
        "DefaultVersion": template.is_default(version),
        "LaunchTemplateData": copy.deepcopy(data),
    }


@override("ec2", "CreateLaunchTemplate")
def create_launch_template(call, request):
    def create():
        answer = call({name: value for name, value in request.items() if name != "ClientToken"})
        template = backend(call).launch_templates[answer["LaunchTemplate"]["LaunchTemplateId"]]
        _store(template.versions[0], request["LaunchTemplateData"])
        return answer

    return tokens.once(call, request, create)


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html: With SourceVersion, the
# new version takes the parameters of the source version that the request does not set.
@override("ec2", "CreateLaunchTemplateVersion")
def create_launch_template_version(call, request):
    def create():
        template, data = _template(call, request), dict(request.get("LaunchTemplateData") or {})
        if request.get("SourceVersion"):
            source = _version(template, request["SourceVersion"])
            data = {**copy.deepcopy(getattr(source, "requested", source.data)), **data}
        version = template.create_version({}, request.get("VersionDescription"))
        _store(version, data)
        return {"LaunchTemplateVersion": _described(call, template, version)}

    return tokens.once(call, request, create)


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplateVersions.html: Without a template,
# Versions must be $Latest, $Default or both, and the response covers all templates.
@override("ec2", "DescribeLaunchTemplateVersions")
def describe_launch_template_versions(call, request):
    wanted = request.get("Versions") or []
    if request.get("LaunchTemplateId") or request.get("LaunchTemplateName"):
        template = _template(call, request)
        if wanted:
            found = {
                (template.id, _version(template, number).number): (template, _version(template, number))
                for number in wanted
            }
            found = list(found.values())
        else:
            low, high = int(request.get("MinVersion") or 1), int(request.get("MaxVersion") or len(template.versions))
            found = [
                (template, version)
                for version in reversed(template.versions)
                if low <= version.number <= high and not _is_deleted(version)
            ]
    elif wanted and set(wanted) <= {"$Latest", "$Default"}:
        found = []
        for template in backend(call).launch_templates.values():
            versions = {_version(template, number).number: _version(template, number) for number in wanted}
            found += [(template, version) for version in versions.values()]
    else:
        raise error(
            "InvalidParameterValue" if wanted else "MissingParameter",
            "Without a launch template, Versions must be $Latest, $Default or both.",
        )
    # The service model limits MaxResults to 200 for this operation.
    found, token = page(found, request.get("MaxResults") or 200, request.get("NextToken"))
    answer = {"LaunchTemplateVersions": [_described(call, template, version) for template, version in found]}
    return answer | ({"NextToken": token} if token else {})


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteLaunchTemplateVersions.html: The default version
# cannot be deleted. The response lists versions that could not be deleted; it is not an error.
@override("ec2", "DeleteLaunchTemplateVersions")
def delete_launch_template_versions(call, request):
    template = _template(call, request)
    identity = {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name}
    done, failed = [], []
    for number in request["Versions"]:
        item = identity | {"VersionNumber": int(number)}
        exists = 1 <= int(number) <= len(template.versions) and not _is_deleted(template.get_version(number))
        if not exists:
            problem = {"Code": "launchTemplateVersionDoesNotExist", "Message": f"Version {number} does not exist."}
            failed.append(item | {"ResponseError": problem})
        elif int(number) == template.default_version_number:
            problem = {"Code": "unexpectedError", "Message": "The default version cannot be deleted."}
            failed.append(item | {"ResponseError": problem})
        else:
            template.get_version(number).deleted = True
            done.append(item)
    return {
        "SuccessfullyDeletedLaunchTemplateVersions": done,
        "UnsuccessfullyDeletedLaunchTemplateVersions": failed,
    }


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyLaunchTemplate.html
@override("ec2", "ModifyLaunchTemplate")
def modify_launch_template(call, request):
    template = _template(call, request)
    if request.get("DefaultVersion"):
        template.default_version_number = _version(template, request["DefaultVersion"]).number
    return {"LaunchTemplate": _summary(call, template)}


@override("ec2", "DeleteLaunchTemplate")
def delete_launch_template(call, request):
    template = _template(call, request)
    answer = {"LaunchTemplate": _summary(call, template)}
    backend(call).delete_launch_template(None, template.id)
    return answer


def _summary(call, template) -> dict:
    return {
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "CreateTime": template.create_time,
        "CreatedBy": f"arn:aws:iam::{call.account}:root",
        "DefaultVersionNumber": template.default_version_number,
        "LatestVersionNumber": template.latest_version_number,
        "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in template.get_tags()],
    }


# LocalStack's own list stops after fifteen templates.
@listing("DescribeLaunchTemplates")
def list_launch_templates(call, request) -> list[dict]:
    ec2 = backend(call)
    named = [
        _template(call, {"LaunchTemplateId": template_id}) for template_id in request.get("LaunchTemplateIds") or []
    ]
    named += [_template(call, {"LaunchTemplateName": name}) for name in request.get("LaunchTemplateNames") or []]
    return [_summary(call, template) for template in named or ec2.launch_templates.values()]
