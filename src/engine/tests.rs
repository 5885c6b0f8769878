//! Plans, applies and plans again, with a fault at every call and with a run cut off at many points
//! in time. Afterwards an apply completes the stack without duplicates, and a destroy leaves nothing.
use super::consistency::{appeared, wait_until_visible};
use super::*;
use crate::cloud::fake::{self, Fake};
use crate::exec::Outcome;
use crate::graph::Graph;
use crate::plan::saved::Saved;
use crate::plan::{Plan, PlanOptions};
use crate::reference;
use crate::resource::{Id, Resource, Survey};
use crate::sandbox::testing::{KINDS, named, part, sandbox};
use crate::sandbox::{Sandbox, runtime};
use serde_json::json;
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

/// A few resources that depend on each other, one of them protected.
fn desired() -> Graph<Id, Resource> {
    let mut protected = part(&["${part.a.id}"]);
    protected["Protected"] = json!(true);
    let wanted = [
        ("part.a", part(&[])),
        ("part.b", protected),
        ("part.c", part(&["${part.a.id}", "${part.b.id}"])),
        ("part.d", part(&[])),
        ("named.e", named("e", &["${part.d.id}"])),
        ("named.f", named("f", &["${named.e.arn}"])),
    ];
    let mut graph = Graph::default();
    for (id, spec) in wanted {
        let id: Id = id.parse().unwrap();
        let needs = reference::within(&spec);
        let resource = Resource { id: id.clone(), component: "tests".into(), spec, pins: vec![] };
        graph.add(id.clone(), resource);
        needs.iter().for_each(|need| graph.connect(&id, &need.id));
    }
    graph
}

async fn planned(cloud: &Sandbox, destroy: bool) -> Plan {
    let graph = if destroy { Graph::default() } else { desired() };
    let options = PlanOptions { destroy, ..PlanOptions::default() };
    Engine::new(cloud, KINDS).plan_graph("shop", &graph, &options).await.unwrap().plan
}

async fn apply(plan: &Plan, cloud: &Sandbox) -> Outcome {
    let engine = Engine::new(cloud, KINDS);
    let steps = engine.steps(plan).unwrap();
    engine.apply(plan, steps, Control::default()).await.outcome
}

/// An apply completes the stack, then a destroy leaves nothing.
async fn assert_recovers(folder: &Path, what: &str) {
    let cloud = sandbox(folder, &[]);
    let engine = Engine::new(&cloud, KINDS);
    let again = apply(&planned(&cloud, false).await, &cloud).await;
    assert!(again.is_complete(), "{what}: {again:?}");
    let plan = planned(&cloud, false).await;
    assert!(plan.is_empty(), "{what}: {plan:?}");
    let found = engine.observe("shop").await.unwrap();
    assert!(found.len() == desired().len() && found.values().all(|f| f.len() == 1), "{what}");
    let down = apply(&planned(&cloud, true).await, &cloud).await;
    assert!(down.is_complete(), "{what}: {down:?}");
    assert!(engine.observe("shop").await.unwrap().is_empty(), "{what}");
}

#[test]
fn recovers_from_fault_at_every_call() {
    for kind in ["lose", "throttle", "deny"] {
        for call in 1..=7 {
            let fault = format!("{kind}@{call}");
            let folder = tempfile::tempdir().unwrap();
            runtime().unwrap().block_on(async {
                let cloud = sandbox(folder.path(), &[&fault]);
                let outcome = apply(&planned(&cloud, false).await, &cloud).await;
                assert_eq!(outcome.is_complete(), kind != "deny" || call > 6, "{fault}");
                drop(cloud);
                assert_recovers(folder.path(), &fault).await;
            });
        }
    }
}

#[test]
fn recovers_from_cut_at_any_time() {
    for destroy in [false, true] {
        for after_s in (0..=360).step_by(30) {
            let folder = tempfile::tempdir().unwrap();
            runtime().unwrap().block_on(async {
                let cloud = sandbox(folder.path(), &[]);
                if destroy {
                    apply(&planned(&cloud, false).await, &cloud).await;
                }
                let plan = planned(&cloud, destroy).await;
                tokio::select! {
                    _ = apply(&plan, &cloud) => {}
                    () = tokio::time::sleep(Duration::from_secs(after_s)) => {}
                }
                drop(cloud);
                let what = format!("destroy: {destroy}, cut after {after_s} s");
                assert_recovers(folder.path(), &what).await;
            });
        }
    }
}

#[test]
fn run_ends_once_listings_reflect_it() {
    let folder = tempfile::tempdir().unwrap();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]).with_lag(3);
        let first = planned(&cloud, false).await;
        let engine = Engine::new(&cloud, KINDS);
        let steps = engine.steps(&first).unwrap();
        let applied = engine.apply(&first, steps, Control::default()).await;
        assert!(applied.not_visible.is_empty());
        assert!(planned(&cloud, false).await.is_empty());
        let done = &applied.outcome.done;
        let elsewhere = Plan { stack: "elsewhere".into(), ..first };
        let hidden = wait_until_visible(&elsewhere, done, &cloud, KINDS).await;
        assert_eq!(hidden.len(), done.len(), "another stack has none of these resources");
    });
}

#[test]
fn resources_of_interrupted_run_are_found_before_duplicates_are_created() {
    let folder = tempfile::tempdir().unwrap();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]).with_lag(3);
        let first = planned(&cloud, false).await;
        assert!(!appeared(&first, &cloud, KINDS).await.unwrap(), "no run has created anything");
        let steps = Engine::new(&cloud, KINDS).steps(&first).unwrap();
        let (_keep, never) = tokio::sync::watch::channel(crate::exec::Interrupt::None);
        let (known, options) =
            (crate::exec::known_outputs(&first), crate::exec::Options::default());
        crate::exec::run(steps, known, &cloud, "shop", options, never, &mut |_| {}).await;
        let again = planned(&cloud, false).await;
        assert!(!again.is_empty(), "the new resources are not visible yet");
        assert!(appeared(&again, &cloud, KINDS).await.unwrap());
        // Create calls find resources with a name, so these are not waited for.
        let now = planned(&cloud, false).await;
        assert!(now.effective().all(|change| change.id.kind == "named"), "{now:?}");
        assert!(!appeared(&now, &cloud, KINDS).await.unwrap());
    });
}

/// Records phases: when they start, and when they end.
#[derive(Default)]
struct Recorder(Rc<RefCell<Vec<String>>>);

struct Ends(Rc<RefCell<Vec<String>>>, String);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.borrow_mut().push(format!("end: {}", self.1));
    }
}

impl Observer for Recorder {
    fn phase(&self, what: String) -> Box<dyn Any> {
        self.0.borrow_mut().push(what.clone());
        Box::new(Ends(self.0.clone(), what))
    }
}

#[test]
fn reports_phases_to_observer() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::default();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]);
        let engine = Engine::new(&cloud, KINDS).with_observer(&recorder);
        let options = PlanOptions::default();
        let plan = engine.plan_graph("shop", &desired(), &options).await.unwrap().plan;
        engine.apply(&plan, engine.steps(&plan).unwrap(), Control::default()).await;
    });
    let expected = [
        "reading shop",
        "end: reading shop",
        "checking that all changes are visible",
        "end: checking that all changes are visible",
    ];
    assert_eq!(*recorder.0.borrow(), expected);
}

#[tokio::test]
async fn gives_up_if_new_resources_keep_appearing() {
    let appearing = |kind: &str, call: usize| {
        let id = Id::new(kind, &format!("new-{call}"));
        vec![fake::live(&id, json!({}))]
    };
    let cloud = Fake::default().with_list(appearing);
    let engine = Engine::new(&cloud, KINDS);
    let options = PlanOptions::default();
    let planned = engine.plan_graph("shop", &desired(), &options).await.unwrap();
    let saved = Saved::new(cloud.place().clone(), planned.plan, planned.observation);
    let Err(error) = engine.recheck(saved).await else { panic!("it went on") };
    let expected = "10 plans in a row were outdated: new resources of shop keep appearing";
    assert_eq!(error.to_string(), expected);
    assert!(error.help().is_some());
}

/// The desired state of one resource, `named.e`, whose physical name is `e`.
fn one_named() -> Graph<Id, Resource> {
    let id: Id = "named.e".parse().unwrap();
    let (component, spec) = ("tests".into(), named("e", &[]));
    let mut graph = Graph::default();
    graph.add(id.clone(), Resource { id, component, spec, pins: vec![] });
    graph
}

/// A survey in which another owner has the name `e`.
fn taken() -> Survey {
    Survey { others: [("named".into(), ["e".into()].into())].into(), ..Survey::default() }
}

#[test]
fn observes_again_before_a_name_whose_tags_lag_is_refused() {
    runtime().unwrap().block_on(async {
        let id: Id = "named.e".parse().unwrap();
        let ours = move || vec![fake::live(&id, named("e", &[]))];
        let cloud = Fake::default().with_survey(move |number| match number {
            1 => taken(),
            _ => Survey { resources: ours(), ..Survey::default() },
        });
        let engine = Engine::new(&cloud, KINDS);
        let planned = engine.plan_graph("shop", &one_named(), &PlanOptions::default()).await;
        let planned = planned.unwrap();
        assert!(planned.plan.is_empty() && planned.findings.is_empty(), "{:?}", planned.findings);
        assert!(cloud.paused_s() > 0.0);
    });
}

#[test]
fn refuses_a_name_of_another_owner() {
    runtime().unwrap().block_on(async {
        let cloud = Fake::default().with_survey(|_| taken());
        let engine = Engine::new(&cloud, KINDS);
        let planned = engine.plan_graph("shop", &one_named(), &PlanOptions::default()).await;
        let findings = planned.unwrap().findings;
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].message.contains("named e exists already"), "{findings:?}");
        assert!(cloud.paused_s() <= 7.0, "three pauses at most");
    });
}
