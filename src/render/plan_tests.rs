use super::*;
use crate::plan::Reason;
use crate::plan::diff::PropertyChange;
use crate::resource::{Condition, Id, Live, Outputs};
use serde_json::{Value, json};

fn change(component: &str, id: &str, action: Action) -> Change {
    let id: Id = id.parse().unwrap_or_else(|_| Id::new("", ""));
    let handle = format!("{}-0123", id.kind);
    let live = Live {
        id: id.clone(),
        handle,
        component: None,
        spec: json!({}),
        outputs: Outputs::new(),
        condition: Condition::Ready,
    };
    Change {
        id,
        component: component.into(),
        action,
        reason: Reason::NotInBlueprint,
        refusal: None,
        properties: Vec::new(),
        desired: Some(json!({ "Port": 80, "Tags": [], "To": "${vpc.main.id}" })),
        live: (action != Action::Create).then_some(live),
    }
}

fn property(name: &str, before: Value, after: Value, create_only: bool) -> PropertyChange {
    let known_after_apply = !crate::reference::is_known(&after);
    PropertyChange {
        property: name.into(),
        before: Some(before),
        after: Some(after),
        create_only,
        known_after_apply,
    }
}

fn place() -> Place {
    Place { account: "111122223333".into(), region: "us-east-1".into(), target: "sandbox".into() }
}

fn shown(changes: Vec<Change>, findings: &[Finding], aim: Aim, verbose: bool) -> String {
    let made_plan = Plan { stack: "shop".into(), changes, ..Plan::default() };
    let text = crate::render::text(&plan(&made_plan, &place(), findings, aim, verbose));
    anstream::adapter::strip_str(&text).to_string()
}

#[test]
fn shows_a_sign_for_each_action() {
    let mut update = change("services.api", "auto-scaling-group.api", Action::Update);
    update.properties = vec![property("MaxSize", json!("4"), json!("6"), false)];
    let mut replace = change("services.api", "target-group.api", Action::Replace);
    replace.properties = vec![
        property("Port", json!(80), json!(8080), true),
        property("VpcId", json!("vpc-1"), json!("${vpc.main.id}"), false),
    ];
    let changes = vec![
        change("services.api", "launch-template.api", Action::Create),
        update,
        replace,
        change("network", "vpc.main", Action::None),
        change("network", "subnet.app-a", Action::Create),
        change("load_balancers.old", "load-balancer.old", Action::Delete),
        change("load_balancers.old", "bucket.logs", Action::Keep),
    ];
    let findings = [Finding {
        severity: Severity::Note,
        id: Id::new("bucket", "logs"),
        message: "kept because it holds data".into(),
        help: "to delete it and its data, pass --allow-data-loss bucket.logs".into(),
    }];
    insta::assert_snapshot!(shown(changes, &findings, Aim::Apply, false), @r"
    shop in us-east-1, account 111122223333 (sandbox)

    network
        + subnet.app-a

    load_balancers.old
        - load-balancer.old (load-balancer-0123, no longer in the blueprint)
        = bucket.logs (bucket-0123, holds data)

    services.api
        + launch-template.api
        ~ auto-scaling-group.api
            MaxSize: 4 → 6
      -/+ target-group.api (target-group-0123)
            Port: 80 → 8080 (forces replacement)
            VpcId: vpc-1 → (known after apply)

    note: bucket.logs: kept because it holds data
      help: to delete it and its data, pass --allow-data-loss bucket.logs

    Plan: 2 to create, 1 to update, 1 to replace, 1 to delete, 1 kept.
    ");
}

#[test]
fn verbose_shows_properties_of_new_resources() {
    let changes = vec![change("services.api", "target-group.api", Action::Create)];
    insta::assert_snapshot!(shown(changes, &[], Aim::Apply, true), @r"
    shop in us-east-1, account 111122223333 (sandbox)

    services.api
        + target-group.api
            Port: 80
            To: (known after apply)

    Plan: 1 to create.
    ");
}

#[test]
fn a_refused_change_shows_the_property() {
    let mut refuse = change("network", "vpc.main", Action::Refuse);
    refuse.properties =
        vec![property("CidrBlock", json!("10.0.0.0/16"), json!("10.1.0.0/16"), true)];
    insta::assert_snapshot!(shown(vec![refuse], &[], Aim::Apply, false), @r"
    shop in us-east-1, account 111122223333 (sandbox)

    network
        ! vpc.main (vpc-0123, replace refused)
            CidrBlock: 10.0.0.0/16 → 10.1.0.0/16 (forces replacement)

    Plan: 1 refused.
    ");
}

#[test]
fn an_empty_plan_says_so() {
    let unchanged = || change("network", "vpc.main", Action::None);
    let text = shown(vec![unchanged(), unchanged()], &[], Aim::Apply, false);
    assert!(text.ends_with("No changes: the stack matches the blueprint (2 resources).\n"));
    let text = shown(vec![], &[], Aim::Destroy, false);
    assert!(text.ends_with("Nothing to destroy: the stack has no resources.\n"), "{text}");
    let kept = change("network", "bucket.logs", Action::Keep);
    let text = shown(vec![kept], &[], Aim::Destroy, false);
    assert!(text.ends_with("Nothing to destroy, 1 kept.\n"), "{text}");
}

#[test]
fn json_contains_no_secrets() {
    let mut update = change("services.api", "database.main", Action::Update);
    update.properties = vec![property("MasterUserPassword", json!("hunter2"), json!("x1"), false)];
    update.desired = Some(json!({ "MasterUserPassword": "hunter2" }));
    let made_plan = Plan { stack: "shop".into(), changes: vec![update], ..Plan::default() };
    let json = crate::render::json::plan(&made_plan, &place(), &[]);
    assert_eq!(json["summary"]["update"], 1);
    assert!(!json.to_string().contains("hunter2") && !json.to_string().contains("x1"));
}

#[test]
fn shows_remaining_work_without_counting_it_as_a_change() {
    let id = Id::new("shard-map", "ledger");
    let parts = vec!["s000 → s003 342 slots [1024-1365]".to_string()];
    let left = RemainingWork { id, work: "342 slots to move".into(), parts };
    let changes = vec![change("network", "vpc.main", Action::None)];
    let made_plan =
        Plan { stack: "shop".into(), changes, remaining_work: vec![left], ..Plan::default() };
    let text = crate::render::text(&plan(&made_plan, &place(), &[], Aim::Apply, false));
    insta::assert_snapshot!(anstream::adapter::strip_str(&text), @r"
    shop in us-east-1, account 111122223333 (sandbox)

    remaining work: shard-map.ledger: 342 slots to move
      s000 → s003 342 slots [1024-1365]

    No changes: the stack matches the blueprint (1 resource).
    ");
    let json = crate::render::json::plan(&made_plan, &place(), &[]);
    assert_eq!(json["remaining_work"][0]["work"], "342 slots to move");
}

#[test]
fn a_change_that_would_lose_something_is_refused() {
    let mut refuse = change("databases.ledger", "shard-map.ledger", Action::Refuse);
    (refuse.reason, refuse.refusal) = (Reason::WouldLose, Some("s003 owns 1024 slots".into()));
    let text = shown(vec![refuse], &[], Aim::Apply, false);
    assert!(text.contains("! shard-map.ledger (shard-map-0123, refused)\n"), "{text}");
}
