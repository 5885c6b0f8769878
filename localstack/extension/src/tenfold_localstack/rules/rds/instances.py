"""Creating, describing and deleting instances and replicas."""

import random
import string

from moto.secretsmanager.models import secretsmanager_backends

from ... import clock, tags
from ...lists import filtered
from ...overrides import error, override
from ..ec2 import interfaces
from . import checks, engines
from .groups import subnet_group_or_default
from .store import (
    Instance,
    Store,
    instance,
    invalid,
    invalid_combination,
    now,
    paged,
    parameter_group,
    store,
)

USABLE = ("available", "storage-optimization")
_FILTERS = {"db-instance-id": "DBInstanceIdentifier", "dbi-resource-id": "DbiResourceId", "engine": "Engine"}


def static_parameters(here: Store, group: str) -> dict[str, str]:
    """Returns the static parameters of a group, which an instance reads when it starts."""
    found = here.parameter_groups.get(group)
    if found is None:
        return {}
    types = engines.parameters(found.item["DBParameterGroupFamily"])
    return {name: value for name, value in found.parameters.items() if types[name] == "static"}


def described(here: Store, one: Instance) -> dict:
    pending_reboot = one.boot_parameters != static_parameters(here, one.parameter_group)
    group = {
        "DBParameterGroupName": one.parameter_group,
        "ParameterApplyStatus": "pending-reboot" if pending_reboot else "in-sync",
    }
    item = one.item | {"TagList": tags.to_list(one.tags), "DBParameterGroups": [group]}
    if one.subnet_group:
        item["DBSubnetGroup"] = here.subnet_groups[one.subnet_group].item
    if one.secret:
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
        status = "creating" if one.status == "creating" else "active"
        item["MasterUserSecret"] = {
            "SecretArn": one.secret.arn,
            "SecretStatus": status,
            "KmsKeyId": here.default_key(),
        }
    replicas = [
        other.name for other in here.instances.values() if other.source == one.name and other.status != "deleting"
    ]
    return item | {"ReadReplicaDBInstanceIdentifiers": replicas}


def free_name(call, request) -> str:
    name = checks.name(request["DBInstanceIdentifier"])
    if name in store(call).instances:
        raise error("DBInstanceAlreadyExists", "DB instance already exists")
    return name


def _common(call, request, name: str, engine: str) -> dict:
    here = store(call)
    interval, role = request.get("MonitoringInterval") or 0, request.get("MonitoringRoleArn")
    checks.monitoring(here.account, here.region, interval, role)
    engines.check_class(request["DBInstanceClass"])
    logs = request.get("EnableCloudwatchLogsExports") or []
    checks.logs(engine, logs)
    digits = "".join(random.choices(string.ascii_uppercase + "234567", k=26))
    return {
        "DBInstanceIdentifier": name,
        "DBInstanceArn": here.arn(f"db:{name}"),
        "DbiResourceId": f"db-{digits}",
        "DBInstanceStatus": "creating",
        "DBInstanceClass": request["DBInstanceClass"],
        "Engine": engine,
        "StorageType": request.get("StorageType") or "gp2",
        "DbInstancePort": request.get("Port") or engines.PORTS[engine],
        "MultiAZ": bool(request.get("MultiAZ")),
        "PubliclyAccessible": bool(request.get("PubliclyAccessible")),
        "AutoMinorVersionUpgrade": request.get("AutoMinorVersionUpgrade", True),
        "CopyTagsToSnapshot": bool(request.get("CopyTagsToSnapshot")),
        "PreferredMaintenanceWindow": request.get("PreferredMaintenanceWindow") or "tue:06:38-tue:07:08",
        "EnabledCloudwatchLogsExports": sorted(logs),
        "PerformanceInsightsEnabled": bool(request.get("EnablePerformanceInsights")),
        "MonitoringInterval": interval,
        "IAMDatabaseAuthenticationEnabled": bool(request.get("EnableIAMDatabaseAuthentication")),
        "CACertificateIdentifier": request.get("CACertificateIdentifier") or "rds-ca-rsa2048-g1",
        "DeletionProtection": bool(request.get("DeletionProtection")),
        "NetworkType": "IPV4",
        "PendingModifiedValues": {},
    } | ({"MonitoringRoleArn": role} if role else {})


def _set_storage_limit(item: dict, request: dict) -> None:
    """Sets the limit of storage autoscaling."""
    limit = request.get("MaxAllocatedStorage")
    if limit is None:
        return
    if limit <= item["AllocatedStorage"]:
        raise invalid_combination("Max storage size must be greater than storage size")
    item["MaxAllocatedStorage"] = limit


def place_interfaces(here: Store, one: Instance, groups: list[str]) -> None:
    """Places an interface in a subnet of the instance's subnet group, and a second one for a Multi-AZ standby."""
    one.item["VpcSecurityGroups"] = [{"VpcSecurityGroupId": name, "Status": "active"} for name in groups]
    subnets = [subnet["SubnetIdentifier"] for subnet in here.subnet_groups[one.subnet_group].item["Subnets"]]
    wanted = 2 if one.item["MultiAZ"] else 1
    for spare in one.interfaces[wanted:]:
        interfaces.remove(here.ec2, spare)
    del one.interfaces[wanted:]
    for name in one.interfaces:
        here.ec2.enis[name]._group_set = [here.ec2.get_security_group_from_id(group) for group in groups]
    for subnet in subnets[len(one.interfaces) : wanted]:
        interface = interfaces.add(here.ec2, subnet, groups, "RDSNetworkInterface", "interface", "amazon-rds")
        one.interfaces.append(interface.id)
    one.item["AvailabilityZone"] = here.ec2.enis[one.interfaces[0]].subnet.availability_zone


def _start_creation(here: Store, one: Instance) -> None:
    """Starts the creation: creating, a first backup if backups are enabled, then available."""
    here.instances[one.name] = one

    def finish_creation() -> None:
        host = one.item["DbiResourceId"][3:15].lower()
        address = f"{one.name}.{host}.{here.region}.rds.amazonaws.com"
        one.item["Endpoint"] = {
            "Address": address,
            "Port": one.item["DbInstancePort"],
            "HostedZoneId": "Z2R2ITUGPM61AM",
        }
        one.boot_parameters = static_parameters(here, one.parameter_group)
        backs_up = one.item.get("BackupRetentionPeriod") and not one.source
        one.status = "backing-up" if backs_up else "available"
        if backs_up:
            clock.later(lambda: setattr(one, "status", "available") if one.status == "backing-up" else None)

    clock.later(finish_creation, 2)


# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
@override("rds", "CreateDBInstance")
def create(call, request):
    if request.get("DBClusterIdentifier") or request["Engine"] not in engines.PORTS:
        return call()
    here, engine, name = store(call), request["Engine"], free_name(call, request)
    version = engines.version(engine, request.get("EngineVersion"))
    item = _common(call, request, name, engine)
    checks.storage(request.get("AllocatedStorage") or 0)
    user = request.get("MasterUsername") or ""
    if not user or user in ("admin", "postgres", "rdsadmin") and engine == "postgres":
        raise invalid(f"MasterUsername {user} cannot be used as it is a reserved word used by the engine")
    managed = bool(request.get("ManageMasterUserPassword"))
    if managed == bool(request.get("MasterUserPassword")):
        raise invalid_combination(
            "You must specify either MasterUserPassword or ManageMasterUserPassword, and not both."
        )
    subnets = subnet_group_or_default(call, request.get("DBSubnetGroupName"))
    vpc = subnets.item["VpcId"]
    groups = request.get("VpcSecurityGroupIds") or [here.ec2.get_security_group_from_name("default", vpc).id]
    checks.groups(here.ec2, groups, vpc)
    named = request.get("DBParameterGroupName") or f"default.{engines.family(engine, version)}"
    parameters = parameter_group(call, named).item["DBParameterGroupName"]
    checks.family(call, parameters, engine, version)
    encrypted = bool(request.get("StorageEncrypted"))
    item |= {
        "EngineVersion": version,
        "EngineLifecycleSupport": request.get("EngineLifecycleSupport") or "open-source-rds-extended-support",
        "AllocatedStorage": request["AllocatedStorage"],
        "StorageEncrypted": encrypted,
        "MasterUsername": user,
        "BackupRetentionPeriod": request.get("BackupRetentionPeriod", 1),
        "PreferredBackupWindow": request.get("PreferredBackupWindow") or "04:00-04:30",
    }
    if encrypted:
        item["KmsKeyId"] = request.get("KmsKeyId") or here.default_key()
    if request.get("DBName"):
        item["DBName"] = request["DBName"]
    checks.windows(item["PreferredBackupWindow"], item["PreferredMaintenanceWindow"])
    checks.set_performance(item, request)
    _set_storage_limit(item, request)
    item["InstanceCreateTime"] = now()
    one = Instance(item, tags.to_dict(request), parameters, subnets.item["DBSubnetGroupName"])
    if managed:
        one.secret = _secret(here, one)
    place_interfaces(here, one, groups)
    _start_creation(here, one)
    return {"DBInstance": described(here, one)}


def _secret(here: Store, one: Instance):
    secrets = secretsmanager_backends[here.account][here.region]
    return secrets.create_managed_secret(
        service_name="rds",
        secret_id=f"rds!{one.item['DbiResourceId'].lower()}",
        secret_string='{"username":"%s","password":"%s"}' % (one.item["MasterUsername"], random.randbytes(12).hex()),
        description=f"The secret associated with the primary RDS DB instance: {one.arn}",
        kms_key_id=None,
        tags=[{"Key": "aws:rds:primaryDBInstanceArn", "Value": one.arn}],
    )


# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html: The source must be
# available and have backups. The replica is created without backups of its own.
@override("rds", "CreateDBInstanceReadReplica")
def create_replica(call, request):
    here, name = store(call), free_name(call, request)
    source = instance(call, request["SourceDBInstanceIdentifier"])
    if source.status not in USABLE:
        raise error("InvalidDBInstanceState", f"Source DB instance {source.name} is not in available state.")
    if not source.item["BackupRetentionPeriod"]:
        raise error(
            "InvalidDBInstanceState", f"Automated backups are not enabled for this database instance: {source.name}"
        )
    settings = {"DBInstanceClass": source.item["DBInstanceClass"], "StorageType": source.item["StorageType"]} | request
    settings.setdefault("Port", source.item["DbInstancePort"])
    item = _common(call, settings, name, source.item["Engine"])
    inherited = ["EngineVersion", "EngineLifecycleSupport", "StorageEncrypted", "KmsKeyId", "MasterUsername", "DBName"]
    item |= {key: source.item[key] for key in inherited if key in source.item}
    storage = request.get("AllocatedStorage") or source.item["AllocatedStorage"]
    if storage < source.item["AllocatedStorage"]:
        raise invalid_combination("A replica cannot have less storage than its source")
    item |= {
        "AllocatedStorage": storage,
        "BackupRetentionPeriod": 0,
        "PreferredBackupWindow": source.item["PreferredBackupWindow"],
        "ReadReplicaSourceDBInstanceIdentifier": source.name,
        "InstanceCreateTime": now(),
    }
    checks.set_performance(item, request)
    _set_storage_limit(item, request)
    parameters = (request.get("DBParameterGroupName") or source.parameter_group).lower()
    checks.family(call, parameters, item["Engine"], item["EngineVersion"])
    groups = request.get("VpcSecurityGroupIds") or [
        one["VpcSecurityGroupId"] for one in source.item["VpcSecurityGroups"]
    ]
    checks.groups(here.ec2, groups, here.subnet_groups[source.subnet_group].item["VpcId"])
    one = Instance(item, tags.to_dict(request), parameters, source.subnet_group)
    place_interfaces(here, one, groups)
    _start_creation(here, one)
    return {"DBInstance": described(here, one)}


@override("rds", "DescribeDBInstances")
def describe(call, request):
    here, name = store(call), request.get("DBInstanceIdentifier")
    found = [instance(call, name)] if name else [here.instances[key] for key in sorted(here.instances)]
    items = filtered([described(here, one) for one in found], request.get("Filters"), _FILTERS)
    return paged(request, items, "DBInstances")


# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html
@override("rds", "DeleteDBInstance")
def delete(call, request):
    here, one = store(call), instance(call, request["DBInstanceIdentifier"])
    skip, snapshot = bool(request.get("SkipFinalSnapshot")), request.get("FinalDBSnapshotIdentifier")
    if one.status == "deleting":
        raise error("InvalidDBInstanceState", f"Instance {one.name} is already being deleted.")
    if one.item["DeletionProtection"]:
        raise invalid_combination(
            "Cannot delete protected DB Instance, please disable deletion protection and try again."
        )
    if skip == bool(snapshot):
        raise invalid_combination(
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified, and only then."
        )
    if snapshot and one.source:
        raise invalid_combination("FinalDBSnapshotIdentifier can not be specified when deleting a read replica")
    if snapshot:
        if one.status not in USABLE:
            raise error("InvalidDBInstanceState", f"Cannot create a snapshot because {one.name} is not available.")
        if snapshot.lower() in here.snapshots:
            raise error("DBSnapshotAlreadyExists", f"Cannot create the snapshot because {snapshot} already exists.")
        _create_snapshot(here, one, snapshot.lower())
    one.status = "deleting"
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html: Replicas in the same region become
    # standalone instances.
    for other in here.instances.values():
        if other.source == one.name:
            del other.item["ReadReplicaSourceDBInstanceIdentifier"]

    def finish_deletion() -> None:
        for name in one.interfaces:
            interfaces.remove(here.ec2, name)
        if one.secret:
            secrets = secretsmanager_backends[here.account][here.region]
            secrets.delete_secret(one.secret.arn, recovery_window_in_days=None, force_delete_without_recovery=True)
        here.instances.pop(one.name, None)

    clock.later(finish_deletion, 2)
    return {"DBInstance": described(here, one)}


def _create_snapshot(here: Store, one: Instance, name: str) -> None:
    here.snapshots[name] = {
        "DBSnapshotIdentifier": name,
        "DBSnapshotArn": here.arn(f"snapshot:{name}"),
        "DBInstanceIdentifier": one.name,
        "DbiResourceId": one.item["DbiResourceId"],
        "Engine": one.item["Engine"],
        "EngineVersion": one.item["EngineVersion"],
        "AllocatedStorage": one.item["AllocatedStorage"],
        "Encrypted": one.item["StorageEncrypted"],
        "SnapshotType": "manual",
        "Status": "available",
        "SnapshotCreateTime": now(),
        "TagList": tags.to_list(one.tags) if one.item["CopyTagsToSnapshot"] else [],
    }


@override("rds", "DescribeDBSnapshots")
def describe_snapshots(call, request):
    here = store(call)
    wanted, of = request.get("DBSnapshotIdentifier"), request.get("DBInstanceIdentifier")
    found = [
        one
        for name, one in sorted(here.snapshots.items())
        if wanted in (None, name) and of in (None, one["DBInstanceIdentifier"])
    ]
    if wanted and not found:
        raise error("DBSnapshotNotFound", f"DBSnapshot {wanted} not found.", 404)
    return paged(request, found, "DBSnapshots")


@override("rds", "DeleteDBSnapshot")
def delete_snapshot(call, request):
    found = store(call).snapshots.pop(request["DBSnapshotIdentifier"].lower(), None)
    if found is None:
        raise error("DBSnapshotNotFound", f"DBSnapshot {request['DBSnapshotIdentifier']} not found.", 404)
    return {"DBSnapshot": found | {"Status": "deleted"}}
