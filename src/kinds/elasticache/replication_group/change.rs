//! The next change of a group: AWS takes one change at a time, and refuses another until the group is
//! available again.
use super::ReplicationGroup;
use crate::tags::Tags;
use std::collections::BTreeSet;

/// A change that one call makes.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// All properties that take effect without touching a node.
    Settings,
    /// Encryption in transit is set to `preferred` first, and to `required` only after that,
    /// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption-enable.html>.
    Encryption {
        mode: String,
    },
    Logs,
    Users,
    /// Engine, version and parameter group, which change together.
    Engine,
    NodeType,
    /// The number of replicas.
    Replicas {
        from: i32,
        to: i32,
    },
    Shards {
        to: i32,
    },
    /// Needs replicas, so it is turned on after they are added, and off before they are removed.
    MultiAz {
        on: bool,
    },
}

impl ReplicationGroup {
    /// The next change on the way from `was` to this spec. `None` if nothing differs.
    pub(super) fn next(&self, was: &Self) -> Option<Change> {
        let multi_az = self.multi_az_enabled != was.multi_az_enabled;
        let mode = self.transit_encryption_mode.clone();
        let differs = |is: Option<i32>, was: Option<i32>| is.zip(was).filter(|(is, was)| is != was);
        let replicas = differs(self.replicas_per_node_group, was.replicas_per_node_group);
        let shards = differs(self.num_node_groups, was.num_node_groups);
        if self.settings() != was.settings() {
            return Some(Change::Settings);
        }
        if multi_az && !self.multi_az_enabled {
            return Some(Change::MultiAz { on: false });
        }
        if self.transit_encryption_enabled && !was.transit_encryption_enabled {
            return Some(Change::Encryption { mode: "preferred".into() });
        }
        if let Some(mode) = mode.filter(|mode| was.transit_encryption_mode.as_ref() != Some(mode)) {
            return Some(Change::Encryption { mode });
        }
        if self.engine_settings() != was.engine_settings() {
            return Some(Change::Engine);
        }
        if self.user_group_ids != was.user_group_ids {
            return Some(Change::Users);
        }
        if self.log_delivery_configurations != was.log_delivery_configurations {
            return Some(Change::Logs);
        }
        if self.cache_node_type != was.cache_node_type {
            return Some(Change::NodeType);
        }
        if let Some((to, from)) = replicas {
            return Some(Change::Replicas { from, to });
        }
        if let Some((to, _)) = shards {
            return Some(Change::Shards { to });
        }
        multi_az.then_some(Change::MultiAz { on: true })
    }

    /// The properties that [`Change::Settings`] sets.
    fn settings(&self) -> (&str, &BTreeSet<String>, i32, [&str; 2], [bool; 2]) {
        (
            &self.replication_group_description,
            &self.security_group_ids,
            self.snapshot_retention_limit,
            [&self.snapshot_window, &self.preferred_maintenance_window],
            [self.auto_minor_version_upgrade, self.automatic_failover_enabled],
        )
    }

    fn engine_settings(&self) -> [&str; 3] {
        [&self.engine, &self.engine_version, &self.cache_parameter_group_name]
    }

    /// The spec with other tags, which do not count as a change here.
    pub(super) fn tagged(self, tags: Tags) -> Self {
        ReplicationGroup { tags, ..self }
    }
}

/// The shards to remove so that `keep` are left: the newest, which have the highest numbers.
pub(super) fn surplus(mut ids: Vec<String>, keep: usize) -> Vec<String> {
    ids.sort();
    ids.split_off(keep.min(ids.len()))
}

/// `8.1` for `8.1.2`: AWS accepts the major and minor version, and returns the patch too.
pub(super) fn minor(version: &str) -> String {
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Outputs;
    use crate::spec::Spec;
    use serde_json::{from_value, json};

    fn group() -> ReplicationGroup {
        from_value(json!({
            "ReplicationGroupId": "shop-hot", "ReplicationGroupDescription": "tenfold shop caches.hot",
            "Engine": "valkey", "EngineVersion": "8.1", "CacheNodeType": "cache.r7g.large",
            "NumNodeGroups": 2, "ReplicasPerNodeGroup": 1, "ClusterMode": "enabled",
            "AutomaticFailoverEnabled": true, "MultiAZEnabled": true, "Port": 6379,
            "AtRestEncryptionEnabled": true, "TransitEncryptionEnabled": true,
            "TransitEncryptionMode": "required", "CacheSubnetGroupName": "shop-hot",
            "CacheParameterGroupName": "shop-hot-valkey8", "SecurityGroupIds": ["sg-1"],
            "SnapshotRetentionLimit": 7, "SnapshotWindow": "03:00-04:00",
            "PreferredMaintenanceWindow": "sun:05:00-sun:06:00", "AutoMinorVersionUpgrade": true,
            "Tags": []
        }))
        .expect("a group")
    }

    /// The changes made, each applied to `live` as AWS would apply it.
    fn changes(wanted: &ReplicationGroup, mut live: ReplicationGroup) -> Vec<String> {
        let mut made = Vec::new();
        while let Some(change) = wanted.next(&live) {
            made.push(format!("{change:?}"));
            assert!(made.len() < 20, "{made:?}");
            match change {
                Change::Settings => {
                    live.snapshot_retention_limit = wanted.snapshot_retention_limit;
                }
                Change::Encryption { mode } => {
                    live.transit_encryption_enabled = true;
                    live.transit_encryption_mode = Some(mode);
                }
                Change::Engine => {
                    live.engine_version = wanted.engine_version.clone();
                    live.cache_parameter_group_name = wanted.cache_parameter_group_name.clone();
                }
                Change::NodeType => live.cache_node_type = wanted.cache_node_type.clone(),
                Change::Replicas { to, .. } => live.replicas_per_node_group = Some(to),
                Change::Shards { to } => live.num_node_groups = Some(to),
                Change::MultiAz { on } => live.multi_az_enabled = on,
                Change::Logs | Change::Users => unreachable!("not in these tests"),
            }
        }
        made
    }

    #[test]
    fn plans_no_change_without_a_difference() {
        assert_eq!(group().next(&group()), None);
    }

    #[test]
    fn adds_replicas_before_multi_az_and_removes_them_after_it() {
        let one = ReplicationGroup {
            multi_az_enabled: false,
            replicas_per_node_group: Some(0),
            ..group()
        };
        let up = changes(&group(), one.clone());
        assert_eq!(up, ["Replicas { from: 0, to: 1 }", "MultiAz { on: true }"]);
        let down = changes(&one, group());
        assert_eq!(down, ["MultiAz { on: false }", "Replicas { from: 1, to: 0 }"]);
    }

    #[test]
    fn turns_encryption_on_in_two_steps() {
        let open = ReplicationGroup {
            transit_encryption_enabled: false,
            transit_encryption_mode: None,
            ..group()
        };
        let made = changes(&group(), open);
        let expected = ["Encryption { mode: \"preferred\" }", "Encryption { mode: \"required\" }"];
        assert_eq!(made, expected);
    }

    #[test]
    fn makes_many_changes_one_after_another() {
        let wanted = ReplicationGroup {
            snapshot_retention_limit: 1,
            engine_version: "9.0".into(),
            cache_parameter_group_name: "shop-hot-valkey9".into(),
            cache_node_type: "cache.r7g.xlarge".into(),
            num_node_groups: Some(3),
            ..group()
        };
        let made = changes(&wanted, group());
        assert_eq!(made, ["Settings", "Engine", "NodeType", "Shards { to: 3 }"]);
    }

    #[test]
    fn refuses_older_versions_and_engines() {
        let is = |engine: &str, version: &str| ReplicationGroup {
            engine: engine.into(),
            engine_version: version.into(),
            ..group()
        };
        let refused = |wanted: ReplicationGroup, live| wanted.refusal(&live, &Outputs::new());
        let older = refused(is("valkey", "8.9"), is("valkey", "8.10")).unwrap_or_default();
        assert!(older.starts_with("the version cannot go back from 8.10 to 8.9"), "{older}");
        let redis = refused(is("redis", "7.1"), is("valkey", "7.2")).unwrap_or_default();
        assert!(redis.starts_with("a cache cannot go back to Redis OSS"), "{redis}");
        assert_eq!(refused(is("valkey", "7.2"), is("redis", "7.1")), None);
        assert_eq!(refused(is("valkey", "9.0"), is("valkey", "8.10")), None);
    }

    #[test]
    fn leaves_numbers_that_automatic_scaling_manages() {
        let wanted = ReplicationGroup { num_node_groups: None, ..group() };
        assert_eq!(wanted.next(&ReplicationGroup { num_node_groups: Some(9), ..group() }), None);
    }

    #[test]
    fn removes_the_newest_shards() {
        let ids = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(surplus(ids(&["0003", "0001", "0002"]), 2), ids(&["0003"]));
        assert_eq!(surplus(ids(&["0001"]), 2), ids(&[]));
    }

    #[test]
    fn ignores_the_patch_version() {
        for (version, expected) in [("8.1.2", "8.1"), ("7.2", "7.2"), ("8", "8")] {
            assert_eq!(minor(version), expected);
        }
    }
}
