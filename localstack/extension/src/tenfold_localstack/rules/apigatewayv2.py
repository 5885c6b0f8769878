"""VPC links, which REST APIs also use, and stage updates.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/vpclinks.html: A link is PENDING before it is AVAILABLE,
and DELETING until it is deleted. Its subnets and security groups cannot be changed.
"""

import random
import re
import string
from datetime import datetime, timezone

from moto.apigatewayv2.models import apigatewayv2_backends
from moto.ec2.models import ec2_backends

from .. import clock
from ..lists import answer
from ..overrides import error, override

_links: dict[tuple[str, str], dict[str, dict]] = {}


def _links_of(call) -> dict[str, dict]:
    return _links.setdefault((call.account, call.region), {})


def _link(call, link_id: str) -> dict:
    found = _links_of(call).get(link_id)
    if found is None:
        raise error("NotFoundException", f"Invalid VpcLink identifier specified {link_id}", 404)
    return found


@override("apigatewayv2", "CreateVpcLink")
def create_vpc_link(call, request):
    ec2 = ec2_backends[call.account][call.region]
    subnets = {subnet for zone in ec2.subnets.values() for subnet in zone}
    groups = {group for vpc in ec2.groups.values() for group in vpc}
    for known, wanted, what in (
        (subnets, request["SubnetIds"], "subnet"),
        (groups, request.get("SecurityGroupIds") or [], "security group"),
    ):
        for one in wanted:
            if one not in known:
                raise error("BadRequestException", f"The {what} ID '{one}' does not exist")
    link = {
        "VpcLinkId": "".join(random.choices(string.ascii_lowercase + string.digits, k=10)),
        "Name": request["Name"],
        "SubnetIds": list(request["SubnetIds"]),
        "SecurityGroupIds": list(request.get("SecurityGroupIds") or []),
        "Tags": dict(request.get("Tags") or {}),
        "CreatedDate": datetime.now(timezone.utc),
        "VpcLinkStatus": "PENDING",
        "VpcLinkStatusMessage": "VPC link is provisioning ENIs",
        "VpcLinkVersion": "V2",
    }
    _links_of(call)[link["VpcLinkId"]] = link

    def finish_creation():
        link.update(VpcLinkStatus="AVAILABLE", VpcLinkStatusMessage="VPC link is ready to route traffic")

    clock.later(finish_creation)
    return dict(link)


@override("apigatewayv2", "GetVpcLink")
def get_vpc_link(call, request):
    return dict(_link(call, request["VpcLinkId"]))


@override("apigatewayv2", "GetVpcLinks")
def get_vpc_links(call, request):
    size = request.get("MaxResults")
    links = [dict(link) for link in _links_of(call).values()]
    return answer("Items", links, request, int(size) if size else None, "NextToken", "BadRequestException")


@override("apigatewayv2", "UpdateVpcLink")
def update_vpc_link(call, request):
    link = _link(call, request["VpcLinkId"])
    link["Name"] = request.get("Name") or link["Name"]
    return dict(link)


@override("apigatewayv2", "DeleteVpcLink")
def delete_vpc_link(call, request):
    link = _link(call, request["VpcLinkId"])
    link.update(VpcLinkStatus="DELETING", VpcLinkStatusMessage="VPC link is deleting ENIs")
    clock.later(lambda: _links_of(call).pop(link["VpcLinkId"], None))
    return {}


def _tagged(call, arn: str) -> dict | None:
    kind, _, link_id = arn.split(":", 5)[-1].strip("/").partition("/")
    return _link(call, link_id)["Tags"] if kind == "vpclinks" else None


@override("apigatewayv2", "TagResource")
def tag_resource(call, request):
    tags = _tagged(call, request["ResourceArn"])
    if tags is None:
        return call()
    tags.update(request.get("Tags") or {})
    return {}


@override("apigatewayv2", "UntagResource")
def untag_resource(call, request):
    tags = _tagged(call, request["ResourceArn"])
    if tags is None:
        return call()
    for name in request["TagKeys"]:
        tags.pop(name, None)
    return {}


@override("apigatewayv2", "GetTags")
def get_tags(call, request):
    tags = _tagged(call, request["ResourceArn"])
    return call() if tags is None else {"Tags": dict(tags)}


# https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html: Members that are not
# given stay unchanged.
@override("apigatewayv2", "UpdateStage")
def update_stage(call, request):
    api = apigatewayv2_backends[call.account][call.region].apis.get(request["ApiId"])
    stage = api and api.stages.get(request["StageName"])
    if not stage:
        raise error("NotFoundException", f"Unable to find Stage by name {request['StageName']}", 404)
    shape = call.context.operation.input_shape
    for name, value in request.items():
        if name not in ("ApiId", "StageName"):
            setattr(stage, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(), _to_moto(value, shape.members[name]))
    stage.updated = datetime.now()
    return _from_moto(stage.to_json(), call.context.operation.output_shape)


def _to_moto(value, shape):
    """Converts a value to moto's format: member names start with a lowercase letter, map keys are unchanged."""
    if shape.type_name == "structure":
        return {name[0].lower() + name[1:]: _to_moto(inner, shape.members[name]) for name, inner in value.items()}
    return {key: _to_moto(inner, shape.value) for key, inner in value.items()} if shape.type_name == "map" else value


def _from_moto(value, shape):
    """Converts a value from moto's format to that of the service model."""
    if shape.type_name == "structure":
        named = {name[0].lower() + name[1:]: name for name in shape.members}
        return {
            named[key]: _from_moto(inner, shape.members[named[key]]) for key, inner in value.items() if key in named
        }
    return {key: _from_moto(inner, shape.value) for key, inner in value.items()} if shape.type_name == "map" else value
