//! The planner and the order of steps, on kinds that exist in this test only.
use crate::offline::made_up::{KINDS, actions, decide, graph, made, order, wanted};
use serde_json::json;
use tenfold::graph::Graph;
use tenfold::plan::{Action, Data, PlanOptions, Reason, check, deletions, finding, plan};
use tenfold::reference;
use tenfold::resource::{Id, Live, Observation, Outputs};

#[test]
fn a_first_plan_creates_dependencies_first() {
    let plan = decide(&wanted(80), &Observation::new());
    assert!(plan.changes.iter().all(|c| c.action == Action::Create && c.reason == Reason::Missing));
    let expected = "\
create net.main
create gate.main after create net.main
create target.api after create net.main
create rule.api after create gate.main, create target.api
create template.api
create group.api after create rule.api, create target.api, create template.api
";
    assert_eq!(order(&plan), expected);
}

#[test]
fn an_unchanged_stack_has_an_empty_plan() {
    assert!(decide(&wanted(80), &made(&wanted(80))).is_empty());
}

#[test]
fn replacement_creates_the_successor_switches_users_and_deletes_the_old_resource() {
    let plan = decide(&wanted(81), &made(&wanted(80)));
    let expected =
        ["Replace target.api Name,Port", "Update rule.api Target", "Update group.api Target"];
    assert_eq!(actions(&plan), expected);
    let expected = "\
create target.api
update rule.api after create target.api
update group.api after create target.api, update rule.api
delete target.api after create target.api, update group.api, update rule.api
";
    assert_eq!(order(&plan), expected);
}

#[test]
fn delete_first_replacement_deletes_the_users_before_the_resource() {
    let mut observation = made(&wanted(80));
    let gate = observation.get_mut(&Id::new("gate", "main")).unwrap();
    gate[0].spec["Net"] = json!("net-0000dead");
    let plan = decide(&wanted(80), &observation);
    assert_eq!(actions(&plan), ["Replace gate.main Net", "Replace rule.api Gate"]);
    let expected = "\
delete rule.api
delete gate.main after delete rule.api
create gate.main after delete gate.main
create rule.api after create gate.main, delete rule.api
";
    assert_eq!(order(&plan), expected);
}

#[test]
fn delete_first_replacement_creates_the_successor_as_soon_as_possible() {
    let observation = made(&wanted(80));
    let mut moved = wanted(80);
    moved.push(("net.other", json!({ "Cidr": "10.1.0.0/16" })));
    moved[1] = ("gate.main", json!({ "Net": "${net.other.id}" }));
    let expected = "\
create net.other
delete rule.api after create net.other
delete gate.main after create net.other, delete rule.api
create gate.main after create net.other, delete gate.main
create rule.api after create gate.main, delete rule.api
";
    assert_eq!(order(&decide(&moved, &observation)), expected);
}

#[test]
fn replacement_of_a_refusing_kind_is_refused() {
    let mut other = wanted(80);
    other[0].1 = json!({ "Cidr": "10.9.0.0/16" });
    let plan = decide(&other, &made(&wanted(80)));
    assert_eq!(actions(&plan), ["Refuse net.main Cidr"]);
    let findings = check::check(&plan, KINDS);
    assert_eq!(findings[0].severity, finding::Severity::Error);
    assert!(findings[0].message.contains("Cidr"));
}

#[test]
fn a_volatile_output_is_known_only_after_apply() {
    let mut other = wanted(80);
    other[4].1 = json!({ "Image": "ami-1", "From": "newest-arm", "Type": "large" });
    let plan = decide(&other, &made(&wanted(80)));
    assert_eq!(actions(&plan), ["Update template.api Type", "Update group.api Version"]);
    let group = plan.changes.iter().find(|change| change.id.kind == "group").unwrap();
    assert!(group.properties[0].known_after_apply);
}

#[test]
fn a_pinned_fact_changes_only_with_upgrade() {
    let newer = |from: &str| {
        let mut other = wanted(80);
        other[4].1 = json!({ "Image": "ami-2", "From": from });
        other
    };
    let observation = made(&wanted(80));
    assert!(decide(&newer("newest-arm"), &observation).is_empty());
    let ask = PlanOptions { upgrade: true, ..PlanOptions::default() };
    let upgraded = plan("shop", &graph(&newer("newest-arm")), &observation, &ask, KINDS);
    assert_eq!(actions(&upgraded)[0], "Update template.api Image");
    let asked_for = decide(&newer("newest-x86"), &observation);
    assert_eq!(actions(&asked_for)[0], "Update template.api From,Image");
}

#[test]
fn text_that_looks_like_a_reference_stays_text() {
    let wanted = [("store.logs", json!({ "Text": "$${net.main.id}" }))];
    let plan = decide(&wanted, &Observation::new());
    assert_eq!(check::check(&plan, KINDS), []);
    let template = plan.changes[0].desired.as_ref().unwrap();
    let sent = reference::resolve(template, &|_| Some("resolved twice"));
    assert_eq!(sent, json!({ "Text": "${net.main.id}" }));
    assert!(decide(&wanted, &made(&wanted)).is_empty());
}

#[test]
fn the_duplicate_that_differs_is_deleted_last() {
    let mut observation = made(&wanted(80));
    let targets = observation.get_mut(&Id::new("target", "api")).unwrap();
    let mut twin = targets[0].clone();
    twin.handle = "target-0000beef".into();
    twin.spec["Name"] = json!("api-81");
    targets.insert(0, twin);
    let plan = decide(&wanted(80), &observation);
    assert_eq!(actions(&plan), ["Delete target.api"]);
    let change = plan.effective().next().unwrap();
    assert_eq!(change.reason, Reason::Superseded);
    assert_eq!(change.live.as_ref().unwrap().handle, "target-0000beef");
}

#[test]
fn destroy_deletes_users_before_their_dependencies() {
    let mut observation = made(&wanted(80));
    observation.get_mut(&Id::new("gate", "main")).unwrap()[0].spec["Protected"] = json!(true);
    let ask = PlanOptions { destroy: true, ..PlanOptions::default() };
    let plan = plan("shop", &Graph::default(), &observation, &ask, KINDS);
    assert!(deletions::deletions(&plan).is_none(), "a destroy is asked for by the stack's name");
    let expected = "\
unprotect gate.main
delete group.api
delete rule.api after delete group.api
delete gate.main after delete rule.api, unprotect gate.main
delete target.api after delete group.api, delete rule.api
delete net.main after delete gate.main, delete target.api
delete template.api after delete group.api
";
    assert_eq!(order(&plan), expected);
}

#[test]
fn resources_with_data_are_kept_until_named() {
    let observation = made(&[("store.logs", json!({ "Days": 1 }))]);
    let take = |data: Data| {
        let ask = PlanOptions { destroy: true, data, ..PlanOptions::default() };
        plan("shop", &Graph::default(), &observation, &ask, KINDS).changes[0].action
    };
    assert_eq!(take(Data::default()), Action::Keep);
    assert_eq!(
        take(Data { named: ["store.logs".into()].into(), ..Data::default() }),
        Action::Delete
    );
    assert_eq!(take(Data { all: true, ..Data::default() }), Action::Delete);
}

#[test]
fn dependencies_of_kept_data_are_kept() {
    let mut all = wanted(80);
    all.push(("store.data", json!({ "Net": "${net.main.id}" })));
    let ask = PlanOptions { destroy: true, ..PlanOptions::default() };
    let plan = plan("shop", &Graph::default(), &made(&all), &ask, KINDS);
    let kept = plan.changes.iter().filter(|change| change.action == Action::Keep);
    let kept: Vec<_> = kept.map(|change| (change.id.to_string(), change.reason)).collect();
    let expected =
        [("net.main".into(), Reason::UsedByKept), ("store.data".into(), Reason::Destroyed)];
    assert_eq!(kept, expected);
}

#[test]
fn deleting_whole_components_needs_allow_deletions() {
    let observation = made(&wanted(80));
    let without_rule: Vec<_> =
        wanted(80).into_iter().filter(|(id, _)| !id.starts_with("net")).collect();
    let without: Vec<_> =
        without_rule.into_iter().filter(|(id, _)| id.starts_with("template")).collect();
    let deletions = deletions::deletions(&decide(&without, &observation)).unwrap();
    assert_eq!(deletions.number, 5);
    assert_eq!(deletions.components, ["part.main"]);
}

mod saved {
    use super::*;
    use tenfold::plan::saved::Saved;
    use tenfold::resource::Place;

    fn save() -> Saved {
        let observation = made(&wanted(80));
        let place = Place {
            account: "111122223333".into(),
            region: "us-east-1".into(),
            target: "sandbox".into(),
        };
        Saved::new(place, decide(&wanted(81), &observation), observation)
    }

    #[test]
    fn a_saved_plan_round_trips() {
        assert_eq!(Saved::read(&save().write()), Ok(save()));
    }

    #[test]
    fn an_altered_saved_plan_is_refused() {
        let text = save().write().replace("\"Port\": 81", "\"Port\": 82");
        assert!(Saved::read(&text).unwrap_err().contains("modified"));
        let text = save().write().replace("\"version\": \"0", "\"version\": \"9");
        assert!(Saved::read(&text).unwrap_err().contains("plan again"));
        assert!(Saved::read("stack: x").unwrap_err().contains("not a saved plan"));
    }

    #[test]
    fn changes_since_the_plan_are_listed() {
        let mut now = made(&wanted(80));
        assert!(save().moved(&now, KINDS).is_empty());
        now.get_mut(&Id::new("rule", "api")).unwrap()[0].spec["Target"] = json!("arn:other");
        now.remove(&Id::new("group", "api"));
        let moved = save().moved(&now, KINDS);
        assert_eq!(moved.len(), 2, "{moved:?}");
        assert!(moved[0].starts_with("group.api") && moved[1] == "rule.api: Target changed");
    }
}

#[test]
fn leftovers_are_deleted_after_the_rest_of_their_component_is_updated() {
    let mut observation = made(&wanted(80));
    let rule = observation[&Id::new("rule", "api")][0].clone();
    let old = Live { id: Id::new("rule", "old"), handle: "rule-0000cafe".into(), ..rule };
    let outputs = Outputs::from([("id".to_string(), "rule-0000cafe".to_string())]);
    observation.insert(old.id.clone(), vec![Live { outputs, ..old }]);
    let plan = decide(&wanted(81), &observation);
    let order = order(&plan);
    let last = "delete rule.old after create target.api, update group.api, update rule.api";
    assert!(order.contains(last), "{order}");
}
