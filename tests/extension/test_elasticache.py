"""Replication groups, what they are made of, and their automatic scaling."""

import pytest

VALKEY = {"Engine": "valkey", "EngineVersion": "8.1", "CacheNodeType": "cache.r7g.large"}


class Caches:
    def __init__(self, aws, net):
        self.aws, self.net, self.cache = aws, net, aws.elasticache
        self.cache.create_cache_subnet_group(
            CacheSubnetGroupName="Data", CacheSubnetGroupDescription="data", SubnetIds=net.subnets
        )
        self.parameters("hot")

    def parameters(self, name: str, family: str = "valkey8", cluster: str = "yes"):
        self.cache.create_cache_parameter_group(
            CacheParameterGroupName=name, CacheParameterGroupFamily=family, Description="made"
        )
        self.cache.modify_cache_parameter_group(
            CacheParameterGroupName=name,
            ParameterNameValues=[{"ParameterName": "cluster-enabled", "ParameterValue": cluster}],
        )

    def create(self, name="hot", **more):
        given = {
            "ReplicationGroupId": name,
            "ReplicationGroupDescription": "made",
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
        return self.cache.create_replication_group(**given)["ReplicationGroup"]

    def group(self, name="hot"):
        return self.cache.describe_replication_groups(ReplicationGroupId=name)["ReplicationGroups"][0]

    def modify(self, **more):
        return self.cache.modify_replication_group(ReplicationGroupId="hot", ApplyImmediately=True, **more)


@pytest.fixture
def caches(aws, net):
    return Caches(aws, net)


@pytest.fixture
def hot(caches, until):
    caches.create()
    until(lambda: caches.group()["Status"] == "available")
    return caches


def settled(caches, until):
    until(lambda: caches.group()["Status"] == "available")
    return caches.group()


def test_a_group_takes_a_while(caches, until, refused):
    made = caches.create()
    assert made["Status"] == "creating" and "ConfigurationEndpoint" not in made
    with refused("InvalidReplicationGroupState"):
        caches.cache.list_tags_for_resource(ResourceName=made["ARN"])
    with refused("ReplicationGroupAlreadyExists"):
        caches.create()
    group = settled(caches, until)
    assert group["ConfigurationEndpoint"]["Address"].startswith("clustercfg.hot.")
    assert [len(shard["NodeGroupMembers"]) for shard in group["NodeGroups"]] == [2, 2]
    tags = caches.cache.list_tags_for_resource(ResourceName=made["ARN"])["TagList"]
    assert tags == [{"Key": "team", "Value": "api"}]
    with refused("InvalidARN"):
        caches.cache.add_tags_to_resource(ResourceName="hot", Tags=[{"Key": "team", "Value": "web"}])


def test_its_nodes_say_the_rest(hot):
    nodes = hot.cache.describe_cache_clusters()["CacheClusters"]
    assert len(nodes) == 4 and {node["ReplicationGroupId"] for node in nodes} == {"hot"}
    assert nodes[0]["CacheSubnetGroupName"] == "data" and nodes[0]["EngineVersion"] == "8.1.1"
    assert nodes[0]["SecurityGroups"] == [{"SecurityGroupId": hot.net.group, "Status": "active"}]


def test_what_it_is_made_with_must_fit(caches, refused):
    caches.parameters("plain", cluster="no")
    caches.parameters("old", family="redis7")
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


def test_one_change_at_a_time(hot, until, refused):
    hot.modify(CacheNodeType="cache.r7g.xlarge")
    node = hot.cache.describe_cache_clusters(CacheClusterId="hot-0001-001")["CacheClusters"][0]
    assert node["PendingModifiedValues"] == {"CacheNodeType": "cache.r7g.xlarge"}
    with refused("InvalidReplicationGroupState"):
        hot.modify(SnapshotRetentionLimit=3)
    with refused("InvalidReplicationGroupState"):
        hot.cache.delete_replication_group(ReplicationGroupId="hot")
    assert settled(hot, until)["CacheNodeType"] == "cache.r7g.xlarge"


def test_shards_and_replicas(hot, until, refused):
    shards = hot.cache.modify_replication_group_shard_configuration
    given = {"ReplicationGroupId": "hot", "ApplyImmediately": True}
    shards(**given, NodeGroupCount=3)
    assert "Resharding" in hot.group()["PendingModifiedValues"]
    assert len(settled(hot, until)["NodeGroups"]) == 3
    with refused("InvalidParameterCombination", "named"):
        shards(**given, NodeGroupCount=2)
    shards(**given, NodeGroupCount=2, NodeGroupsToRemove=["0002"])
    assert [shard["NodeGroupId"] for shard in settled(hot, until)["NodeGroups"]] == ["0001", "0003"]
    with refused("NoOperationFault"):
        hot.cache.increase_replica_count(**given, NewReplicaCount=1)
    hot.cache.increase_replica_count(**given, NewReplicaCount=2)
    assert len(settled(hot, until)["MemberClusters"]) == 6
    hot.cache.decrease_replica_count(**given, NewReplicaCount=0)
    assert len(settled(hot, until)["MemberClusters"]) == 2


def test_the_engine_goes_with_its_parameters(caches, until, refused):
    caches.parameters("old", family="redis7")
    caches.create(Engine="redis", EngineVersion="7.1", CacheParameterGroupName="old")
    settled(caches, until)
    with refused("InvalidParameterCombination", "not for valkey"):
        caches.modify(Engine="valkey", EngineVersion="8.1")
    caches.modify(Engine="valkey", EngineVersion="8.1", CacheParameterGroupName="hot")
    assert settled(caches, until)["Engine"] == "valkey"
    with refused("InvalidParameterCombination", "no way"):
        caches.modify(Engine="redis", EngineVersion="7.1", CacheParameterGroupName="old")


def test_encryption_is_preferred_before_it_is_required(caches, until, refused):
    caches.create(TransitEncryptionEnabled=False)
    settled(caches, until)
    with refused("InvalidParameterCombination", "preferred"):
        caches.modify(TransitEncryptionEnabled=True, TransitEncryptionMode="required")
    caches.modify(TransitEncryptionEnabled=True, TransitEncryptionMode="preferred")
    assert settled(caches, until)["TransitEncryptionMode"] == "preferred"
    caches.modify(TransitEncryptionEnabled=True, TransitEncryptionMode="required")
    assert settled(caches, until)["TransitEncryptionMode"] == "required"


def test_what_it_uses_stays(hot, until, refused):
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
    assert hot.group()["Status"] == "deleting"
    with refused("InvalidCacheParameterGroupState"):
        hot.cache.delete_cache_parameter_group(CacheParameterGroupName="hot")
    until(lambda: not hot.cache.describe_replication_groups()["ReplicationGroups"])
    with refused("ReplicationGroupNotFoundFault"):
        hot.group()
    assert hot.cache.describe_snapshots()["Snapshots"][0]["SnapshotName"] == "last"
    hot.cache.delete_cache_parameter_group(CacheParameterGroupName="hot")
    hot.cache.delete_cache_subnet_group(CacheSubnetGroupName="data")
    hot.aws.ec2.delete_security_group(GroupId=hot.net.group)


def test_parameters_are_set_and_reset(caches, refused):
    def user():
        found = caches.cache.describe_cache_parameters(CacheParameterGroupName="hot", Source="user")["Parameters"]
        return {one["ParameterName"]: one["ParameterValue"] for one in found}

    def change(call, name, **value):
        call(CacheParameterGroupName="hot", ParameterNameValues=[{"ParameterName": name, **value}])

    modify, reset = caches.cache.modify_cache_parameter_group, caches.cache.reset_cache_parameter_group
    change(modify, "maxmemory-policy", ParameterValue="allkeys-lru")
    assert user() == {"cluster-enabled": "yes", "maxmemory-policy": "allkeys-lru"}
    change(reset, "maxmemory-policy")
    assert user() == {"cluster-enabled": "yes"}
    with refused("InvalidParameterValue"):
        change(modify, "maxmemory-policy", ParameterValue="other")
    with refused("InvalidParameterValue"):
        change(modify, "no-such-parameter", ParameterValue="1")
    with refused("InvalidParameterValue"):
        caches.cache.create_cache_parameter_group(
            CacheParameterGroupName="x", CacheParameterGroupFamily="valkey1", Description="none"
        )


def test_what_is_not_there(caches, refused):
    found = caches.cache.describe_cache_subnet_groups(CacheSubnetGroupName="data")["CacheSubnetGroups"][0]
    assert sorted(one["SubnetIdentifier"] for one in found["Subnets"]) == sorted(caches.net.subnets)
    with refused("CacheSubnetGroupNotFoundFault"):
        caches.cache.describe_cache_subnet_groups(CacheSubnetGroupName="none")
    with refused("CacheParameterGroupNotFound"):
        caches.cache.describe_cache_parameter_groups(CacheParameterGroupName="none")
    with refused("ReplicationGroupNotFoundFault"):
        caches.cache.describe_replication_groups(ReplicationGroupId="none")


def test_pages(caches):
    for number in range(25):
        caches.parameters(f"more-{number}")
    describe = caches.cache.describe_cache_parameter_groups
    first = describe(MaxRecords=20)
    second = describe(MaxRecords=20, Marker=first["Marker"])
    names = [one["CacheParameterGroupName"] for page in (first, second) for one in page["CacheParameterGroups"]]
    assert len(set(names)) == 26 and "Marker" not in second


def test_users_and_their_groups(caches, until, refused):
    cache = caches.cache
    user = {"UserName": "app", "Engine": "valkey", "AccessString": "on ~* +@all"}
    with refused("InvalidParameterValue"):
        cache.create_user(UserId="app", Passwords=["short"], **user)
    with refused("InvalidParameterCombination"):
        cache.create_user(UserId="app", **user)
    made = cache.create_user(UserId="app", Passwords=["0123456789abcdef"], **user)
    assert made["Authentication"] == {"Type": "password", "PasswordCount": 1}
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
    settled(caches, until)
    assert group()["ReplicationGroups"] == ["hot"]
    with refused("InvalidUserGroupState"):
        cache.delete_user_group(UserGroupId="g")
    caches.modify(RemoveUserGroups=True)
    assert settled(caches, until)["UserGroupIds"] == []
    cache.delete_user_group(UserGroupId="g")
    until(lambda: not cache.describe_user_groups()["UserGroups"])
    cache.delete_user(UserId="app")
    until(lambda: len(cache.describe_users()["Users"]) == 1)
    with refused("UserNotFound"):
        cache.describe_users(UserId="app")


def test_logs_are_delivered(hot, until):
    log = {
        "LogType": "slow-log",
        "DestinationType": "cloudwatch-logs",
        "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "slow"}},
        "LogFormat": "json",
    }
    hot.modify(LogDeliveryConfigurations=[log])
    assert settled(hot, until)["LogDeliveryConfigurations"] == [{**log, "Status": "active"}]
    hot.modify(LogDeliveryConfigurations=[{"LogType": "slow-log", "Enabled": False}])
    assert settled(hot, until)["LogDeliveryConfigurations"] == []


def test_automatic_scaling(hot, refused):
    scaling = getattr(hot.aws, "application-autoscaling")
    plain(hot)
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
    assert [(one["MinCapacity"], one["MaxCapacity"]) for one in found] == [(2, 6)]

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


def plain(caches, name="plain", **more):
    """A primary and a replica, with what is ElastiCache's own for the rest."""
    given = {"Engine": "redis", "CacheNodeType": "cache.t4g.micro", **({"NumCacheClusters": 2} | more)}
    made = caches.cache.create_replication_group(ReplicationGroupId=name, ReplicationGroupDescription="p", **given)
    return made["ReplicationGroup"]


def test_a_group_without_cluster_mode(caches, until, refused):
    made = plain(caches, AutomaticFailoverEnabled=True, MultiAZEnabled=True)
    assert made["MemberClusters"] == ["plain-001", "plain-002"] and not made["ClusterEnabled"]
    until(lambda: caches.group("plain")["Status"] == "available")
    group = caches.group("plain")
    (shard,) = group["NodeGroups"]
    assert "ConfigurationEndpoint" not in group and "Slots" not in shard
    assert shard["PrimaryEndpoint"]["Address"].startswith("master.plain.")
    assert shard["ReaderEndpoint"]["Address"].startswith("replica.plain.")
    assert [one["CurrentRole"] for one in shard["NodeGroupMembers"]] == ["primary", "replica"]
    (node,) = caches.cache.describe_cache_clusters(CacheClusterId="plain-001")["CacheClusters"]
    assert node["CacheParameterGroup"]["CacheParameterGroupName"] == "default.redis7"
    assert node["CacheSubnetGroupName"] == "default"
    caches.cache.increase_replica_count(ReplicationGroupId="plain", NewReplicaCount=2, ApplyImmediately=True)
    until(lambda: len(caches.group("plain")["MemberClusters"]) == 3)
    with refused("InvalidParameterValue", "one shard"):
        caches.cache.modify_replication_group_shard_configuration(
            ReplicationGroupId="plain", NodeGroupCount=2, ApplyImmediately=True
        )


def test_shards_or_parameters_say_that_it_is_a_cluster(caches, refused):
    shards = {"NumNodeGroups": 2, "ReplicasPerNodeGroup": 1}
    assert plain(caches, "a", **shards, AutomaticFailoverEnabled=True)["ClusterEnabled"]
    assert plain(caches, "b", **VALKEY, CacheParameterGroupName="hot", AutomaticFailoverEnabled=True)["ClusterEnabled"]
    with refused("InvalidParameterCombination", "replica"):
        plain(caches, "c", NumCacheClusters=1, AutomaticFailoverEnabled=True)
    with refused("InvalidParameterCombination", "cluster-enabled"):
        plain(caches, "d", ClusterMode="disabled", CacheParameterGroupName="default.redis7.cluster.on")


def test_default_parameters_are_not_the_callers(caches, refused):
    change = [{"ParameterName": "timeout", "ParameterValue": "1"}]
    with refused("InvalidParameterValue"):
        caches.cache.modify_cache_parameter_group(
            CacheParameterGroupName="default.redis7", ParameterNameValues=change
        )
    with refused("InvalidParameterValue"):
        caches.cache.delete_cache_parameter_group(CacheParameterGroupName="default.redis7")
