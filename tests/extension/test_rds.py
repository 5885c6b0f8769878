"""Database instances, replicas, subnet groups, parameter groups."""

import json

import pytest

STATIC = {"ParameterName": "rds.logical_replication", "ParameterValue": "1", "ApplyMethod": "pending-reboot"}


class Rds:
    def __init__(self, aws, net, until):
        self.aws, self.net, self.rds, self.until = aws, net, aws.rds, until
        self.rds.create_db_subnet_group(
            DBSubnetGroupName="data", DBSubnetGroupDescription="data", SubnetIds=net.subnets
        )
        self.rds.create_db_parameter_group(
            DBParameterGroupName="p17", DBParameterGroupFamily="postgres17", Description="p"
        )

    def create_primary(self, **more):
        settings = {
            "DBInstanceIdentifier": "s000",
            "Engine": "postgres",
            "EngineVersion": "17",
            "DBInstanceClass": "db.r7g.large",
            "AllocatedStorage": 20,
            "StorageType": "gp3",
            "StorageEncrypted": True,
            "MasterUsername": "owner",
            "ManageMasterUserPassword": True,
            "DBSubnetGroupName": "data",
            "DBParameterGroupName": "p17",
            "VpcSecurityGroupIds": [self.net.group],
            **more,
        }
        return self.rds.create_db_instance(**settings)["DBInstance"]

    def create_replica(self, **more):
        settings = {"DBInstanceIdentifier": "s000-r1", "SourceDBInstanceIdentifier": "s000", **more}
        return self.rds.create_db_instance_read_replica(**settings)["DBInstance"]

    def get(self, name="s000"):
        return self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]

    def wait_until_available(self, name="s000"):
        return self.until(lambda: (instance := self.get(name))["DBInstanceStatus"] == "available" and instance)

    def modify(self, **more):
        self.rds.modify_db_instance(DBInstanceIdentifier="s000", ApplyImmediately=True, **more)

    def wait_until_deleted(self, name="s000"):
        names = lambda: {item["DBInstanceIdentifier"] for item in self.rds.describe_db_instances()["DBInstances"]}  # noqa: E731
        return self.until(lambda: name not in names())


@pytest.fixture
def db(aws, net, until):
    return Rds(aws, net, until)


def test_instance_keeps_its_groups_in_use_until_deleted(db, net, refused):
    rds, ec2 = db.rds, db.aws.ec2
    created = db.create_primary(Tags=[{"Key": "a", "Value": "b"}], DeletionProtection=True)
    assert (
        created["DBInstanceStatus"] == "creating" and "Endpoint" not in created and created["EngineVersion"] == "17.5"
    )
    with refused("DBInstanceAlreadyExists"):
        db.create_primary()
    with refused("InvalidDBInstanceState"):
        db.modify(MultiAZ=True)
    instance = db.wait_until_available()
    assert instance["Endpoint"]["Port"] == 5432 and instance["TagList"] == [{"Key": "a", "Value": "b"}]
    assert (instance["Iops"], instance["StorageThroughput"], instance["KmsKeyId"][:12]) == (3000, 125, "arn:aws:kms:")
    secret = db.aws.secretsmanager.get_secret_value(SecretId=instance["MasterUserSecret"]["SecretArn"])
    assert json.loads(secret["SecretString"])["username"] == "owner"
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=net.group)
    with refused("InvalidDBSubnetGroupStateFault"):
        rds.delete_db_subnet_group(DBSubnetGroupName="data")
    with refused("InvalidDBParameterGroupState"):
        rds.delete_db_parameter_group(DBParameterGroupName="p17")
    with refused("InvalidParameterCombination", "protected"):
        rds.delete_db_instance(DBInstanceIdentifier="s000", SkipFinalSnapshot=True)
    db.modify(DeletionProtection=False)
    with refused("InvalidParameterCombination", "FinalDBSnapshotIdentifier"):
        rds.delete_db_instance(DBInstanceIdentifier="s000")
    rds.delete_db_instance(DBInstanceIdentifier="s000", FinalDBSnapshotIdentifier="last")
    assert db.get()["DBInstanceStatus"] == "deleting"
    with refused("InvalidDBInstanceState"):
        rds.delete_db_instance(DBInstanceIdentifier="s000", SkipFinalSnapshot=True)
    db.wait_until_deleted()
    with refused("DBInstanceNotFound"):
        db.get()
    assert [item["DBSnapshotIdentifier"] for item in rds.describe_db_snapshots()["DBSnapshots"]] == ["last"]
    rds.delete_db_snapshot(DBSnapshotIdentifier="last")
    rds.delete_db_parameter_group(DBParameterGroupName="p17")
    rds.delete_db_subnet_group(DBSubnetGroupName="data")
    ec2.delete_security_group(GroupId=net.group)


def test_change_is_pending_until_applied(db, refused):
    db.create_primary(MaxAllocatedStorage=40)
    db.wait_until_available()
    db.modify(DBInstanceClass="db.r7g.xlarge", MultiAZ=True, DBPortNumber=5433, CopyTagsToSnapshot=True)
    instance = db.get()
    assert instance["DBInstanceStatus"] == "modifying" and instance["DBInstanceClass"] == "db.r7g.large"
    assert instance["PendingModifiedValues"] == {"DBInstanceClass": "db.r7g.xlarge", "MultiAZ": True, "Port": 5433}
    with refused("InvalidDBInstanceState"):
        db.modify(MultiAZ=False)
    instance = db.wait_until_available()
    assert (
        instance["DBInstanceClass"] == "db.r7g.xlarge" and instance["MultiAZ"] and instance["Endpoint"]["Port"] == 5433
    )
    assert instance["PendingModifiedValues"] == {} and instance["CopyTagsToSnapshot"]
    db.modify(MaxAllocatedStorage=20)
    assert "MaxAllocatedStorage" not in db.get()


def test_storage_can_only_grow(db, refused):
    with refused("InvalidParameterCombination", "less than 400"):
        db.create_primary(Iops=12000)
    db.create_primary(AllocatedStorage=400)
    instance = db.wait_until_available()
    assert (instance["Iops"], instance["StorageThroughput"]) == (12000, 500)
    with refused("InvalidParameterCombination", "less than the current"):
        db.modify(AllocatedStorage=300)
    with refused("InvalidParameterCombination", "IOPS"):
        db.modify(AllocatedStorage=500)
    db.modify(AllocatedStorage=410, Iops=12000, StorageThroughput=500)
    assert db.wait_until_available()["AllocatedStorage"] == 440


def test_replica_needs_backups_and_outlives_its_source(db, refused):
    db.create_primary(BackupRetentionPeriod=0)
    db.wait_until_available()
    with refused("InvalidDBInstanceState", "backups"):
        db.create_replica()
    db.modify(BackupRetentionPeriod=7)
    db.wait_until_available()
    created = db.create_replica()
    assert created["ReadReplicaSourceDBInstanceIdentifier"] == "s000" and created["BackupRetentionPeriod"] == 0
    db.wait_until_available("s000-r1")
    assert db.get()["ReadReplicaDBInstanceIdentifiers"] == ["s000-r1"]
    with refused("InvalidParameterCombination"):
        db.rds.delete_db_instance(DBInstanceIdentifier="s000-r1", FinalDBSnapshotIdentifier="x")
    db.rds.delete_db_instance(DBInstanceIdentifier="s000", SkipFinalSnapshot=True)
    assert "ReadReplicaSourceDBInstanceIdentifier" not in db.get("s000-r1")


def test_replica_can_be_promoted(db, refused):
    db.create_primary(BackupRetentionPeriod=1)
    db.wait_until_available()
    db.create_replica()
    db.wait_until_available("s000-r1")
    db.rds.promote_read_replica(DBInstanceIdentifier="s000-r1")
    db.until(lambda: "ReadReplicaSourceDBInstanceIdentifier" not in db.get("s000-r1"))
    with refused("DBInstanceNotFound"):
        db.rds.promote_read_replica(DBInstanceIdentifier="none")
    (group,) = db.rds.describe_db_parameter_groups(DBParameterGroupName="p17")["DBParameterGroups"]
    assert group["DBParameterGroupFamily"] == "postgres17"
    with refused("DBParameterGroupNotFound"):
        db.rds.describe_db_parameter_groups(DBParameterGroupName="none")


def test_major_upgrade_needs_a_matching_parameter_group(db, refused):
    rds = db.rds
    with refused("InvalidParameterCombination", "Cannot find version"):
        db.create_primary(EngineVersion="99")
    with refused("InvalidParameterCombination", "DBParameterGroupFamily"):
        db.create_primary(EngineVersion="16")
    db.create_primary(EngineVersion="17.4")
    db.wait_until_available()
    rds.create_db_parameter_group(DBParameterGroupName="p18", DBParameterGroupFamily="postgres18", Description="p")
    with refused("InvalidParameterCombination", "AllowMajorVersionUpgrade"):
        db.modify(EngineVersion="18", DBParameterGroupName="p18")
    with refused("InvalidParameterCombination", "DBParameterGroupFamily"):
        db.modify(EngineVersion="18", AllowMajorVersionUpgrade=True)
    db.modify(EngineVersion="18", AllowMajorVersionUpgrade=True, DBParameterGroupName="p18")
    assert db.wait_until_available()["EngineVersion"] == "18.1"
    with refused("InvalidParameterCombination", "Cannot upgrade"):
        db.modify(EngineVersion="17")


def test_static_parameters_apply_after_a_reboot(db, refused):
    rds = db.rds
    db.create_primary()
    db.wait_until_available()
    with refused("InvalidParameterCombination", "static"):
        rds.modify_db_parameter_group(DBParameterGroupName="p17", Parameters=[STATIC | {"ApplyMethod": "immediate"}])
    with refused("InvalidParameterValue", "Could not find"):
        rds.modify_db_parameter_group(DBParameterGroupName="p17", Parameters=[STATIC | {"ParameterName": "nothing"}])
    rds.modify_db_parameter_group(DBParameterGroupName="p17", Parameters=[STATIC])
    user = rds.describe_db_parameters(DBParameterGroupName="p17", Source="user")["Parameters"]
    assert [(item["ParameterName"], item["ParameterValue"]) for item in user] == [("rds.logical_replication", "1")]
    assert db.get()["DBParameterGroups"][0]["ParameterApplyStatus"] == "pending-reboot"
    rds.reboot_db_instance(DBInstanceIdentifier="s000")
    assert db.wait_until_available()["DBParameterGroups"][0]["ParameterApplyStatus"] == "in-sync"
    rds.reset_db_parameter_group(DBParameterGroupName="p17", ResetAllParameters=False, Parameters=[STATIC])
    assert not rds.describe_db_parameters(DBParameterGroupName="p17", Source="user")["Parameters"]
    paged = rds.describe_db_parameters(DBParameterGroupName="p17", MaxRecords=20)
    assert len(paged["Parameters"]) == 20 and paged["Marker"]


def test_invalid_groups_and_instances_are_refused(db, net, aws, refused):
    rds = db.rds
    with refused("DBSubnetGroupDoesNotCoverEnoughAZs"):
        rds.create_db_subnet_group(DBSubnetGroupName="one", DBSubnetGroupDescription="d", SubnetIds=net.subnets[:1])
    with refused("InvalidSubnet"):
        rds.create_db_subnet_group(DBSubnetGroupName="no", DBSubnetGroupDescription="d", SubnetIds=["subnet-00000000"])
    with refused("DBSubnetGroupAlreadyExists"):
        rds.create_db_subnet_group(DBSubnetGroupName="Data", DBSubnetGroupDescription="d", SubnetIds=net.subnets)
    with refused("DBParameterGroupAlreadyExists"):
        rds.create_db_parameter_group(DBParameterGroupName="p17", DBParameterGroupFamily="postgres17", Description="p")
    with refused("InvalidParameterValue", "overlap"):
        db.create_primary(PreferredBackupWindow="02:00-03:00", PreferredMaintenanceWindow="sun:02:30-sun:03:00")
    with refused("InvalidParameterCombination", "MonitoringRoleARN"):
        db.create_primary(MonitoringInterval=60)
    with refused("InvalidParameterValue", "ENHANCED_MONITORING"):
        db.create_primary(MonitoringInterval=60, MonitoringRoleArn=f"arn:aws:iam::{aws.id}:role/none")
    with refused("InvalidParameterValue", "reserved"):
        db.create_primary(MasterUsername="postgres")
    with refused("InvalidParameterCombination", "log types"):
        db.create_primary(EnableCloudwatchLogsExports=["slowquery"])
    with refused("DBSubnetGroupNotFoundFault"):
        db.create_primary(DBSubnetGroupName="nothing")


def test_subnet_group_tags_can_be_added_and_removed(db, refused):
    rds = db.rds
    arn = rds.describe_db_subnet_groups()["DBSubnetGroups"][0]["DBSubnetGroupArn"]
    rds.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}])
    rds.remove_tags_from_resource(ResourceName=arn, TagKeys=["a"])
    assert rds.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "c", "Value": "d"}]
    with refused("DBParameterGroupNotFound"):
        rds.list_tags_for_resource(ResourceName=arn.replace("subgrp:data", "pg:nothing"))


def test_orderable_options_match_engine_and_class(db):
    find = lambda **more: db.rds.describe_orderable_db_instance_options(**more)["OrderableDBInstanceOptions"]  # noqa: E731
    found = find(Engine="postgres", DBInstanceClass="db.r7g.large")
    assert "17.5" in {item["EngineVersion"] for item in found} and len(found[0]["AvailabilityZones"]) == 3
    assert find(Engine="postgres", DBInstanceClass="db.z9.large") == []


def test_omitted_settings_get_service_defaults(db, aws, refused):
    rds, credentials = db.rds, {"MasterUsername": "admin", "MasterUserPassword": "passw0rd!"}
    created = rds.create_db_instance(
        DBInstanceIdentifier="m", Engine="mysql", DBInstanceClass="db.t4g.micro", AllocatedStorage=20, **credentials
    )["DBInstance"]
    assert created["DBSubnetGroup"]["DBSubnetGroupName"] == "default" and created["StorageType"] == "gp2"
    assert [item["DBParameterGroupName"] for item in created["DBParameterGroups"]] == ["default.mysql8.4"]
    assert "Endpoint" not in created and "MasterUserSecret" not in created
    (group,) = aws.ec2.describe_security_groups(
        GroupIds=[item["VpcSecurityGroupId"] for item in created["VpcSecurityGroups"]]
    )["SecurityGroups"]
    assert group["GroupName"] == "default"
    assert db.wait_until_available("m")["Endpoint"]["Port"] == 3306
    with refused("InvalidParameterValue", "default"):
        rds.modify_db_parameter_group(DBParameterGroupName="default.mysql8.4", Parameters=[STATIC])
    with refused("InvalidParameterValue", "default"):
        rds.delete_db_parameter_group(DBParameterGroupName="default.mysql8.4")
