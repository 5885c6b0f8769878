"""Subnet groups, parameter groups, and tags."""

from ... import tags
from ...overrides import error, override
from . import engines
from .store import (
    Group,
    instance,
    invalid,
    invalid_combination,
    is_default,
    paged,
    parameter_group,
    store,
    subnet_group,
)


def _subnets(call, ids: list[str]) -> list[dict]:
    """Returns the items of the subnets.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html: They must be in at least two
    Availability Zones.
    """
    known = {subnet.id: subnet for zone in store(call).ec2.subnets.values() for subnet in zone.values()}
    missing = [one for one in ids if one not in known]
    if missing:
        raise error("InvalidSubnet", f"The subnet IDs {missing} do not exist")
    subnets = [known[one] for one in ids]
    if len({one.vpc_id for one in subnets}) > 1:
        raise error("InvalidSubnet", "The subnets are not all in the same VPC")
    if len({one.availability_zone for one in subnets}) < 2:
        raise error(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Add subnets to cover at least 2 AZs.",
        )
    return [
        {
            "SubnetIdentifier": one.id,
            "SubnetAvailabilityZone": {"Name": one.availability_zone},
            "SubnetStatus": "Active",
        }
        for one in subnets
    ]


def _vpc(call, subnets: list[dict]) -> str:
    return store(call).ec2.get_subnet(subnets[0]["SubnetIdentifier"]).vpc_id


@override("rds", "CreateDBSubnetGroup")
def create_subnet_group(call, request):
    name, here = request["DBSubnetGroupName"].lower(), store(call)
    if name == "default":
        raise invalid("The parameter DBSubnetGroupName must not be 'default'")
    if name in here.subnet_groups:
        raise error("DBSubnetGroupAlreadyExists", f"The DB subnet group '{name}' already exists.")
    subnets = _subnets(call, request["SubnetIds"])
    item = {
        "DBSubnetGroupName": name,
        "DBSubnetGroupDescription": request["DBSubnetGroupDescription"],
        "VpcId": _vpc(call, subnets),
        "SubnetGroupStatus": "Complete",
        "Subnets": subnets,
        "DBSubnetGroupArn": here.arn(f"subgrp:{name}"),
        "SupportedNetworkTypes": ["IPV4"],
    }
    here.subnet_groups[name] = Group(item, item["DBSubnetGroupArn"], tags.to_dict(request))
    return {"DBSubnetGroup": item}


# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html: By default, the subnet group is
# that of the default VPC, which RDS creates on first use.
def subnet_group_or_default(call, name: str | None) -> Group:
    here = store(call)
    zones = here.ec2.subnets.values()
    ids = [one.id for zone in zones for one in zone.values() if str(one.default_for_az).lower() == "true"]
    if (name or "default").lower() == "default" and "default" not in here.subnet_groups and ids:
        item = {
            "DBSubnetGroupName": "default",
            "DBSubnetGroupDescription": "default",
            "SubnetGroupStatus": "Complete",
            "Subnets": _subnets(call, ids),
            "DBSubnetGroupArn": here.arn("subgrp:default"),
            "SupportedNetworkTypes": ["IPV4"],
        }
        item["VpcId"] = _vpc(call, item["Subnets"])
        here.subnet_groups["default"] = Group(item, item["DBSubnetGroupArn"], {})
    return subnet_group(call, name or "default")


@override("rds", "DescribeDBSubnetGroups")
def describe_subnet_groups(call, request):
    name, known = request.get("DBSubnetGroupName"), store(call).subnet_groups
    found = [subnet_group(call, name)] if name else [known[key] for key in sorted(known)]
    return paged(request, [one.item for one in found], "DBSubnetGroups")


@override("rds", "ModifyDBSubnetGroup")
def modify_subnet_group(call, request):
    group, here = subnet_group(call, request["DBSubnetGroupName"]), store(call)
    subnets = _subnets(call, request["SubnetIds"])
    wanted = {one["SubnetIdentifier"] for one in subnets}
    for one in here.instances.values():
        if one.subnet_group == group.item["DBSubnetGroupName"]:
            used = {here.ec2.enis[name].subnet_id for name in one.interfaces if name in here.ec2.enis}
            if used - wanted:
                raise error("SubnetAlreadyInUse", f"{sorted(used - wanted)} are in use by {one.name}")
    group.item["Subnets"] = subnets
    description = request.get("DBSubnetGroupDescription")
    group.item["DBSubnetGroupDescription"] = description or group.item["DBSubnetGroupDescription"]
    return {"DBSubnetGroup": group.item}


@override("rds", "DeleteDBSubnetGroup")
def delete_subnet_group(call, request):
    group, here = subnet_group(call, request["DBSubnetGroupName"]), store(call)
    name = group.item["DBSubnetGroupName"]
    users = [one.name for one in here.instances.values() if one.subnet_group == name]
    if users:
        raise error(
            "InvalidDBSubnetGroupStateFault",
            f"Cannot delete the subnet group '{name}' because at least one database instance: {users[0]} is still using it.",
        )
    del here.subnet_groups[name]
    return {}


@override("rds", "CreateDBParameterGroup")
def create_parameter_group(call, request):
    name, here = request["DBParameterGroupName"].lower(), store(call)
    family = request["DBParameterGroupFamily"]
    if family not in engines.families():
        raise invalid(f"ParameterGroupFamily {family} is not a valid parameter group family")
    if name in here.parameter_groups:
        raise error("DBParameterGroupAlreadyExists", f"Parameter group {name} already exists")
    item = {
        "DBParameterGroupName": name,
        "DBParameterGroupFamily": family,
        "Description": request["Description"],
        "DBParameterGroupArn": here.arn(f"pg:{name}"),
    }
    here.parameter_groups[name] = Group(item, item["DBParameterGroupArn"], tags.to_dict(request))
    return {"DBParameterGroup": item}


@override("rds", "DescribeDBParameterGroups")
def describe_parameter_groups(call, request):
    name, known = request.get("DBParameterGroupName"), store(call).parameter_groups
    found = [parameter_group(call, name)] if name else [known[key] for key in sorted(known)]
    return paged(request, [one.item for one in found], "DBParameterGroups")


@override("rds", "DescribeDBParameters")
def describe_parameters(call, request):
    group = parameter_group(call, request["DBParameterGroupName"])
    types = engines.parameters(group.item["DBParameterGroupFamily"])
    items = [
        {
            "ParameterName": name,
            "Source": "user" if name in group.parameters else "engine-default",
            "ApplyType": kind,
            "DataType": "string",
            "IsModifiable": True,
            "ApplyMethod": "immediate" if kind == "dynamic" else "pending-reboot",
        }
        | ({"ParameterValue": group.parameters[name]} if name in group.parameters else {})
        for name, kind in sorted(types.items())
    ]
    source = request.get("Source")
    return paged(request, [one for one in items if not source or one["Source"] == source], "Parameters")


def _check_parameters(group: Group, parameters: list[dict]) -> None:
    """Checks the parameters of a request.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html: At most 20 parameters. A
    static parameter takes effect only after a reboot.
    """
    if not 1 <= len(parameters) <= 20:
        raise invalid("A maximum of 20 parameters can be modified in a single request")
    types = engines.parameters(group.item["DBParameterGroupFamily"])
    for one in parameters:
        name = one.get("ParameterName")
        if name not in types:
            raise invalid(f"Could not find parameter with name: {name}")
        if types[name] == "static" and one.get("ApplyMethod") != "pending-reboot":
            raise invalid_combination(f"cannot use immediate apply method for static parameter: {name}")


def _changeable_group(call, request) -> Group:
    name = request["DBParameterGroupName"]
    if is_default(name):
        raise invalid(f"The parameter group {name} is a default one, and cannot be changed.")
    return parameter_group(call, name)


@override("rds", "ModifyDBParameterGroup")
def modify_parameter_group(call, request):
    group = _changeable_group(call, request)
    _check_parameters(group, request["Parameters"])
    for one in request["Parameters"]:
        if one.get("ParameterValue") is None:
            raise invalid(f"The parameter {one['ParameterName']} has no value")
        group.parameters[one["ParameterName"]] = one["ParameterValue"]
    return {"DBParameterGroupName": group.item["DBParameterGroupName"]}


@override("rds", "ResetDBParameterGroup")
def reset_parameter_group(call, request):
    group = _changeable_group(call, request)
    if request.get("ResetAllParameters", True):
        group.parameters.clear()
    else:
        _check_parameters(group, request.get("Parameters") or [])
        for one in request["Parameters"]:
            group.parameters.pop(one["ParameterName"], None)
    return {"DBParameterGroupName": group.item["DBParameterGroupName"]}


@override("rds", "DeleteDBParameterGroup")
def delete_parameter_group(call, request):
    here = store(call)
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBParameterGroup.html
    name = _changeable_group(call, request).item["DBParameterGroupName"]
    if any(one.parameter_group == name for one in here.instances.values()):
        raise error(
            "InvalidDBParameterGroupState",
            "One or more database instances are still members of this parameter group, so the group cannot be deleted",
        )
    del here.parameter_groups[name]
    return {}


def _tagged(call, arn: str) -> dict | None:
    """Returns the tags of the resource with this ARN; None if moto stores the resource."""
    kind, _, name = arn.split(":", 5)[-1].partition(":")
    finders = {"subgrp": subnet_group, "pg": parameter_group, "db": instance}
    return finders[kind](call, name).tags if kind in finders else None


@override("rds", "ListTagsForResource")
def list_tags(call, request):
    found = _tagged(call, request["ResourceName"])
    return call() if found is None else {"TagList": tags.to_list(found)}


@override("rds", "AddTagsToResource")
def add_tags(call, request):
    found = _tagged(call, request["ResourceName"])
    if found is None:
        return call()
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html
    if len(found | tags.to_dict(request)) > tags.MAX_TAGS:
        raise invalid("You cannot have more than 50 tags")
    found.update(tags.to_dict(request))
    return {}


@override("rds", "RemoveTagsFromResource")
def remove_tags(call, request):
    found = _tagged(call, request["ResourceName"])
    if found is None:
        return call()
    for key in request["TagKeys"]:
        found.pop(key, None)
    return {}
