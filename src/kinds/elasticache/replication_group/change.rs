//! Which change of a group comes next: AWS takes one at a time, and refuses another until the
//! group is available again.
use super::ReplicationGroup;
use crate::tags::Tags;
use std::collections::BTreeSet;

/// A change that AWS takes in one call.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// All that takes effect without a node being touched.
    Settings,
    /// Encryption in transit is brought in as `preferred`, and `required` only then,
    /// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption-enable.html>.
    Encryption {
        mode: String,
    },
    Logs,
    Users,
    /// Engine, version and parameter group, which go together.
    Engine,
    NodeType,
    /// To this many, from more or fewer.
    Replicas {
        from: i32,
        to: i32,
    },
    Shards {
        to: i32,
    },
    /// Needs replicas, so it comes after them, or goes before them.
    MultiAz {
        on: bool,
    },
}

impl ReplicationGroup {
    /// The next change on the way from `was` to this; nothing once all is as it should be.
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

    /// The part that [`Change::Settings`] sets, everything else alike.
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

    /// With other tags, which are no change in this sense.
    pub(super) fn tagged(self, tags: Tags) -> Self {
        ReplicationGroup { tags, ..self }
    }
}

/// Of these shards, those that go so that `keep` are left: the youngest, whose numbers are highest.
pub(super) fn surplus(mut ids: Vec<String>, keep: usize) -> Vec<String> {
    ids.sort();
    ids.split_off(keep.min(ids.len()))
}

/// `8.1.2` is `8.1`: AWS takes major and minor, and answers with the patch.
pub(super) fn minor(version: &str) -> String {
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

/// A version to be compared with another.
pub(super) fn numbers(version: &str) -> Vec<u32> {
    version.split('.').filter_map(|number| number.parse().ok()).collect()
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

    /// The changes made, each applied as AWS would.
    fn course(wanted: &ReplicationGroup, mut live: ReplicationGroup) -> Vec<String> {
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
    fn nothing_differs_from_itself() {
        assert_eq!(group().next(&group()), None);
    }

    #[test]
    fn replicas_come_before_zones_and_go_after_them() {
        let one = ReplicationGroup {
            multi_az_enabled: false,
            replicas_per_node_group: Some(0),
            ..group()
        };
        let up = course(&group(), one.clone());
        assert_eq!(up, ["Replicas { from: 0, to: 1 }", "MultiAz { on: true }"]);
        let down = course(&one, group());
        assert_eq!(down, ["MultiAz { on: false }", "Replicas { from: 1, to: 0 }"]);
    }

    #[test]
    fn encryption_comes_in_two_steps() {
        let open = ReplicationGroup {
            transit_encryption_enabled: false,
            transit_encryption_mode: None,
            ..group()
        };
        let made = course(&group(), open);
        let expected = ["Encryption { mode: \"preferred\" }", "Encryption { mode: \"required\" }"];
        assert_eq!(made, expected);
    }

    #[test]
    fn many_changes_are_made_one_after_another() {
        let wanted = ReplicationGroup {
            snapshot_retention_limit: 1,
            engine_version: "9.0".into(),
            cache_parameter_group_name: "shop-hot-valkey9".into(),
            cache_node_type: "cache.r7g.xlarge".into(),
            num_node_groups: Some(3),
            ..group()
        };
        let made = course(&wanted, group());
        assert_eq!(made, ["Settings", "Engine", "NodeType", "Shards { to: 3 }"]);
    }

    #[test]
    fn what_would_go_back_is_refused() {
        let is = |engine: &str, version: &str| ReplicationGroup {
            engine: engine.into(),
            engine_version: version.into(),
            ..group()
        };
        let said = |wanted: ReplicationGroup, live| wanted.refuse(&live, &Outputs::new());
        let older = said(is("valkey", "8.9"), is("valkey", "8.10")).unwrap_or_default();
        assert!(older.starts_with("versions do not go back: it has 8.10, and 8.9 is"), "{older}");
        let redis = said(is("redis", "7.1"), is("valkey", "7.2")).unwrap_or_default();
        assert!(redis.starts_with("a cache does not go back to Redis OSS"), "{redis}");
        assert_eq!(said(is("valkey", "7.2"), is("redis", "7.1")), None);
        assert_eq!(said(is("valkey", "9.0"), is("valkey", "8.10")), None);
    }

    #[test]
    fn what_automatic_scaling_has_is_left_alone() {
        let wanted = ReplicationGroup { num_node_groups: None, ..group() };
        assert_eq!(wanted.next(&ReplicationGroup { num_node_groups: Some(9), ..group() }), None);
    }

    #[test]
    fn the_youngest_shards_go() {
        let ids = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(surplus(ids(&["0003", "0001", "0002"]), 2), ids(&["0003"]));
        assert_eq!(surplus(ids(&["0001"]), 2), ids(&[]));
    }

    #[test]
    fn a_patch_is_no_difference() {
        for (version, expected) in [("8.1.2", "8.1"), ("7.2", "7.2"), ("8", "8")] {
            assert_eq!(minor(version), expected);
        }
    }
}
