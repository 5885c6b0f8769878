"""A replication group with its shards and nodes, and their Describe items."""

import random
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime

from moto.ec2.models import ec2_backends

from ..ec2 import interfaces

SLOTS = 16384


@dataclass(eq=False)
class Node:
    name: str
    subnet: str
    zone: str
    interface: str


@dataclass(eq=False)
class Shard:
    number: str
    nodes: list[Node] = field(default_factory=list)


@dataclass(eq=False)
class Group:
    account: str
    region: str
    name: str
    subnet_group: str
    parameter_group: str
    security_groups: list[str]
    # The other parameters of CreateReplicationGroup.
    spec: dict
    subnets: list[dict]
    tags: dict[str, str]
    status: str = "creating"
    user_groups: list[str] = field(default_factory=list)
    logs: dict[str, dict] = field(default_factory=dict)
    shards: list[Shard] = field(default_factory=list)
    # Pending changes, as returned for the group and for its nodes.
    pending: dict = field(default_factory=dict)
    pending_node: dict = field(default_factory=dict)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    endpoint_id: str = field(
        default_factory=lambda: "".join(random.choices(string.ascii_lowercase + string.digits, k=6))
    )

    @property
    def arn(self) -> str:
        return f"arn:aws:elasticache:{self.region}:{self.account}:replicationgroup:{self.name}"

    @property
    def version(self) -> str:
        """Requests have the major and minor version; responses include the patch version."""
        version = self.spec["EngineVersion"]
        return version + (".0" if version == "7.1" else ".1")

    @property
    def clustered(self) -> bool:
        return self.spec["ClusterMode"] == "enabled"

    @property
    def replicas(self) -> int:
        return min((len(shard.nodes) - 1 for shard in self.shards), default=0)

    def nodes(self) -> list[Node]:
        return [node for shard in self.shards for node in shard.nodes]

    def _ec2(self):
        return ec2_backends[self.account][self.region]

    def size(self, shards: int, replicas: int, removed: list[str] = ()) -> None:
        """Changes the group to this number of shards and of replicas per shard.

        `removed` lists the numbers of the shards to remove.
        """
        for shard in [one for one in self.shards if one.number in removed]:
            for node in shard.nodes:
                interfaces.remove(self._ec2(), node.interface)
            self.shards.remove(shard)
        while len(self.shards) < shards:
            taken = {int(one.number) for one in self.shards}
            number = next(number for number in range(1, 1000) if number not in taken)
            self.shards.append(Shard(f"{number:04}"))
        self.shards.sort(key=lambda one: one.number)
        for shard in self.shards:
            while len(shard.nodes) > replicas + 1:
                interfaces.remove(self._ec2(), shard.nodes.pop().interface)
            while len(shard.nodes) < replicas + 1:
                shard.nodes.append(self._node(shard))

    def _node(self, shard: Shard) -> Node:
        index = len(shard.nodes)
        subnet = self.subnets[(int(shard.number) + index) % len(self.subnets)]
        number = f"-{shard.number}" if self.clustered else ""
        name = f"{self.name}{number}-{index + 1:03}"
        identifier = subnet["SubnetIdentifier"]
        interface = interfaces.add(
            self._ec2(), identifier, self.security_groups, f"ElastiCache {name}", "interface", "amazon-elasticache"
        )
        return Node(name, identifier, subnet["SubnetAvailabilityZone"]["Name"], interface.id)

    def set_security_groups(self, groups: list[str]) -> None:
        """Sets the security groups of the group and of its nodes' interfaces."""
        self.security_groups = groups
        ec2 = self._ec2()
        for node in self.nodes():
            ec2.enis[node.interface]._group_set = [ec2.get_security_group_from_id(one) for one in groups]

    def remove_interfaces(self) -> None:
        for node in self.nodes():
            interfaces.remove(self._ec2(), node.interface)
        self.shards = []

    def _endpoint(self, first: str) -> dict:
        """Returns an endpoint.

        `clustercfg` is that of the whole cluster, `master` of the primary, and `replica` of the read-only replicas.
        """
        return {
            "Address": f"{first}.{self.name}.{self.endpoint_id}.{self.region}.cache.amazonaws.com",
            "Port": self.spec["Port"],
        }

    def item(self) -> dict:
        spec = self.spec
        item = {
            "ReplicationGroupId": self.name,
            "Description": spec["ReplicationGroupDescription"],
            "Status": self.status,
            "PendingModifiedValues": self.pending,
            "MemberClusters": [node.name for node in self.nodes()],
            "NodeGroups": [self._shard_item(index, shard) for index, shard in enumerate(self.shards)],
            "AutomaticFailover": "enabled" if spec["AutomaticFailoverEnabled"] else "disabled",
            "MultiAZ": "enabled" if spec["MultiAZEnabled"] else "disabled",
            "SnapshotRetentionLimit": spec["SnapshotRetentionLimit"],
            "SnapshotWindow": spec["SnapshotWindow"],
            "ClusterEnabled": self.clustered,
            "ClusterMode": spec["ClusterMode"],
            "CacheNodeType": spec["CacheNodeType"],
            "AuthTokenEnabled": False,
            "TransitEncryptionEnabled": spec["TransitEncryptionEnabled"],
            "AtRestEncryptionEnabled": spec["AtRestEncryptionEnabled"],
            "ARN": self.arn,
            "UserGroupIds": self.user_groups,
            "LogDeliveryConfigurations": [{**log, "Status": "active"} for log in self.logs.values()],
            "ReplicationGroupCreateTime": self.created,
            "DataTiering": "disabled",
            "AutoMinorVersionUpgrade": spec["AutoMinorVersionUpgrade"],
            "NetworkType": "ipv4",
            "IpDiscovery": "ipv4",
            "Engine": spec["Engine"],
        }
        if self.status != "creating" and self.clustered:
            item["ConfigurationEndpoint"] = self._endpoint("clustercfg")
        if spec.get("KmsKeyId"):
            item["KmsKeyId"] = spec["KmsKeyId"]
        if spec["TransitEncryptionEnabled"]:
            item["TransitEncryptionMode"] = spec["TransitEncryptionMode"]
        return item

    def _shard_item(self, index: int, shard: Shard) -> dict:
        if not self.clustered:
            return self._plain_item(shard)
        share = SLOTS // len(self.shards)
        last = SLOTS - 1 if index == len(self.shards) - 1 else share * (index + 1) - 1
        return {
            "NodeGroupId": shard.number,
            "Status": self.status,
            "Slots": f"{share * index}-{last}",
            "NodeGroupMembers": [
                {"CacheClusterId": node.name, "CacheNodeId": "0001", "PreferredAvailabilityZone": node.zone}
                for node in shard.nodes
            ],
        }

    def _plain_item(self, shard: Shard) -> dict:
        """Returns the shard of a group without cluster mode: no slots, and nodes with their roles and endpoints."""
        members, ready = [], self.status != "creating"
        for index, node in enumerate(shard.nodes):
            member = {"CacheClusterId": node.name, "CacheNodeId": "0001", "PreferredAvailabilityZone": node.zone}
            member["CurrentRole"] = "replica" if index else "primary"
            members.append(member | ({"ReadEndpoint": self._endpoint(node.name)} if ready else {}))
        item = {"NodeGroupId": shard.number, "Status": self.status, "NodeGroupMembers": members}
        if ready:
            item |= {"PrimaryEndpoint": self._endpoint("master"), "ReaderEndpoint": self._endpoint("replica")}
        return item

    def node_item(self, node: Node) -> dict:
        spec = self.spec
        return {
            "CacheClusterId": node.name,
            "CacheNodeType": spec["CacheNodeType"],
            "Engine": spec["Engine"],
            "EngineVersion": self.version,
            "CacheClusterStatus": self.status,
            "NumCacheNodes": 1,
            "PreferredAvailabilityZone": node.zone,
            "CacheClusterCreateTime": self.created,
            "PreferredMaintenanceWindow": spec["PreferredMaintenanceWindow"],
            "PendingModifiedValues": self.pending_node,
            "CacheParameterGroup": {
                "CacheParameterGroupName": self.parameter_group,
                "ParameterApplyStatus": "in-sync",
                "CacheNodeIdsToReboot": [],
            },
            "CacheSubnetGroupName": self.subnet_group,
            "AutoMinorVersionUpgrade": spec["AutoMinorVersionUpgrade"],
            "SecurityGroups": [{"SecurityGroupId": one, "Status": "active"} for one in self.security_groups],
            "ReplicationGroupId": self.name,
            "SnapshotRetentionLimit": 0,
            "SnapshotWindow": spec["SnapshotWindow"],
            "AuthTokenEnabled": False,
            "TransitEncryptionEnabled": spec["TransitEncryptionEnabled"],
            "AtRestEncryptionEnabled": spec["AtRestEncryptionEnabled"],
            "ARN": f"arn:aws:elasticache:{self.region}:{self.account}:cluster:{node.name}",
        }
