"""Replication groups, their parameter, subnet and user groups, and their automatic scaling."""

import pytest

VALKEY = {"Engine": "valkey", "EngineVersion": "8.1", "CacheNodeType": "cache.r7g.large"}


class Caches:
    def __init__(self, aws, net):
        self.aws, self.net, self.cache = aws, net, aws.elasticache
        self.cache.create_cache_subnet_group(
            CacheSubnetGroupName="Data", CacheSubnetGroupDescription="data", SubnetIds=net.subnets
        )
        self.create_parameter_group("hot")

    def create_parameter_group(self, name: str, family: str = "valkey8", cluster: str = "yes"):
        self.cache.create_cache_parameter_group(
            CacheParameterGroupName=name, CacheParameterGroupFamily=family, Description="test"
        )
        self.cache.modify_cache_parameter_group(
            CacheParameterGroupName=name,
            ParameterNameValues=[{"ParameterName": "cluster-enabled", "ParameterValue": cluster}],
        )

    def create(self, name="hot", **more):
        settings = {
            "ReplicationGroupId": name,
            "ReplicationGroupDescription": "test",
            **VALKEY,
            "CacheSubnetGroupName": "data",
            "CacheParameterGroupName": "hot",
            "SecurityGroupIds": [self.net.group],
            "ClusterMode": "enabled",
            "NumNodeGroups": 2,
            "ReplicasPerNodeGroup": 1,
            "AutomaticFailoverEnabled": True,
            "TransitEncryptionEnabled": True,
            "Tags": [{"Key": "team", "Value": "api"}],
            **more,
        }
        return self.cache.create_replication_group(**settings)["ReplicationGroup"]

    def describe(self, name="hot"):
        return self.cache.describe_replication_groups(ReplicationGroupId=name)["ReplicationGroups"][0]

    def modify(self, **more):
        return self.cache.modify_replication_group(ReplicationGroupId="hot", ApplyImmediately=True, **more)


@pytest.fixture
def caches(aws, net):
    return Caches(aws, net)


@pytest.fixture
def hot(caches, until):
    caches.create()
    until(lambda: caches.describe()["Status"] == "available")
    return caches


def wait_until_available(caches, until):
    until(lambda: caches.describe()["Status"] == "available")
    return caches.describe()


def test_replication_group_is_created_asynchronously(caches, until, refused):
    created = caches.create()
    assert created["Status"] == "creating" and "ConfigurationEndpoint" not in created
    with refused("InvalidReplicationGroupState"):
        caches.cache.list_tags_for_resource(ResourceName=created["ARN"])
    with refused("ReplicationGroupAlreadyExists"):
        caches.create()
    group = wait_until_available(caches, until)
    assert group["ConfigurationEndpoint"]["Address"].startswith("clustercfg.hot.")
    assert [len(shard["NodeGroupMembers"]) for shard in group["NodeGroups"]] == [2, 2]
    tags = caches.cache.list_tags_for_resource(ResourceName=created["ARN"])["TagList"]
    assert tags == [{"Key": "team", "Value": "api"}]
    with refused("InvalidARN"):
        caches.cache.add_tags_to_resource(ResourceName="hot", Tags=[{"Key": "team", "Value": "web"}])


def test_cache_clusters_return_version_subnet_group_and_security_groups(hot):
    nodes = hot.cache.describe_cache_clusters()["CacheClusters"]
    assert len(nodes) == 4 and {node["ReplicationGroupId"] for node in nodes} == {"hot"}
    assert nodes[0]["CacheSubnetGroupName"] == "data" and nodes[0]["EngineVersion"] == "8.1.1"
    assert nodes[0]["SecurityGroups"] == [{"SecurityGroupId": hot.net.group, "Status": "active"}]


def test_inconsistent_replication_groups_are_refused(caches, refused):
    caches.create_parameter_group("plain", cluster="no")
    caches.create_parameter_group("old", family="redis7")
    with refused("InvalidParameterCombination", "cluster-enabled"):
        caches.create(CacheParameterGroupName="plain")
    with refused("InvalidParameterCombination", "not for valkey"):
        caches.create(CacheParameterGroupName="old")
    with refused("InvalidParameterCombination", "replica"):
        caches.create(ReplicasPerNodeGroup=0, MultiAZEnabled=True)
    with refused("InvalidParameterCombination", "failover"):
        caches.create(AutomaticFailoverEnabled=False)
    with refused("InvalidParameterValue", "version"):
        caches.create(EngineVersion="3.0")
    with refused("CacheSubnetGroupNotFoundFault"):
        caches.create(CacheSubnetGroupName="other")


def test_replication_group_accepts_one_change_at_a_time(hot, until, refused):
    hot.modify(CacheNodeType="cache.r7g.xlarge")
    node = hot.cache.describe_cache_clusters(CacheClusterId="hot-0001-001")["CacheClusters"][0]
    assert node["PendingModifiedValues"] == {"CacheNodeType": "cache.r7g.xlarge"}
    with refused("InvalidReplicationGroupState"):
        hot.modify(SnapshotRetentionLimit=3)
    with refused("InvalidReplicationGroupState"):
        hot.cache.delete_replication_group(ReplicationGroupId="hot")
    assert wait_until_available(hot, until)["CacheNodeType"] == "cache.r7g.xlarge"


def test_shards_and_replicas_can_be_added_and_removed(hot, until, refused):
    set_shards = hot.cache.modify_replication_group_shard_configuration
    target = {"ReplicationGroupId": "hot", "ApplyImmediately": True}
    set_shards(**target, NodeGroupCount=3)
    assert "Resharding" in hot.describe()["PendingModifiedValues"]
    assert len(wait_until_available(hot, until)["NodeGroups"]) == 3
    with refused("InvalidParameterCombination", "named"):
        set_shards(**target, NodeGroupCount=2)
    set_shards(**target, NodeGroupCount=2, NodeGroupsToRemove=["0002"])
    assert [shard["NodeGroupId"] for shard in wait_until_available(hot, until)["NodeGroups"]] == ["0001", "0003"]
    with refused("NoOperationFault"):
        hot.cache.increase_replica_count(**target, NewReplicaCount=1)
    hot.cache.increase_replica_count(**target, NewReplicaCount=2)
    assert len(wait_until_available(hot, until)["MemberClusters"]) == 6
    hot.cache.decrease_replica_count(**target, NewReplicaCount=0)
    assert len(wait_until_available(hot, until)["MemberClusters"]) == 2


def test_engine_change_needs_a_matching_parameter_group(caches, until, refused):
    caches.create_parameter_group("old", family="redis7")
    caches.create(Engine="redis", EngineVersion="7.1", CacheParameterGroupName="old")
    wait_until_available(caches, until)
    with refused("InvalidParameterCombination", "not for valkey"):
        caches.modify(Engine="valkey", EngineVersion="8.1")
    caches.modify(Engine="valkey", EngineVersion="8.1", CacheParameterGroupName="hot")
    assert wait_until_available(caches, until)["Engine"] == "valkey"
    with refused("InvalidParameterCombination", "no way"):
        caches.modify(Engine="redis", EngineVersion="7.1", CacheParameterGroupName="old")


def test_transit_encryption_must_be_preferred_before_it_is_required(caches, until, refused):
    caches.create(TransitEncryptionEnabled=False)
    wait_until_available(caches, until)
    with refused("InvalidParameterCombination", "preferred"):
        caches.modify(TransitEncryptionEnabled=True, TransitEncryptionMode="required")
    caches.modify(TransitEncryptionEnabled=True, TransitEncryptionMode="preferred")
    assert wait_until_available(caches, until)["TransitEncryptionMode"] == "preferred"
    caches.modify(TransitEncryptionEnabled=True, TransitEncryptionMode="required")
    assert wait_until_available(caches, until)["TransitEncryptionMode"] == "required"


def test_groups_of_a_replication_group_cannot_be_deleted(hot, until, refused):
    for call in (
        lambda: hot.cache.delete_cache_subnet_group(CacheSubnetGroupName="data"),
        lambda: hot.cache.modify_cache_subnet_group(CacheSubnetGroupName="data", SubnetIds=hot.net.subnets[:1]),
    ):
        with pytest.raises(Exception, match="InUse"):
            call()
    with refused("InvalidCacheParameterGroupState"):
        hot.cache.delete_cache_parameter_group(CacheParameterGroupName="hot")
    with refused("DependencyViolation"):
        hot.aws.ec2.delete_security_group(GroupId=hot.net.group)
    hot.cache.delete_replication_group(ReplicationGroupId="hot", FinalSnapshotIdentifier="last")
    assert hot.describe()["Status"] == "deleting"
    with refused("InvalidCacheParameterGroupState"):
        hot.cache.delete_cache_parameter_group(CacheParameterGroupName="hot")
    until(lambda: not hot.cache.describe_replication_groups()["ReplicationGroups"])
    with refused("ReplicationGroupNotFoundFault"):
        hot.describe()
    assert hot.cache.describe_snapshots()["Snapshots"][0]["SnapshotName"] == "last"
    hot.cache.delete_cache_parameter_group(CacheParameterGroupName="hot")
    hot.cache.delete_cache_subnet_group(CacheSubnetGroupName="data")
    hot.aws.ec2.delete_security_group(GroupId=hot.net.group)


def test_parameters_can_be_set_and_reset(caches, refused):
    def user_parameters():
        found = caches.cache.describe_cache_parameters(CacheParameterGroupName="hot", Source="user")["Parameters"]
        return {item["ParameterName"]: item["ParameterValue"] for item in found}

    def change(call, name, **value):
        call(CacheParameterGroupName="hot", ParameterNameValues=[{"ParameterName": name, **value}])

    set_parameters, reset_parameters = (
        caches.cache.modify_cache_parameter_group,
        caches.cache.reset_cache_parameter_group,
    )
    change(set_parameters, "maxmemory-policy", ParameterValue="allkeys-lru")
    assert user_parameters() == {"cluster-enabled": "yes", "maxmemory-policy": "allkeys-lru"}
    change(reset_parameters, "maxmemory-policy")
    assert user_parameters() == {"cluster-enabled": "yes"}
    with refused("InvalidParameterValue"):
        change(set_parameters, "maxmemory-policy", ParameterValue="other")
    with refused("InvalidParameterValue"):
        change(set_parameters, "no-such-parameter", ParameterValue="1")
    with refused("InvalidParameterValue"):
        caches.cache.create_cache_parameter_group(
            CacheParameterGroupName="x", CacheParameterGroupFamily="valkey1", Description="none"
        )


def test_unknown_groups_are_refused(caches, refused):
    found = caches.cache.describe_cache_subnet_groups(CacheSubnetGroupName="data")["CacheSubnetGroups"][0]
    assert sorted(item["SubnetIdentifier"] for item in found["Subnets"]) == sorted(caches.net.subnets)
    with refused("CacheSubnetGroupNotFoundFault"):
        caches.cache.describe_cache_subnet_groups(CacheSubnetGroupName="none")
    with refused("CacheParameterGroupNotFound"):
        caches.cache.describe_cache_parameter_groups(CacheParameterGroupName="none")
    with refused("ReplicationGroupNotFoundFault"):
        caches.cache.describe_replication_groups(ReplicationGroupId="none")


def test_parameter_groups_are_listed_in_pages(caches):
    for number in range(25):
        caches.create_parameter_group(f"more-{number}")
    list_groups = caches.cache.describe_cache_parameter_groups
    first = list_groups(MaxRecords=20)
    second = list_groups(MaxRecords=20, Marker=first["Marker"])
    names = [item["CacheParameterGroupName"] for page in (first, second) for item in page["CacheParameterGroups"]]
    assert len(set(names)) == 26 and "Marker" not in second


def test_user_group_cannot_be_changed_while_pending_or_deleted_while_in_use(caches, until, refused):
    cache = caches.cache
    user = {"UserName": "app", "Engine": "valkey", "AccessString": "on ~* +@all"}
    with refused("InvalidParameterValue"):
        cache.create_user(UserId="app", Passwords=["short"], **user)
    with refused("InvalidParameterCombination"):
        cache.create_user(UserId="app", **user)
    created = cache.create_user(UserId="app", Passwords=["0123456789abcdef"], **user)
    assert created["Authentication"] == {"Type": "password", "PasswordCount": 1}
    cache.create_user(UserId="open", NoPasswordRequired=True, **{**user, "UserName": "open"})
    with refused("DefaultUserRequired"):
        cache.create_user_group(UserGroupId="g", Engine="redis", UserIds=["app"])
    cache.create_user_group(UserGroupId="g", Engine="valkey", UserIds=["app"])
    with refused("InvalidUserGroupState"):
        cache.modify_user_group(UserGroupId="g", UserIdsToAdd=["open"])

    def group():
        return cache.describe_user_groups(UserGroupId="g")["UserGroups"][0]

    until(lambda: group()["Status"] == "active")
    cache.modify_user_group(UserGroupId="g", UserIdsToAdd=["open"])
    assert group()["PendingChanges"] == {"UserIdsToAdd": ["open"]}
    until(lambda: group()["Status"] == "active")
    assert group()["UserIds"] == ["app", "open"]
    caches.create(UserGroupIds=["g"])
    wait_until_available(caches, until)
    assert group()["ReplicationGroups"] == ["hot"]
    with refused("InvalidUserGroupState"):
        cache.delete_user_group(UserGroupId="g")
    caches.modify(RemoveUserGroups=True)
    assert wait_until_available(caches, until)["UserGroupIds"] == []
    cache.delete_user_group(UserGroupId="g")
    until(lambda: not cache.describe_user_groups()["UserGroups"])
    cache.delete_user(UserId="app")
    until(lambda: len(cache.describe_users()["Users"]) == 1)
    with refused("UserNotFound"):
        cache.describe_users(UserId="app")


def test_log_delivery_can_be_enabled_and_disabled(hot, until):
    log = {
        "LogType": "slow-log",
        "DestinationType": "cloudwatch-logs",
        "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "slow"}},
        "LogFormat": "json",
    }
    hot.modify(LogDeliveryConfigurations=[log])
    assert wait_until_available(hot, until)["LogDeliveryConfigurations"] == [{**log, "Status": "active"}]
    hot.modify(LogDeliveryConfigurations=[{"LogType": "slow-log", "Enabled": False}])
    assert wait_until_available(hot, until)["LogDeliveryConfigurations"] == []


def test_scalable_targets_and_policies_can_be_registered_and_removed(hot, refused):
    scaling = getattr(hot.aws, "application-autoscaling")
    create_plain_group(hot)
    for name in ("plain", "cold"):
        with refused("ValidationException"):
            scaling.register_scalable_target(
                ServiceNamespace="elasticache",
                ResourceId=f"replication-group/{name}",
                ScalableDimension="elasticache:replication-group:Replicas",
                MinCapacity=1,
                MaxCapacity=2,
            )
    target = {
        "ServiceNamespace": "elasticache",
        "ResourceId": "replication-group/hot",
        "ScalableDimension": "elasticache:replication-group:NodeGroups",
    }
    scaling.register_scalable_target(**target, MinCapacity=2, MaxCapacity=8)
    scaling.register_scalable_target(**target, MaxCapacity=6)
    found = scaling.describe_scalable_targets(ServiceNamespace="elasticache")["ScalableTargets"]
    assert [(item["MinCapacity"], item["MaxCapacity"]) for item in found] == [(2, 6)]

    def policy(metric):
        return scaling.put_scaling_policy(
            **target,
            PolicyName="cpu",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={
                "TargetValue": 60.0,
                "PredefinedMetricSpecification": {"PredefinedMetricType": metric},
            },
        )

    with refused("ValidationException"):
        policy("ElastiCacheReplicaEngineCPUUtilization")
    first = policy("ElastiCachePrimaryEngineCPUUtilization")
    assert policy("ElastiCachePrimaryEngineCPUUtilization")["PolicyARN"] == first["PolicyARN"]
    scaling.delete_scaling_policy(**target, PolicyName="cpu")
    with refused("ObjectNotFoundException"):
        scaling.delete_scaling_policy(**target, PolicyName="cpu")
    policy("ElastiCachePrimaryEngineCPUUtilization")
    scaling.deregister_scalable_target(**target)
    assert scaling.describe_scaling_policies(ServiceNamespace="elasticache")["ScalingPolicies"] == []
    with refused("ObjectNotFoundException"):
        scaling.deregister_scalable_target(**target)


def create_plain_group(caches, name="plain", **more):
    """Creates a group of a primary and a replica, with ElastiCache's defaults for all other settings."""
    settings = {"Engine": "redis", "CacheNodeType": "cache.t4g.micro", **({"NumCacheClusters": 2} | more)}
    created = caches.cache.create_replication_group(
        ReplicationGroupId=name, ReplicationGroupDescription="p", **settings
    )
    return created["ReplicationGroup"]


def test_group_without_cluster_mode_has_one_shard(caches, until, refused):
    created = create_plain_group(caches, AutomaticFailoverEnabled=True, MultiAZEnabled=True)
    assert created["MemberClusters"] == ["plain-001", "plain-002"] and not created["ClusterEnabled"]
    until(lambda: caches.describe("plain")["Status"] == "available")
    group = caches.describe("plain")
    (shard,) = group["NodeGroups"]
    assert "ConfigurationEndpoint" not in group and "Slots" not in shard
    assert shard["PrimaryEndpoint"]["Address"].startswith("master.plain.")
    assert shard["ReaderEndpoint"]["Address"].startswith("replica.plain.")
    assert [item["CurrentRole"] for item in shard["NodeGroupMembers"]] == ["primary", "replica"]
    (node,) = caches.cache.describe_cache_clusters(CacheClusterId="plain-001")["CacheClusters"]
    assert node["CacheParameterGroup"]["CacheParameterGroupName"] == "default.redis7"
    assert node["CacheSubnetGroupName"] == "default"
    caches.cache.increase_replica_count(ReplicationGroupId="plain", NewReplicaCount=2, ApplyImmediately=True)
    until(lambda: len(caches.describe("plain")["MemberClusters"]) == 3)
    with refused("InvalidParameterValue", "one shard"):
        caches.cache.modify_replication_group_shard_configuration(
            ReplicationGroupId="plain", NodeGroupCount=2, ApplyImmediately=True
        )


def test_shard_count_or_parameter_group_enables_cluster_mode(caches, refused):
    shards = {"NumNodeGroups": 2, "ReplicasPerNodeGroup": 1}
    assert create_plain_group(caches, "a", **shards, AutomaticFailoverEnabled=True)["ClusterEnabled"]
    assert create_plain_group(caches, "b", **VALKEY, CacheParameterGroupName="hot", AutomaticFailoverEnabled=True)[
        "ClusterEnabled"
    ]
    with refused("InvalidParameterCombination", "replica"):
        create_plain_group(caches, "c", NumCacheClusters=1, AutomaticFailoverEnabled=True)
    with refused("InvalidParameterCombination", "cluster-enabled"):
        create_plain_group(caches, "d", ClusterMode="disabled", CacheParameterGroupName="default.redis7.cluster.on")


def test_default_parameter_group_cannot_be_changed_or_deleted(caches, refused):
    change = [{"ParameterName": "timeout", "ParameterValue": "1"}]
    with refused("InvalidParameterValue"):
        caches.cache.modify_cache_parameter_group(CacheParameterGroupName="default.redis7", ParameterNameValues=change)
    with refused("InvalidParameterValue"):
        caches.cache.delete_cache_parameter_group(CacheParameterGroupName="default.redis7")
