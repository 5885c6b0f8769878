"""Subnet groups, parameter groups, engine versions and tags."""

import re

from moto.ec2.models import ec2_backends

from ... import tags
from ...overrides import error, override
from .store import FAMILIES, VERSIONS, arn, check_name, invalid, paged, store, without_tags


# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.html: By default, the subnet group is that of the
# default VPC, which ElastiCache creates on first use.
def subnet_group(call, name: str | None) -> dict:
    if (name or "default").lower() == "default" and "default" not in store(call).subnet_groups:
        return _create_default_group(call)
    name = name or "default"
    found = store(call).subnet_groups.get(name.lower())
    if found is None:
        raise error("CacheSubnetGroupNotFoundFault", f"CacheSubnetGroup {name} not found.")
    return found


# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.html: Each family has a default group, and one
# for clusters.
_DEFAULTS = re.compile(r"default\.(.+?)(\.cluster\.on)?")


def parameter_group(call, name: str) -> dict:
    found = store(call).parameter_groups.get(name.lower())
    default = _DEFAULTS.fullmatch(name.lower())
    if default and default[1] in FAMILIES:
        return {
            "CacheParameterGroupName": name.lower(),
            "CacheParameterGroupFamily": default[1],
            "Description": f"Default parameter group for {default[1]}",
            "IsGlobal": False,
            "ARN": arn(call, "parametergroup", name.lower()),
            "Tags": {},
            "Values": {"cluster-enabled": "yes"} if default[2] else {},
        }
    if found is None:
        raise error("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.", 404)
    return found


def _groups_using(call, member: str, name: str) -> list:
    return [group for group in store(call).groups.values() if getattr(group, member) == name]


def _create_default_group(call) -> dict:
    ec2 = ec2_backends[call.account][call.region]
    ids = [
        subnet.id
        for zone in ec2.subnets.values()
        for subnet in zone.values()
        if str(subnet.default_for_az).lower() == "true"
    ]
    if not ids:
        raise error("CacheSubnetGroupNotFoundFault", "CacheSubnetGroup default not found.")
    item = {
        "CacheSubnetGroupName": "default",
        "CacheSubnetGroupDescription": "Default CacheSubnetGroup",
        "ARN": arn(call, "subnetgroup", "default"),
        "SupportedNetworkTypes": ["ipv4"],
        "Tags": {},
        **_subnets(call, ids),
    }
    store(call).subnet_groups["default"] = item
    return item


def _subnets(call, ids: list[str]) -> dict:
    ec2 = ec2_backends[call.account][call.region]
    known = {subnet.id: subnet for zone in ec2.subnets.values() for subnet in zone.values()}
    for one in ids:
        if one not in known:
            raise error("InvalidSubnet", f"The subnet ID '{one}' does not exist.")
    vpcs = {known[one].vpc_id for one in ids}
    if len(vpcs) != 1:
        raise error("InvalidSubnet", "The subnets must be in one VPC.")
    return {
        "VpcId": vpcs.pop(),
        "Subnets": [
            {
                "SubnetIdentifier": one,
                "SubnetAvailabilityZone": {"Name": known[one].availability_zone},
                "SupportedNetworkTypes": ["ipv4"],
            }
            for one in ids
        ],
    }


@override("elasticache", "CreateCacheSubnetGroup")
def create_subnet_group(call, request):
    name = request["CacheSubnetGroupName"].lower()
    if name in store(call).subnet_groups:
        raise error("CacheSubnetGroupAlreadyExists", f"Cache subnet group {name} already exists.")
    item = {
        "CacheSubnetGroupName": name,
        "CacheSubnetGroupDescription": request["CacheSubnetGroupDescription"],
        "ARN": arn(call, "subnetgroup", name),
        "SupportedNetworkTypes": ["ipv4"],
        "Tags": tags.to_dict(request),
        **_subnets(call, request["SubnetIds"]),
    }
    store(call).subnet_groups[name] = item
    return {"CacheSubnetGroup": without_tags(item)}


# https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyCacheSubnetGroup.html: A subnet with nodes
# cannot be removed.
@override("elasticache", "ModifyCacheSubnetGroup")
def modify_subnet_group(call, request):
    group = subnet_group(call, request["CacheSubnetGroupName"])
    if request.get("CacheSubnetGroupDescription") is not None:
        group["CacheSubnetGroupDescription"] = request["CacheSubnetGroupDescription"]
    if request.get("SubnetIds"):
        users = _groups_using(call, "subnet_group", group["CacheSubnetGroupName"])
        used = {node.subnet for user in users for node in user.nodes()}
        if used - set(request["SubnetIds"]):
            raise error("SubnetInUse", "Some of the subnets to be removed have nodes in them.")
        group.update(_subnets(call, request["SubnetIds"]))
    return {"CacheSubnetGroup": without_tags(group)}


@override("elasticache", "DescribeCacheSubnetGroups")
def describe_subnet_groups(call, request):
    name = request.get("CacheSubnetGroupName")
    groups = [subnet_group(call, name)] if name else store(call).subnet_groups.values()
    return paged(request, [without_tags(group) for group in groups], "CacheSubnetGroups")


@override("elasticache", "DeleteCacheSubnetGroup")
def delete_subnet_group(call, request):
    name = subnet_group(call, request["CacheSubnetGroupName"])["CacheSubnetGroupName"]
    if _groups_using(call, "subnet_group", name):
        raise error("CacheSubnetGroupInUse", f"Cache subnet group {name} is currently in use by a cache cluster.")
    del store(call).subnet_groups[name]
    return {}


# Some of the parameters in https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html, with
# the allowed values of those that have few.
_PARAMETERS = {
    "activedefrag": ("no", ["yes", "no"]),
    "activerehashing": ("yes", ["yes", "no"]),
    "close-on-replica-write": ("yes", ["yes", "no"]),
    "cluster-allow-reads-when-down": ("no", ["yes", "no"]),
    "cluster-enabled": ("no", ["yes", "no"]),
    "databases": ("16", None),
    "lazyfree-lazy-eviction": ("yes", ["yes", "no"]),
    "maxmemory-policy": (
        "volatile-lru",
        [
            "volatile-lru",
            "allkeys-lru",
            "volatile-lfu",
            "allkeys-lfu",
            "volatile-random",
            "allkeys-random",
            "volatile-ttl",
            "noeviction",
        ],
    ),
    "maxmemory-samples": ("3", None),
    "notify-keyspace-events": ("", None),
    "reserved-memory-percent": ("25", None),
    "slowlog-log-slower-than": ("10000", None),
    "slowlog-max-len": ("128", None),
    "tcp-keepalive": ("300", None),
    "timeout": ("0", None),
}


@override("elasticache", "CreateCacheParameterGroup")
def create_parameter_group(call, request):
    name, family = check_name(request["CacheParameterGroupName"], 255), request["CacheParameterGroupFamily"]
    if name in store(call).parameter_groups:
        raise error("CacheParameterGroupAlreadyExists", f"Cache parameter group {name} already exists.")
    if family not in FAMILIES:
        raise invalid(f"CacheParameterGroupFamily {family} is not a valid parameter group family.")
    item = {
        "CacheParameterGroupName": name,
        "CacheParameterGroupFamily": family,
        "Description": request["Description"],
        "IsGlobal": False,
        "ARN": arn(call, "parametergroup", name),
        "Tags": tags.to_dict(request),
        "Values": {},
    }
    store(call).parameter_groups[name] = item
    return {"CacheParameterGroup": _group(item)}


def _group(item: dict) -> dict:
    return {name: value for name, value in without_tags(item).items() if name != "Values"}


@override("elasticache", "DescribeCacheParameterGroups")
def describe_parameter_groups(call, request):
    name = request.get("CacheParameterGroupName")
    groups = [parameter_group(call, name)] if name else store(call).parameter_groups.values()
    return paged(request, [_group(group) for group in groups], "CacheParameterGroups")


@override("elasticache", "DescribeCacheParameters")
def describe_parameters(call, request):
    values, source = parameter_group(call, request["CacheParameterGroupName"])["Values"], request.get("Source")
    items = [
        {
            "ParameterName": name,
            "ParameterValue": values.get(name, default),
            "Source": "user" if name in values else "system",
            "DataType": "string",
            "IsModifiable": True,
        }
        for name, (default, _) in sorted(_PARAMETERS.items())
    ]
    return paged(request, [one for one in items if source in (None, one["Source"])], "Parameters")


# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.html: A default group cannot be changed.
def _changeable_group(call, request) -> dict:
    found = parameter_group(call, request["CacheParameterGroupName"])
    if _DEFAULTS.fullmatch(found["CacheParameterGroupName"]):
        raise invalid(f"The default parameter group {found['CacheParameterGroupName']} cannot be changed.")
    return found


def _requested_parameters(call, request) -> tuple[dict, list[dict]]:
    """Returns the parameter group and the parameters of the request, at most 20.

    cluster-enabled cannot change once a cluster uses the group.
    """
    group, wanted = _changeable_group(call, request), request.get("ParameterNameValues") or []
    if len(wanted) > 20:
        raise invalid("A maximum of 20 parameters may be modified in a single request.")
    for one in wanted:
        name = one.get("ParameterName")
        if name not in _PARAMETERS:
            raise invalid(f"The parameter {name} is not valid.")
        used = _groups_using(call, "parameter_group", group["CacheParameterGroupName"])
        if name == "cluster-enabled" and used:
            raise error("InvalidCacheParameterGroupState", "cluster-enabled cannot be changed while it is used.")
    return group, wanted


@override("elasticache", "ModifyCacheParameterGroup")
def modify_parameter_group(call, request):
    group, wanted = _requested_parameters(call, request)
    for one in wanted:
        allowed, value = _PARAMETERS[one["ParameterName"]][1], one.get("ParameterValue") or ""
        if allowed and value not in allowed:
            raise invalid(f"The parameter {one['ParameterName']} cannot be {value}.")
        group["Values"][one["ParameterName"]] = value
    return {"CacheParameterGroupName": group["CacheParameterGroupName"]}


@override("elasticache", "ResetCacheParameterGroup")
def reset_parameter_group(call, request):
    group, wanted = _requested_parameters(call, request)
    for name in (
        list(group["Values"]) if request.get("ResetAllParameters") else [one["ParameterName"] for one in wanted]
    ):
        group["Values"].pop(name, None)
    return {"CacheParameterGroupName": group["CacheParameterGroupName"]}


@override("elasticache", "DeleteCacheParameterGroup")
def delete_parameter_group(call, request):
    name = _changeable_group(call, request)["CacheParameterGroupName"]
    if _groups_using(call, "parameter_group", name):
        raise error("InvalidCacheParameterGroupState", f"Cache parameter group {name} is in use by a cluster.")
    del store(call).parameter_groups[name]
    return {}


@override("elasticache", "DescribeCacheEngineVersions")
def describe_engine_versions(call, request):
    engine, version = request.get("Engine"), request.get("EngineVersion")
    family = request.get("CacheParameterGroupFamily")
    items = [
        {
            "Engine": name,
            "EngineVersion": one,
            "CacheParameterGroupFamily": of,
            "CacheEngineDescription": name.capitalize(),
            "CacheEngineVersionDescription": f"{name} version {one}",
        }
        for name, versions in VERSIONS.items()
        for one, of in versions.items()
        if engine in (None, name) and version in (None, one) and family in (None, of)
    ]
    return paged(request, items, "CacheEngineVersions")


# https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ListTagsForResource.html: "If the cluster is not
# in the available state, ListTagsForResource returns an error."
def _tagged(call, name: str) -> dict | None:
    """Returns the tags of the resource with this ARN; None if moto stores the resource."""
    if not name.startswith("arn:") or name.split(":")[2:3] != ["elasticache"]:
        raise error("InvalidARN", f"{name} is not a valid ARN for this service.")
    kind, _, own = name.split(":", 5)[-1].partition(":")
    if kind == "replicationgroup":
        group = store(call).groups.get(own)
        if group is None:
            raise error("ReplicationGroupNotFoundFault", f"ReplicationGroup {own} not found.", 404)
        if group.status != "available":
            raise error("InvalidReplicationGroupState", f"Replication group {own} is not in the available state.")
        return group.tags
    if kind == "subnetgroup":
        return subnet_group(call, own)["Tags"]
    if kind == "parametergroup":
        return parameter_group(call, own)["Tags"]
    for member, of, code in (("users", "user", "UserNotFound"), ("user_groups", "usergroup", "UserGroupNotFound")):
        if kind == of:
            found = getattr(store(call), member).get(own)
            if found is None:
                raise error(code, f"{own} not found.", 404)
            return found["Tags"]
    return None


def _list(found: dict) -> dict:
    return {"TagList": tags.to_list(found)}


@override("elasticache", "ListTagsForResource")
def list_tags(call, request):
    found = _tagged(call, request["ResourceName"])
    return call() if found is None else _list(found)


@override("elasticache", "AddTagsToResource")
def add_tags(call, request):
    found = _tagged(call, request["ResourceName"])
    if found is None:
        return call()
    new = {**found, **tags.to_dict(request)}
    if len(new) > tags.MAX_TAGS:
        raise error("TagQuotaPerResourceExceeded", "A resource can have 50 tags.")
    found.update(new)
    return _list(found)


@override("elasticache", "RemoveTagsFromResource")
def remove_tags(call, request):
    found = _tagged(call, request["ResourceName"])
    if found is None:
        return call()
    for key in request["TagKeys"]:
        found.pop(key, None)
    return _list(found)
