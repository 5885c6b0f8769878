//! Plan, run and look again, with a fault at every call and a cut at many moments: whatever
//! happens, the same again comes to the same end, without a twin, and a destruction leaves nothing.
use super::*;
use crate::engine::consistency::{appeared, wait_until_visible};
use crate::graph::Graph;
use crate::plan::steps::steps;
use crate::plan::{Plan, PlanOptions, plan};
use crate::reference;
use crate::resource::Resource;
use crate::sandbox::testing::KINDS;
use std::path::Path;

/// A few resources that stand on each other, one of them protected.
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
    let ask = PlanOptions { destroy, ..PlanOptions::default() };
    plan("shop", &graph, &cloud.observe("shop").await.unwrap(), &ask, KINDS)
}

async fn carry_out(plan: &Plan, cloud: &Sandbox, asked: watch::Receiver<Interrupt>) -> Outcome {
    let steps = steps(plan, KINDS).unwrap();
    let options = Options::default();
    run(steps, known_outputs(plan), cloud, "shop", options, asked, &mut |_| {}).await
}

/// After whatever happened: once more, and all is as desired; then down, and nothing is left.
async fn recovers(folder: &Path, what: &str) {
    let cloud = sandbox(folder, &[]);
    let again = carry_out(&planned(&cloud, false).await, &cloud, asked_never()).await;
    assert!(again.is_complete(), "{what}: {again:?}");
    let plan = planned(&cloud, false).await;
    assert!(plan.is_empty(), "{what}: {plan:?}");
    let found = cloud.observe("shop").await.unwrap();
    assert!(found.len() == desired().len() && found.values().all(|f| f.len() == 1), "{what}");
    let down = carry_out(&planned(&cloud, true).await, &cloud, asked_never()).await;
    assert!(down.is_complete(), "{what}: {down:?}");
    assert!(cloud.observe("shop").await.unwrap().is_empty(), "{what}");
}

#[test]
fn a_fault_at_every_call_is_recovered_from() {
    for kind in ["lose", "throttle", "deny"] {
        for call in 1..=7 {
            let fault = format!("{kind}@{call}");
            let folder = tempfile::tempdir().unwrap();
            runtime().unwrap().block_on(async {
                let cloud = sandbox(folder.path(), &[&fault]);
                let outcome = carry_out(&planned(&cloud, false).await, &cloud, asked_never()).await;
                assert_eq!(outcome.is_complete(), kind != "deny" || call > 6, "{fault}");
                drop(cloud);
                recovers(folder.path(), &fault).await;
            });
        }
    }
}

#[test]
fn a_cut_at_any_moment_is_recovered_from() {
    for destroy in [false, true] {
        for after_s in (0..=360).step_by(30) {
            let folder = tempfile::tempdir().unwrap();
            runtime().unwrap().block_on(async {
                let cloud = sandbox(folder.path(), &[]);
                if destroy {
                    carry_out(&planned(&cloud, false).await, &cloud, asked_never()).await;
                }
                let plan = planned(&cloud, destroy).await;
                tokio::select! {
                    _ = carry_out(&plan, &cloud, asked_never()) => {}
                    () = tokio::time::sleep(Duration::from_secs(after_s)) => {}
                }
                drop(cloud);
                let what = format!("destroy: {destroy}, cut after {after_s} s");
                recovers(folder.path(), &what).await;
            });
        }
    }
}

#[test]
fn a_run_is_over_when_a_look_tells_of_it() {
    let folder = tempfile::tempdir().unwrap();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]).with_lag(3);
        let first = planned(&cloud, false).await;
        let outcome = carry_out(&first, &cloud, asked_never()).await;
        let elsewhere = Plan { stack: "elsewhere".into(), ..first.clone() };
        let behind = wait_until_visible(&elsewhere, &outcome.done, &cloud, KINDS).await;
        assert_eq!(behind.len(), outcome.done.len(), "nothing is seen of another stack");
        assert!(wait_until_visible(&first, &outcome.done, &cloud, KINDS).await.is_empty());
        assert!(planned(&cloud, false).await.is_empty());
    });
}

#[test]
fn what_a_run_that_was_cut_off_has_made_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]).with_lag(3);
        let first = planned(&cloud, false).await;
        assert!(!appeared(&first, &cloud, KINDS).await.unwrap(), "nobody has made anything");
        carry_out(&first, &cloud, asked_never()).await;
        let again = planned(&cloud, false).await;
        assert!(!again.is_empty(), "what was made is not seen yet");
        assert!(appeared(&again, &cloud, KINDS).await.unwrap());
        // What has a name is found by it, and not looked for.
        let now = planned(&cloud, false).await;
        assert!(now.effective().all(|change| change.id.kind == "named"), "{now:?}");
        assert!(!appeared(&now, &cloud, KINDS).await.unwrap());
    });
}
