//! `blueprints/million-calls.yaml` on the sandbox: created, unchanged, changed, and destroyed.
use crate::support::root;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A sandbox that contains the full stack.
struct FullStack {
    folder: tempfile::TempDir,
    blueprint: PathBuf,
}

impl FullStack {
    fn applied() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let full = FullStack { folder, blueprint: root().join("blueprints/million-calls.yaml") };
        full.run(0, &full.blueprint, &["apply", "--yes"]);
        full
    }

    fn run(&self, code: i32, blueprint: &Path, args: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenfold"));
        command.args(args).arg("-f").arg(blueprint).arg("--sandbox");
        let ran = command.current_dir(self.folder.path()).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&ran.stdout), text(&ran.stderr));
        assert_eq!(ran.status.code(), Some(code), "{args:?}\n{stdout}\n{stderr}");
        stdout
    }

    /// The ID, component and action of every change other than `none`.
    fn changes(&self, blueprint: &Path) -> Vec<(String, String, String)> {
        let plan = self.run(2, blueprint, &["plan", "--json"]);
        let plan: Value = serde_json::from_str(&plan).unwrap();
        let text = |change: &Value, key: &str| change[key].as_str().unwrap().to_string();
        let changes = plan["changes"].as_array().unwrap().iter();
        changes
            .map(|change| (text(change, "id"), text(change, "component"), text(change, "action")))
            .filter(|(_, _, action)| action != "none")
            .collect()
    }
}

/// A copy of the blueprint without one section, which ends at the first blank line. The copy is in
/// another folder, so that paths become absolute.
fn without(full: &FullStack, section: &str) -> PathBuf {
    let text = fs::read_to_string(&full.blueprint).unwrap();
    let start = text.find(&format!("\n{section}:")).unwrap() + 1;
    let rest = &text[start..];
    let next = rest[1..].find("\n\n").map(|at| start + at + 3).unwrap();
    let boot = root().join("blueprints/boot");
    let text = format!("{}{}", &text[..start], &text[next..]);
    let text = text.replace("file: boot/", &format!("file: {}/", boot.display()));
    let path = full.folder.path().join(format!("without-{section}.yaml"));
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn adding_a_shard_creates_its_instances_and_leaves_slots_to_move() {
    let full = FullStack::applied();
    let said = full.run(0, &full.blueprint, &["plan"]);
    assert!(said.contains("No changes"), "{said}");
    let located = full.run(0, &full.blueprint, &["shards", "locate", "tenant-1"]);
    assert!(located.contains("slot 3854"), "{located}");
    let four = ["plan", "--set", "databases.ledger.shards=4"];
    let plan = full.run(2, &full.blueprint, &four);
    assert!(plan.contains("1024 slots to move"), "{plan}");
    assert!(plan.contains("+ db-instance.ledger-s003"), "{plan}");
    full.run(0, &full.blueprint, &["apply", "--yes", "--set", "databases.ledger.shards=4"]);
    let plan = full.run(0, &full.blueprint, &four);
    assert!(plan.contains("1024 slots to move"), "{plan}");
    // A shard that owns slots cannot be removed.
    let plan = full.run(1, &full.blueprint, &["plan", "--set", "databases.ledger.shards=2"]);
    assert!(plan.contains("refused"), "{plan}");
}

#[test]
fn removing_the_cdn_makes_the_api_the_entry_point() {
    let full = FullStack::applied();
    let rest = without(&full, "cdn");
    let changes = full.changes(&rest);
    let deleted: Vec<&String> =
        changes.iter().filter(|(_, _, what)| what == "delete").map(|(id, ..)| id).collect();
    assert!(deleted.iter().any(|id| *id == "distribution.edge"), "{changes:?}");
    // Only the API's own resources are created: it serves the domain, behind its own web ACL.
    for (id, component, action) in &changes {
        let created = action == "create" || action == "replace";
        assert!(!created || component == "rate_limits.public", "{action} {id} of {component}");
        // Databases, caches, queues and services do not change at all.
        let untouched = ["db-instance.", "replication-group.", "queue.", "auto-scaling-group."];
        assert!(!untouched.iter().any(|kind| id.starts_with(kind)), "{action} {id}");
    }
    let deletions = deleted.len().to_string();
    full.run(0, &rest, &["apply", "--yes", "--allow-deletions", &deletions]);
    full.run(0, &rest, &["plan"]);
}

#[test]
fn staging_overlay_creates_a_separate_small_stack() {
    let full = FullStack::applied();
    let base = full.blueprint.to_str().unwrap().to_string();
    let overlay = root().join("blueprints/million-calls.staging.yaml");
    let below = ["-f", base.as_str()];
    full.run(0, &overlay, &[&["apply", "--yes"], &below[..]].concat());
    full.run(0, &overlay, &[&["plan"], &below[..]].concat());
    full.run(0, &full.blueprint, &["plan"]);
    let everything = ["destroy", "--yes", "--allow-data-loss", "all"];
    full.run(0, &overlay, &[&everything, &below[..]].concat());
    full.run(0, &full.blueprint, &["plan"]);
}

#[test]
fn destroy_keeps_resources_with_data_unless_data_loss_is_allowed() {
    let full = FullStack::applied();
    full.run(0, &full.blueprint, &["destroy", "--yes"]);
    let left = full.run(0, &full.blueprint, &["show"]);
    let data = ["db-instance.ledger-s000 ", "bucket.assets ", "queue.orders ", "shard-map.ledger "];
    for id in data {
        assert!(left.contains(id), "{id}was deleted:\n{left}");
    }
    full.run(0, &full.blueprint, &["destroy", "--yes", "--allow-data-loss", "all"]);
    let left = full.run(0, &full.blueprint, &["show"]);
    assert!(left.contains("0 resources."), "{left}");
    let said = full.run(0, &full.blueprint, &["destroy", "--yes"]);
    assert!(!said.contains("deleted"), "{said}");
}
