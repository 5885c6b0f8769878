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

    def primary(self, **more):
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

    def replica(self, **more):
        settings = {"DBInstanceIdentifier": "s000-r1", "SourceDBInstanceIdentifier": "s000", **more}
        return self.rds.create_db_instance_read_replica(**settings)["DBInstance"]

    def get(self, name="s000"):
        return self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]

    def available(self, name="s000"):
        return self.until(lambda: (one := self.get(name))["DBInstanceStatus"] == "available" and one)

    def modify(self, **more):
        self.rds.modify_db_instance(DBInstanceIdentifier="s000", ApplyImmediately=True, **more)

    def gone(self, name="s000"):
        names = lambda: {one["DBInstanceIdentifier"] for one in self.rds.describe_db_instances()["DBInstances"]}  # noqa: E731
        return self.until(lambda: name not in names())


@pytest.fixture
def db(aws, net, until):
    return Rds(aws, net, until)


def test_instance_lives_and_dies(db, net, refused):
    rds, ec2 = db.rds, db.aws.ec2
    made = db.primary(Tags=[{"Key": "a", "Value": "b"}], DeletionProtection=True)
    assert made["DBInstanceStatus"] == "creating" and "Endpoint" not in made and made["EngineVersion"] == "17.5"
    with refused("DBInstanceAlreadyExists"):
        db.primary()
    with refused("InvalidDBInstanceState"):
        db.modify(MultiAZ=True)
    one = db.available()
    assert one["Endpoint"]["Port"] == 5432 and one["TagList"] == [{"Key": "a", "Value": "b"}]
    assert (one["Iops"], one["StorageThroughput"], one["KmsKeyId"][:12]) == (3000, 125, "arn:aws:kms:")
    secret = db.aws.secretsmanager.get_secret_value(SecretId=one["MasterUserSecret"]["SecretArn"])
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
    db.gone()
    with refused("DBInstanceNotFound"):
        db.get()
    assert [one["DBSnapshotIdentifier"] for one in rds.describe_db_snapshots()["DBSnapshots"]] == ["last"]
    rds.delete_db_snapshot(DBSnapshotIdentifier="last")
    rds.delete_db_parameter_group(DBParameterGroupName="p17")
    rds.delete_db_subnet_group(DBSubnetGroupName="data")
    ec2.delete_security_group(GroupId=net.group)


def test_a_change_is_pending_and_then_done(db, refused):
    db.primary(MaxAllocatedStorage=40)
    db.available()
    db.modify(DBInstanceClass="db.r7g.xlarge", MultiAZ=True, DBPortNumber=5433, CopyTagsToSnapshot=True)
    one = db.get()
    assert one["DBInstanceStatus"] == "modifying" and one["DBInstanceClass"] == "db.r7g.large"
    assert one["PendingModifiedValues"] == {"DBInstanceClass": "db.r7g.xlarge", "MultiAZ": True, "Port": 5433}
    with refused("InvalidDBInstanceState"):
        db.modify(MultiAZ=False)
    one = db.available()
    assert one["DBInstanceClass"] == "db.r7g.xlarge" and one["MultiAZ"] and one["Endpoint"]["Port"] == 5433
    assert one["PendingModifiedValues"] == {} and one["CopyTagsToSnapshot"]
    db.modify(MaxAllocatedStorage=20)
    assert "MaxAllocatedStorage" not in db.get()


def test_storage_grows_only(db, refused):
    with refused("InvalidParameterCombination", "less than 400"):
        db.primary(Iops=12000)
    db.primary(AllocatedStorage=400)
    one = db.available()
    assert (one["Iops"], one["StorageThroughput"]) == (12000, 500)
    with refused("InvalidParameterCombination", "less than the current"):
        db.modify(AllocatedStorage=300)
    with refused("InvalidParameterCombination", "IOPS"):
        db.modify(AllocatedStorage=500)
    db.modify(AllocatedStorage=410, Iops=12000, StorageThroughput=500)
    assert db.available()["AllocatedStorage"] == 440


def test_replicas_follow_and_are_promoted(db, refused):
    db.primary(BackupRetentionPeriod=0)
    db.available()
    with refused("InvalidDBInstanceState", "backups"):
        db.replica()
    db.modify(BackupRetentionPeriod=7)
    db.available()
    made = db.replica()
    assert made["ReadReplicaSourceDBInstanceIdentifier"] == "s000" and made["BackupRetentionPeriod"] == 0
    db.available("s000-r1")
    assert db.get()["ReadReplicaDBInstanceIdentifiers"] == ["s000-r1"]
    with refused("InvalidParameterCombination"):
        db.rds.delete_db_instance(DBInstanceIdentifier="s000-r1", FinalDBSnapshotIdentifier="x")
    db.rds.delete_db_instance(DBInstanceIdentifier="s000", SkipFinalSnapshot=True)
    assert "ReadReplicaSourceDBInstanceIdentifier" not in db.get("s000-r1")


def test_a_replica_is_promoted(db, refused):
    db.primary(BackupRetentionPeriod=1)
    db.available()
    db.replica()
    db.available("s000-r1")
    db.rds.promote_read_replica(DBInstanceIdentifier="s000-r1")
    db.until(lambda: "ReadReplicaSourceDBInstanceIdentifier" not in db.get("s000-r1"))
    with refused("DBInstanceNotFound"):
        db.rds.promote_read_replica(DBInstanceIdentifier="none")
    (group,) = db.rds.describe_db_parameter_groups(DBParameterGroupName="p17")["DBParameterGroups"]
    assert group["DBParameterGroupFamily"] == "postgres17"
    with refused("DBParameterGroupNotFound"):
        db.rds.describe_db_parameter_groups(DBParameterGroupName="none")


def test_versions_go_up_with_their_parameters(db, refused):
    rds = db.rds
    with refused("InvalidParameterCombination", "Cannot find version"):
        db.primary(EngineVersion="99")
    with refused("InvalidParameterCombination", "DBParameterGroupFamily"):
        db.primary(EngineVersion="16")
    db.primary(EngineVersion="17.4")
    db.available()
    rds.create_db_parameter_group(
        DBParameterGroupName="p18", DBParameterGroupFamily="postgres18", Description="p"
    )
    with refused("InvalidParameterCombination", "AllowMajorVersionUpgrade"):
        db.modify(EngineVersion="18", DBParameterGroupName="p18")
    with refused("InvalidParameterCombination", "DBParameterGroupFamily"):
        db.modify(EngineVersion="18", AllowMajorVersionUpgrade=True)
    db.modify(EngineVersion="18", AllowMajorVersionUpgrade=True, DBParameterGroupName="p18")
    assert db.available()["EngineVersion"] == "18.1"
    with refused("InvalidParameterCombination", "Cannot upgrade"):
        db.modify(EngineVersion="17")


def test_static_parameters_wait_for_a_restart(db, refused):
    rds = db.rds
    db.primary()
    db.available()
    with refused("InvalidParameterCombination", "static"):
        rds.modify_db_parameter_group(
            DBParameterGroupName="p17", Parameters=[STATIC | {"ApplyMethod": "immediate"}]
        )
    with refused("InvalidParameterValue", "Could not find"):
        rds.modify_db_parameter_group(
            DBParameterGroupName="p17", Parameters=[STATIC | {"ParameterName": "nothing"}]
        )
    rds.modify_db_parameter_group(DBParameterGroupName="p17", Parameters=[STATIC])
    user = rds.describe_db_parameters(DBParameterGroupName="p17", Source="user")["Parameters"]
    assert [(one["ParameterName"], one["ParameterValue"]) for one in user] == [("rds.logical_replication", "1")]
    assert db.get()["DBParameterGroups"][0]["ParameterApplyStatus"] == "pending-reboot"
    rds.reboot_db_instance(DBInstanceIdentifier="s000")
    assert db.available()["DBParameterGroups"][0]["ParameterApplyStatus"] == "in-sync"
    rds.reset_db_parameter_group(DBParameterGroupName="p17", ResetAllParameters=False, Parameters=[STATIC])
    assert not rds.describe_db_parameters(DBParameterGroupName="p17", Source="user")["Parameters"]
    paged = rds.describe_db_parameters(DBParameterGroupName="p17", MaxRecords=20)
    assert len(paged["Parameters"]) == 20 and paged["Marker"]


def test_what_is_refused(db, net, aws, refused):
    rds = db.rds
    with refused("DBSubnetGroupDoesNotCoverEnoughAZs"):
        rds.create_db_subnet_group(
            DBSubnetGroupName="one", DBSubnetGroupDescription="d", SubnetIds=net.subnets[:1]
        )
    with refused("InvalidSubnet"):
        rds.create_db_subnet_group(
            DBSubnetGroupName="no", DBSubnetGroupDescription="d", SubnetIds=["subnet-00000000"]
        )
    with refused("DBSubnetGroupAlreadyExists"):
        rds.create_db_subnet_group(
            DBSubnetGroupName="Data", DBSubnetGroupDescription="d", SubnetIds=net.subnets
        )
    with refused("DBParameterGroupAlreadyExists"):
        rds.create_db_parameter_group(
            DBParameterGroupName="p17", DBParameterGroupFamily="postgres17", Description="p"
        )
    with refused("InvalidParameterValue", "overlap"):
        db.primary(
            PreferredBackupWindow="02:00-03:00", PreferredMaintenanceWindow="sun:02:30-sun:03:00"
        )
    with refused("InvalidParameterCombination", "MonitoringRoleARN"):
        db.primary(MonitoringInterval=60)
    with refused("InvalidParameterValue", "ENHANCED_MONITORING"):
        db.primary(MonitoringInterval=60, MonitoringRoleArn=f"arn:aws:iam::{aws.id}:role/none")
    with refused("InvalidParameterValue", "reserved"):
        db.primary(MasterUsername="postgres")
    with refused("InvalidParameterCombination", "log types"):
        db.primary(EnableCloudwatchLogsExports=["slowquery"])
    with refused("DBSubnetGroupNotFoundFault"):
        db.primary(DBSubnetGroupName="nothing")


def test_tags_of_groups(db, refused):
    rds = db.rds
    arn = rds.describe_db_subnet_groups()["DBSubnetGroups"][0]["DBSubnetGroupArn"]
    rds.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}])
    rds.remove_tags_from_resource(ResourceName=arn, TagKeys=["a"])
    assert rds.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "c", "Value": "d"}]
    with refused("DBParameterGroupNotFound"):
        rds.list_tags_for_resource(ResourceName=arn.replace("subgrp:data", "pg:nothing"))


def test_what_is_offered(db):
    find = lambda **more: db.rds.describe_orderable_db_instance_options(**more)["OrderableDBInstanceOptions"]  # noqa: E731
    found = find(Engine="postgres", DBInstanceClass="db.r7g.large")
    assert "17.5" in {one["EngineVersion"] for one in found} and len(found[0]["AvailabilityZones"]) == 3
    assert find(Engine="postgres", DBInstanceClass="db.z9.large") == []


def test_what_is_left_out_is_the_services_own(db, aws, refused):
    rds, login = db.rds, {"MasterUsername": "admin", "MasterUserPassword": "passw0rd!"}
    made = rds.create_db_instance(
        DBInstanceIdentifier="m", Engine="mysql", DBInstanceClass="db.t4g.micro", AllocatedStorage=20, **login
    )["DBInstance"]
    assert made["DBSubnetGroup"]["DBSubnetGroupName"] == "default" and made["StorageType"] == "gp2"
    assert [one["DBParameterGroupName"] for one in made["DBParameterGroups"]] == ["default.mysql8.4"]
    assert "Endpoint" not in made and "MasterUserSecret" not in made
    (group,) = aws.ec2.describe_security_groups(
        GroupIds=[one["VpcSecurityGroupId"] for one in made["VpcSecurityGroups"]]
    )["SecurityGroups"]
    assert group["GroupName"] == "default"
    assert db.available("m")["Endpoint"]["Port"] == 3306
    with refused("InvalidParameterValue", "default"):
        rds.modify_db_parameter_group(DBParameterGroupName="default.mysql8.4", Parameters=[STATIC])
    with refused("InvalidParameterValue", "default"):
        rds.delete_db_parameter_group(DBParameterGroupName="default.mysql8.4")
