"""Modifying, rebooting and promoting instances."""

from ... import clock
from ...overrides import error, override
from . import checks, engines
from .instances import USABLE, described, place_interfaces, static_parameters
from .store import Instance, instance, invalid_combination, parameter_group, store

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html: Changes that take time, and
# wait for the maintenance window unless ApplyImmediately is set. Maps each request parameter to its name in
# PendingModifiedValues.
_SLOW = {
    "DBInstanceClass": "DBInstanceClass",
    "AllocatedStorage": "AllocatedStorage",
    "EngineVersion": "EngineVersion",
    "MultiAZ": "MultiAZ",
    "DBPortNumber": "Port",
    "CACertificateIdentifier": "CACertificateIdentifier",
    "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
    "BackupRetentionPeriod": "BackupRetentionPeriod",
}
_AT_ONCE = {
    "PreferredBackupWindow": "PreferredBackupWindow",
    "PreferredMaintenanceWindow": "PreferredMaintenanceWindow",
    "AutoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "CopyTagsToSnapshot": "CopyTagsToSnapshot",
    "DeletionProtection": "DeletionProtection",
    "PubliclyAccessible": "PubliclyAccessible",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "MonitoringInterval": "MonitoringInterval",
    "MonitoringRoleArn": "MonitoringRoleArn",
}


def _check_storage(item: dict, request: dict) -> None:
    """Checks and completes a change of storage.

    Storage cannot shrink. An increase of less than ten percent is rounded up to ten percent. A volume whose IOPS can be
    set needs them in the request when it grows:
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
    """
    wanted, has = request.get("AllocatedStorage"), item["AllocatedStorage"]
    if wanted is None or wanted == has:
        request.pop("AllocatedStorage", None)
        return
    if wanted < has:
        raise invalid_combination(
            f"Requested storage size ({wanted}) cannot be less than the current storage size ({has})."
        )
    checks.storage(wanted)
    request["AllocatedStorage"] = max(wanted, -(-has * 11 // 10))
    if item["StorageType"] == "gp3" and wanted >= checks.STRIPED and not request.get("Iops"):
        raise invalid_combination("You must specify IOPS when you scale storage that has provisioned IOPS.")


def _check_version(call, one: Instance, request: dict) -> None:
    if "EngineVersion" not in request:
        return
    engine, has = one.item["Engine"], one.item["EngineVersion"]
    wanted = engines.version(engine, request["EngineVersion"])
    if engines.numbers(wanted) < engines.numbers(has):
        raise invalid_combination(f"Cannot upgrade {engine} from {has} to {wanted}")
    if engines.major(engine, wanted) != engines.major(engine, has):
        if not request.get("AllowMajorVersionUpgrade"):
            raise invalid_combination(
                "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."
            )
        checks.family(call, request.get("DBParameterGroupName") or one.parameter_group, engine, wanted)
    request["EngineVersion"] = wanted


def _set_log_exports(one: Instance, request: dict) -> None:
    change = request.get("CloudwatchLogsExportConfiguration") or {}
    on, off = change.get("EnableLogTypes") or [], change.get("DisableLogTypes") or []
    checks.logs(one.item["Engine"], on + off)
    logs = set(one.item["EnabledCloudwatchLogsExports"]) | set(on)
    one.item["EnabledCloudwatchLogsExports"] = sorted(logs - set(off))


def _set_storage_limit(one: Instance, request: dict) -> None:
    """Sets the storage autoscaling limit. A limit equal to the storage turns storage autoscaling off."""
    limit = request.get("MaxAllocatedStorage")
    storage = request.get("AllocatedStorage") or one.item["AllocatedStorage"]
    if limit is not None and limit < storage:
        raise invalid_combination("Max storage size must be greater than storage size")
    if limit is not None and limit > storage:
        one.item["MaxAllocatedStorage"] = limit
    elif limit is not None:
        one.item.pop("MaxAllocatedStorage", None)


def _apply(here, one: Instance, changes: dict) -> None:
    one.item["PendingModifiedValues"] = {}
    if "Port" in changes:
        port = changes.pop("Port")
        one.item["DbInstancePort"] = one.item["Endpoint"]["Port"] = port
    one.item.update(changes)
    if "MultiAZ" in changes:
        place_interfaces(here, one, [group["VpcSecurityGroupId"] for group in one.item["VpcSecurityGroups"]])
    if "EngineVersion" in changes:
        one.boot_parameters = static_parameters(here, one.parameter_group)
    one.status = "available"


@override("rds", "ModifyDBInstance")
def modify(call, request):
    here, one, request = store(call), instance(call, request["DBInstanceIdentifier"]), dict(request)
    item = one.item
    if one.status not in USABLE:
        raise error("InvalidDBInstanceState", f"Database instance {one.name} is not in available state.")
    if "DBInstanceClass" in request:
        engines.check_class(request["DBInstanceClass"])
    windows = [request.get(key) or item[key] for key in ("PreferredBackupWindow", "PreferredMaintenanceWindow")]
    checks.windows(*windows)
    if request.get("BackupRetentionPeriod") == 0 and any(other.source == one.name for other in here.instances.values()):
        raise error("InvalidDBInstanceState", "Automated backups cannot be turned off while there are replicas.")
    interval = request.get("MonitoringInterval", item["MonitoringInterval"])
    role = request.get("MonitoringRoleArn") or item.get("MonitoringRoleArn")
    checks.monitoring(here.account, here.region, interval, role if interval else request.get("MonitoringRoleArn"))
    _check_version(call, one, request)
    _check_storage(item, request)
    if "DBParameterGroupName" in request:
        group = parameter_group(call, request["DBParameterGroupName"]).item["DBParameterGroupName"]
        checks.family(call, group, item["Engine"], request.get("EngineVersion") or item["EngineVersion"])
        one.parameter_group = group
    _set_storage_limit(one, request)
    _set_log_exports(one, request)
    groups = request.get("VpcSecurityGroupIds")
    if groups:
        checks.groups(here.ec2, groups, here.subnet_groups[one.subnet_group].item["VpcId"])
        place_interfaces(here, one, groups)
    item.update({_AT_ONCE[key]: value for key, value in request.items() if key in _AT_ONCE})
    if not item["MonitoringInterval"]:
        item.pop("MonitoringRoleArn", None)
    slow = {_SLOW[key]: value for key, value in request.items() if key in _SLOW}
    slow |= _performance_changes(item, request)
    slow = {key: value for key, value in slow.items() if item.get("DbInstancePort" if key == "Port" else key) != value}
    if slow:
        item["PendingModifiedValues"] = dict(slow)
        if request.get("ApplyImmediately"):
            one.status = "modifying"
            clock.later(lambda: _apply(here, one, slow), 2)
    return {"DBInstance": described(here, one)}


def _performance_changes(item: dict, request: dict) -> dict:
    """Returns the changes of the volume's type, IOPS and throughput."""
    if not {"AllocatedStorage", "Iops", "StorageThroughput", "StorageType"} & set(request):
        return {}
    after = {key: item.get(key) for key in ("Engine", "Iops", "StorageThroughput")}
    after["StorageType"] = request.get("StorageType") or item["StorageType"]
    after["AllocatedStorage"] = request.get("AllocatedStorage") or item["AllocatedStorage"]
    checks.set_performance(after, request)
    return {key: after[key] for key in ("Iops", "StorageThroughput", "StorageType")}


# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RebootInstance.html: A reboot applies the static
# parameters.
@override("rds", "RebootDBInstance")
def reboot(call, request):
    here, one = store(call), instance(call, request["DBInstanceIdentifier"])
    if one.status not in USABLE:
        raise error("InvalidDBInstanceState", f"Database instance {one.name} is not in available state.")
    one.status = "rebooting"

    def finish_reboot() -> None:
        one.boot_parameters, one.status = static_parameters(here, one.parameter_group), "available"

    clock.later(finish_reboot)
    return {"DBInstance": described(here, one)}


# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PromoteReadReplica.html
@override("rds", "PromoteReadReplica")
def promote(call, request):
    here, one = store(call), instance(call, request["DBInstanceIdentifier"])
    if not one.source or one.status not in USABLE:
        raise error("InvalidDBInstanceState", f"DB Instance {one.name} is not a read replica, or not available.")
    del one.item["ReadReplicaSourceDBInstanceIdentifier"]
    one.item["BackupRetentionPeriod"] = request.get("BackupRetentionPeriod", 1)
    return {"DBInstance": described(here, one)}
