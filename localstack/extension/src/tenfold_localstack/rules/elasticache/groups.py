"""Replication groups with or without cluster mode. Create and delete take time; changes are made one at a time.

Standalone cache clusters are as in moto.
"""

import re

from moto.ec2.models import ec2_backends

from ... import clock, tags
from ...overrides import error, override
from .group import Group
from .parts import parameter_group, subnet_group
from .store import VERSIONS, check_name, invalid, invalid_combination, paged, store
from .users import user_group

_DAYS = "mon|tue|wed|thu|fri|sat|sun"
_TIME = r"([01]\d|2[0-3]):[0-5]\d"


def group(call, name: str) -> Group:
    found = store(call).groups.get(name.lower())
    if found is None:
        raise error("ReplicationGroupNotFoundFault", f"ReplicationGroup {name} not found.", 404)
    return found


# "The requested replication group is not in the available state."
def _available(target: Group) -> Group:
    if target.status != "available":
        raise error(
            "InvalidReplicationGroupState",
            f"Replication group {target.name} is {target.status}, and must be available.",
        )
    return target


def _check_windows(spec: dict) -> None:
    if not re.fullmatch(f"{_TIME}-{_TIME}", spec["SnapshotWindow"]):
        raise invalid(f"The snapshot window {spec['SnapshotWindow']} is not valid.")
    if not re.fullmatch(f"({_DAYS}):{_TIME}-({_DAYS}):{_TIME}", spec["PreferredMaintenanceWindow"]):
        raise invalid(f"The maintenance window {spec['PreferredMaintenanceWindow']} is not valid.")


def _check_engine(call, spec: dict, parameters: str) -> None:
    versions = VERSIONS.get(spec["Engine"])
    if versions is None or spec["EngineVersion"] not in versions:
        raise invalid(f"Cannot find version {spec['EngineVersion']} for {spec['Engine']}.")
    values = parameter_group(call, parameters)
    if values["CacheParameterGroupFamily"] != versions[spec["EngineVersion"]]:
        raise invalid_combination(
            f"The parameter group {parameters} is not for {spec['Engine']} {spec['EngineVersion']}."
        )
    if (values["Values"].get("cluster-enabled") == "yes") != (spec["ClusterMode"] == "enabled"):
        raise invalid_combination(
            "A replication group with cluster mode needs parameters with cluster-enabled, and no other does."
        )


def _check_user_groups(call, names: list[str], spec: dict) -> list[str]:
    """Checks the user groups: at most one, which requires encryption in transit.

    Redis OSS cannot use a user group for Valkey.
    """
    if len(names) > 1:
        raise invalid_combination("A replication group has one user group at most.")
    for name in names:
        found = user_group(call, name)
        if found["Status"] != "active":
            raise error("InvalidUserGroupState", f"The user group {name} is not active.")
        if found["Engine"] == "valkey" and spec["Engine"] != "valkey":
            raise invalid_combination(f"The user group {name} is for Valkey.")
        if not spec["TransitEncryptionEnabled"]:
            raise invalid_combination("A user group needs encryption in transit.")
    return [name.lower() for name in names]


def _check_size(spec: dict, shards: int, replicas: int) -> None:
    if not 1 <= shards <= 500 or not 0 <= replicas <= 5:
        raise invalid("A replication group has 1 to 500 shards of 0 to 5 replicas.")
    if spec["ClusterMode"] == "disabled":
        _check_plain(spec, shards, replicas)
    elif not spec["AutomaticFailoverEnabled"]:
        raise invalid_combination("With cluster mode, automatic failover must be enabled.")
    if spec["MultiAZEnabled"] and replicas == 0:
        raise invalid_combination("Multi-AZ needs at least one replica.")


def _check_plain(spec: dict, shards: int, replicas: int) -> None:
    """Checks a group without cluster mode, which has one shard.

    API_CreateReplicationGroup.html: Automatic failover needs two nodes, and Multi-AZ needs automatic failover.
    """
    if shards != 1:
        raise invalid_combination("A replication group without cluster mode has one shard.")
    if spec["AutomaticFailoverEnabled"] and replicas == 0:
        raise invalid_combination("Automatic failover needs at least one replica.")
    if spec["MultiAZEnabled"] and not spec["AutomaticFailoverEnabled"]:
        raise invalid_combination("Multi-AZ needs automatic failover.")


def _has_cluster_mode(call, request) -> bool:
    """Whether the request enables cluster mode: by name, number of shards, or a parameter group for clusters."""
    if request.get("ClusterMode"):
        return request["ClusterMode"] == "enabled"
    named = request.get("CacheParameterGroupName")
    parameters = parameter_group(call, named)["Values"] if named else {}
    return (request.get("NumNodeGroups") or 1) > 1 or parameters.get("cluster-enabled") == "yes"


def _shape(request, clustered: bool) -> tuple[int, int]:
    """Returns the number of shards and the number of replicas of each.

    NumCacheClusters counts all nodes of a single shard, including the primary.
    """
    shards, replicas, nodes = (
        request.get(name) for name in ("NumNodeGroups", "ReplicasPerNodeGroup", "NumCacheClusters")
    )
    if nodes and not clustered:
        if replicas is not None:
            raise invalid_combination("Use either NumCacheClusters or ReplicasPerNodeGroup.")
        replicas = nodes - 1
    return shards or 1, replicas or 0


def _check_security(call, groups: list[str]) -> list[str]:
    for one in groups:
        if ec2_backends[call.account][call.region].get_security_group_from_id(one) is None:
            raise invalid(f"The security group {one} does not exist.")
    return list(groups)


def _with_defaults(request, clustered: bool) -> dict:
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"""
    encrypted = bool(request.get("TransitEncryptionEnabled"))
    engine = (request.get("Engine") or "redis").lower()
    return {
        "ReplicationGroupDescription": request["ReplicationGroupDescription"],
        "ClusterMode": "enabled" if clustered else "disabled",
        "Engine": engine,
        "EngineVersion": request.get("EngineVersion") or list(VERSIONS.get(engine) or [""])[-1],
        "CacheNodeType": request.get("CacheNodeType") or "",
        "AutomaticFailoverEnabled": bool(request.get("AutomaticFailoverEnabled")),
        "MultiAZEnabled": bool(request.get("MultiAZEnabled")),
        "Port": request.get("Port") or 6379,
        "SnapshotRetentionLimit": request.get("SnapshotRetentionLimit") or 0,
        "SnapshotWindow": request.get("SnapshotWindow") or "06:30-07:30",
        "PreferredMaintenanceWindow": request.get("PreferredMaintenanceWindow") or "sun:04:00-sun:05:00",
        "TransitEncryptionEnabled": encrypted,
        "TransitEncryptionMode": request.get("TransitEncryptionMode") or "required",
        "AtRestEncryptionEnabled": bool(request.get("AtRestEncryptionEnabled")),
        "KmsKeyId": request.get("KmsKeyId"),
        "AutoMinorVersionUpgrade": request.get("AutoMinorVersionUpgrade") is not False,
    }


@override("elasticache", "CreateReplicationGroup")
def create_group(call, request):
    clustered = _has_cluster_mode(call, request)
    name, spec = check_name(request["ReplicationGroupId"], 40), _with_defaults(request, clustered)
    if name in store(call).groups:
        raise error("ReplicationGroupAlreadyExists", f"ReplicationGroup {name} already exists.")
    if not spec["CacheNodeType"].startswith("cache."):
        raise invalid(f"The node type '{spec['CacheNodeType']}' is not valid.")
    shards, replicas = _shape(request, clustered)
    subnets = subnet_group(call, request.get("CacheSubnetGroupName"))
    family = VERSIONS.get(spec["Engine"], {}).get(spec["EngineVersion"], "")
    parameters = request.get("CacheParameterGroupName") or f"default.{family}" + ".cluster.on" * clustered
    _check_windows(spec)
    _check_engine(call, spec, parameters)
    _check_size(spec, shards, replicas)
    created = Group(
        call.account,
        call.region,
        name,
        subnets["CacheSubnetGroupName"],
        parameters.lower(),
        _check_security(call, request.get("SecurityGroupIds") or []),
        spec,
        subnets["Subnets"],
        tags.to_dict(request),
        user_groups=_check_user_groups(call, request.get("UserGroupIds") or [], spec),
        logs=_logs({}, request),
    )
    created.size(shards, replicas)
    store(call).groups[name] = created
    clock.later(lambda: setattr(created, "status", "available"), delays=2)
    return {"ReplicationGroup": created.item()}


def _logs(before: dict, request) -> dict:
    """Returns the log delivery configurations by log type.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html
    """
    logs = dict(before)
    for one in request.get("LogDeliveryConfigurations") or []:
        kind = one["LogType"]
        if one.get("Enabled") is False:
            logs.pop(kind, None)
        else:
            logs[kind] = {name: one[name] for name in one if name != "Enabled"}
    return logs


def _change(target: Group, apply, delays: float = 1) -> dict:
    """Applies a change after a delay. The group is modifying until then."""
    target.status = "modifying"

    def done():
        apply()
        target.status, target.pending, target.pending_node = "available", {}, {}

    answer = target.item()
    clock.later(done, delays)
    return {"ReplicationGroup": answer}


_SIMPLE = [
    "ReplicationGroupDescription",
    "SnapshotRetentionLimit",
    "SnapshotWindow",
    "PreferredMaintenanceWindow",
    "AutoMinorVersionUpgrade",
    "AutomaticFailoverEnabled",
    "MultiAZEnabled",
    "Engine",
    "EngineVersion",
    "CacheNodeType",
    "TransitEncryptionEnabled",
    "TransitEncryptionMode",
]


def _check_encryption(before: dict, spec: dict) -> None:
    """Encryption in transit is enabled and disabled by way of the preferred mode.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption-enable.html
    """
    if not before["TransitEncryptionEnabled"] and spec["TransitEncryptionEnabled"]:
        if spec["TransitEncryptionMode"] != "preferred":
            raise invalid_combination("Encryption in transit is to be enabled as preferred first.")
    if before["TransitEncryptionEnabled"] and not spec["TransitEncryptionEnabled"]:
        if before["TransitEncryptionMode"] != "preferred":
            raise invalid_combination("Encryption in transit is to be preferred before it is disabled.")


@override("elasticache", "ModifyReplicationGroup")
def modify_group(call, request):
    target = _available(group(call, request["ReplicationGroupId"]))
    given = {name: request[name] for name in _SIMPLE if request.get(name) is not None}
    spec, parameters = (
        {**target.spec, **given},
        (request.get("CacheParameterGroupName") or target.parameter_group).lower(),
    )
    if "EngineVersion" in given and (spec["Engine"], spec["EngineVersion"]) == (
        target.spec["Engine"],
        target.spec["EngineVersion"],
    ):
        raise invalid_combination(f"The version is {spec['EngineVersion']} already.")
    if target.spec["Engine"] == "valkey" and spec["Engine"] != "valkey":
        raise invalid_combination("There is no way from Valkey to Redis OSS.")
    if not request.get("ApplyImmediately"):
        raise invalid("Changes for the next maintenance window are not emulated.")
    _check_windows(spec)
    _check_engine(call, spec, parameters)
    _check_size(spec, len(target.shards), target.replicas)
    _check_encryption(target.spec, spec)
    added, removed = request.get("UserGroupIdsToAdd") or [], request.get("UserGroupIdsToRemove") or []
    kept = [] if request.get("RemoveUserGroups") else [one for one in target.user_groups if one not in removed]
    users = _check_user_groups(call, [*kept, *added], spec)
    security = _check_security(call, request.get("SecurityGroupIds") or target.security_groups)
    logs = _logs(target.logs, request)
    # Changes that replace nodes are returned as pending.
    target.pending_node = {name: given[name] for name in ("CacheNodeType", "EngineVersion") if name in given}
    if users != target.user_groups:
        target.pending = {"UserGroups": {"UserGroupIdsToAdd": added, "UserGroupIdsToRemove": removed}}

    def apply():
        target.spec, target.parameter_group, target.user_groups, target.logs = spec, parameters, users, logs
        target.set_security_groups(security)

    return _change(target, apply)


# https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroupShardConfiguration.html:
# To reduce shards, the request must list the shards to remove or those to retain.
@override("elasticache", "ModifyReplicationGroupShardConfiguration")
def modify_shards(call, request):
    target, count = _available(group(call, request["ReplicationGroupId"])), request["NodeGroupCount"]
    removed, kept = request.get("NodeGroupsToRemove") or [], request.get("NodeGroupsToRetain") or []
    numbers = [shard.number for shard in target.shards]
    if target.spec["ClusterMode"] == "disabled":
        raise invalid("A replication group without cluster mode has one shard.")
    if count == len(numbers):
        raise invalid(f"There are {count} shards already.")
    if count > len(numbers) and (removed or kept):
        raise invalid_combination("Shards cannot be removed and added in one request.")
    if count < len(numbers):
        removed = removed or [one for one in numbers if kept and one not in kept]
        if len(numbers) - len(removed) != count or set(removed) - set(numbers):
            raise invalid_combination("The shards to remove must be named, and their number must match NodeGroupCount.")
    _check_size(target.spec, count, target.replicas)
    target.pending = {"Resharding": {"SlotMigration": {"ProgressPercentage": 0.0}}}
    return _change(target, lambda: target.size(count, target.replicas, removed), delays=2)


def _replicas(call, request, more: bool) -> dict:
    target, count = _available(group(call, request["ReplicationGroupId"])), request.get("NewReplicaCount")
    if count is None or not request.get("ApplyImmediately"):
        raise invalid_combination("A replica count is needed, and ApplyImmediately.")
    if count == target.replicas:
        raise error("NoOperationFault", "There is nothing to do.")
    if (count > target.replicas) != more:
        raise invalid(f"There are {target.replicas} replicas.")
    _check_size(target.spec, len(target.shards), count)
    return _change(target, lambda: target.size(len(target.shards), count))


@override("elasticache", "IncreaseReplicaCount")
def increase_replicas(call, request):
    return _replicas(call, request, more=True)


@override("elasticache", "DecreaseReplicaCount")
def decrease_replicas(call, request):
    return _replicas(call, request, more=False)


@override("elasticache", "DescribeReplicationGroups")
def describe_groups(call, request):
    name = request.get("ReplicationGroupId")
    if name:
        return paged(request, [group(call, name).item()], "ReplicationGroups")
    return paged(request, [one.item() for one in store(call).groups.values()], "ReplicationGroups")


@override("elasticache", "DescribeCacheClusters")
def describe_nodes(call, request):
    name, groups = (request.get("CacheClusterId") or "").lower(), store(call).groups.values()
    ours = [target.node_item(node) for target in groups for node in target.nodes() if name in ("", node.name)]
    if name and ours:
        return paged(request, ours, "CacheClusters")
    if name:
        return call()
    others = call({}).get("CacheClusters") or []
    if request.get("ShowCacheClustersNotInReplicationGroups"):
        ours = []
    return paged(request, [*others, *ours], "CacheClusters")


@override("elasticache", "DeleteReplicationGroup")
def delete_group(call, request):
    target = _available(group(call, request["ReplicationGroupId"]))
    last = request.get("FinalSnapshotIdentifier")
    if last:
        if last in store(call).snapshots:
            raise error("SnapshotAlreadyExistsFault", f"There is a snapshot {last} already.")
        store(call).snapshots[last] = {
            "SnapshotName": last,
            "ReplicationGroupId": target.name,
            "SnapshotStatus": "available",
            "SnapshotSource": "manual",
            "NumNodeGroups": len(target.shards),
        }
    target.status = "deleting"
    answer = target.item()

    def finish_deletion():
        target.remove_interfaces()
        store(call).groups.pop(target.name, None)

    clock.later(finish_deletion, delays=2)
    return {"ReplicationGroup": answer}


@override("elasticache", "DescribeSnapshots")
def describe_snapshots(call, request):
    own = request.get("ReplicationGroupId")
    found = [one for one in store(call).snapshots.values() if own in (None, one["ReplicationGroupId"])]
    name = request.get("SnapshotName")
    found = [one for one in found if name in (None, one["SnapshotName"])]
    if name and not found:
        raise error("SnapshotNotFoundFault", f"There is no snapshot {name}.", 404)
    return paged(request, found, "Snapshots")
