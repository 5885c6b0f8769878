"""Validation of instances when they are created and modified."""

import re

from .. import iam
from . import engines
from .store import invalid, invalid_combination, parameter_group

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage: the size in GiB from which gp3
# volumes are striped.
STRIPED = 400
_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def name(identifier: str) -> str:
    """https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"""
    lower = identifier.lower()
    if len(lower) > 63 or not re.fullmatch(r"[a-z](?:-?[a-z0-9])*", lower):
        raise invalid(
            f"The parameter DBInstanceIdentifier is not a valid identifier: {identifier}. Identifiers must begin with a "
            "letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two "
            "consecutive hyphens."
        )
    return lower


def set_performance(item: dict, request: dict) -> None:
    """Sets IOPS and throughput.

    A small gp3 volume has 3000 IOPS and 125 MiB/s, which a request must not set; a striped one has at least 12000 IOPS
    and 500 MiB/s.
    """
    requested = request.get("Iops") or request.get("StorageThroughput")
    if item["StorageType"] != "gp3":
        return
    if item["AllocatedStorage"] < STRIPED:
        if requested:
            raise invalid_combination(
                f"You can't specify IOPS or storage throughput for engine {item['Engine']} and a storage size less than {STRIPED}."
            )
        item["Iops"], item["StorageThroughput"] = 3000, 125
        return
    item["Iops"] = request.get("Iops") or max(item.get("Iops") or 0, 12000)
    item["StorageThroughput"] = request.get("StorageThroughput") or max(item.get("StorageThroughput") or 0, 500)
    if item["Iops"] < 12000 or item["StorageThroughput"] < 500 or item["StorageThroughput"] > item["Iops"] / 4:
        raise invalid_combination(f"Invalid IOPS {item['Iops']} or storage throughput {item['StorageThroughput']}")


def storage(gib: int) -> None:
    if not 20 <= gib <= 65536:
        raise invalid(f"Invalid storage size for engine name and storage type gp3: {gib}")


def monitoring(account: str, region: str, interval: int, role: str | None) -> None:
    """https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html"""
    if interval not in (0, 1, 5, 10, 15, 30, 60):
        raise invalid(f"MonitoringInterval {interval} is not valid")
    if bool(interval) != bool(role):
        raise invalid_combination(
            "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0."
        )
    if role and iam.usable_role(account, region, role) is None:
        raise invalid(
            "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING"
        )


def logs(engine: str, names: list[str]) -> None:
    unknown = set(names) - engines.LOGS[engine]
    if unknown:
        raise invalid_combination(f"You cannot use the log types {sorted(unknown)} with engine version {engine}.")


def family(call, group: str, engine: str, version: str) -> None:
    """The parameter group's family must be that of the engine version."""
    has, wanted = parameter_group(call, group).item["DBParameterGroupFamily"], engines.family(engine, version)
    if has != wanted:
        raise invalid_combination(
            f"The parameter group {group} with DBParameterGroupFamily {has} can't be used for this instance. "
            f"Please use a Parameter Group with DBParameterGroupFamily {wanted}"
        )


def groups(ec2, ids: list[str], vpc: str | None) -> None:
    for one in ids:
        found = ec2.get_security_group_from_id(one)
        if found is None or (vpc and found.vpc_id != vpc):
            raise invalid(f"Invalid security group , groupId= {one}, groupName=.")


def windows(backup: str, maintenance: str) -> None:
    """Checks that the windows last 30 minutes or more and do not overlap."""
    week = re.fullmatch(r"(\w{3}):(\d\d:\d\d)-(\w{3}):(\d\d:\d\d)", maintenance)
    day = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", backup)
    if not week or not day or week[1] not in _DAYS or week[3] not in _DAYS:
        raise invalid("The format of the parameter PreferredMaintenanceWindow or PreferredBackupWindow is invalid")
    begins, ends = (_DAYS.index(week[at]) * 1440 + _minutes(week[at + 1]) for at in (1, 3))
    length, start = (ends - begins) % 10080, _minutes(day[1])
    lasts = (_minutes(day[2]) - start) % 1440
    if length < 30 or lasts < 30:
        raise invalid("The maintenance and backup windows must be at least 30 minutes.")
    if (begins - start) % 1440 < lasts or (start - begins) % 1440 < length:
        raise invalid("The backup window and maintenance window must not overlap.")


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
