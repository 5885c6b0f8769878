"""Engine versions, instance classes and parameters: a small part of those of RDS, enough to check requests."""

import re

from ...overrides import override
from .store import invalid_combination, paged

# https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html and
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
_VERSIONS = {
    "postgres": ["14.18", "15.13", "16.9", "17.4", "17.5", "18.1"],
    "mysql": ["8.0.35", "8.0.42", "8.4.5", "8.4.6"],
}
LOGS = {
    "postgres": {"postgresql", "upgrade", "iam-db-auth-error"},
    "mysql": {"audit", "error", "general", "slowquery", "iam-db-auth-error"},
}
PORTS = {"postgres": 5432, "mysql": 3306}
_CLASS = re.compile(r"db\.(t3|t4g|[mr][5678](g|gd|i|id)?)\.(micro|small|medium|(\d*x)?large)")


def version(engine: str, wanted: str | None) -> str:
    """Returns the newest version that matches; a major version alone is enough."""
    known = _VERSIONS[engine]
    matching = [one for one in known if not wanted or one == wanted or one.startswith(wanted + ".")]
    if not matching:
        raise invalid_combination(f"Cannot find version {wanted} for {engine}")
    return matching[-1] if wanted else [one for one in known if major(engine, one) in ("17", "8.4")][-1]


def major(engine: str, full: str) -> str:
    return ".".join(full.split(".")[: 1 if engine == "postgres" else 2])


def family(engine: str, full: str) -> str:
    return engine + major(engine, full)


def families() -> set[str]:
    return {family(engine, one) for engine, versions in _VERSIONS.items() for one in versions}


def numbers(full: str) -> list[int]:
    return [int(part) for part in full.split(".")]


def check_class(name: str) -> None:
    if not _CLASS.fullmatch(name):
        raise invalid_combination(f"Invalid DB Instance class: {name}")


# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeOrderableDBInstanceOptions.html: Returns no
# options for combinations that RDS does not offer.
@override("rds", "DescribeOrderableDBInstanceOptions")
def describe_orderable(call, request):
    engine, name = request["Engine"], request.get("DBInstanceClass") or "db.r7g.large"
    versions = _VERSIONS.get(engine, []) if _CLASS.fullmatch(name) else []
    versions = [one for one in versions if one == (request.get("EngineVersion") or one)]
    zones = [{"Name": f"{call.region}{letter}"} for letter in "abc"]
    options = [
        {
            "Engine": engine,
            "EngineVersion": one,
            "DBInstanceClass": name,
            "LicenseModel": "postgresql-license" if engine == "postgres" else "general-public-license",
            "AvailabilityZones": zones,
            "StorageType": storage,
            "MultiAZCapable": True,
            "ReadReplicaCapable": True,
            "Vpc": True,
            "SupportsStorageEncryption": True,
            "SupportsPerformanceInsights": True,
            "SupportsEnhancedMonitoring": True,
            "SupportsIAMDatabaseAuthentication": True,
        }
        for one in versions
        for storage in ("gp2", "gp3")
    ]
    return paged(request, options, "OrderableDBInstanceOptions")


def _parameters(static: str, dynamic: str) -> dict[str, str]:
    return {name: "static" for name in static.split()} | {name: "dynamic" for name in dynamic.split()}


# Names and apply types are those that `DescribeEngineDefaultParameters` returns.
PARAMETERS = {
    "postgres": _parameters(
        "rds.logical_replication max_replication_slots max_wal_senders max_logical_replication_workers "
        "max_worker_processes shared_preload_libraries max_connections shared_buffers autovacuum_max_workers "
        "track_activity_query_size wal_buffers huge_pages max_locks_per_transaction max_prepared_transactions",
        "rds.force_ssl max_slot_wal_keep_size wal_sender_timeout idle_in_transaction_session_timeout "
        "log_min_duration_statement log_statement log_connections work_mem maintenance_work_mem statement_timeout "
        "autovacuum_naptime random_page_cost effective_cache_size checkpoint_timeout max_wal_size deadlock_timeout "
        "lock_timeout log_lock_waits default_statistics_target",
    ),
    "mysql": _parameters(
        "performance_schema innodb_buffer_pool_instances innodb_log_file_size skip_name_resolve",
        "require_secure_transport binlog_format log_output slow_query_log long_query_time max_connections "
        "innodb_buffer_pool_size character_set_server collation_server time_zone wait_timeout interactive_timeout "
        "general_log innodb_flush_log_at_trx_commit sync_binlog",
    ),
}


def parameters(of_family: str) -> dict[str, str]:
    """Returns apply types by parameter name."""
    return next(types for engine, types in PARAMETERS.items() if of_family.startswith(engine))
