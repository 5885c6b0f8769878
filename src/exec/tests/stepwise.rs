//! Updates that the cloud takes only one change at a time of.
use super::fakes::Fake;
use super::*;
use std::sync::Mutex;

fn outputs(endpoint: &str) -> Outputs {
    Outputs::from([("endpoint".into(), endpoint.into())])
}

/// Updates one resource; returns the outcome and the calls that were made.
fn updated(answers: Vec<Result<Option<Outputs>>>) -> (Outcome, Vec<&'static str>) {
    let (updated, answers) = (Some(outputs("first")), Mutex::new(answers));
    let cloud = Fake { updated, answers, ..Fake::default() };
    let live = Live {
        id: "part.a".parse().unwrap(),
        handle: "part-1".into(),
        component: None,
        spec: part(&[]),
        outputs: outputs("first"),
        condition: Default::default(),
    };
    let draft = Draft::default().add(Verb::Update, "part.a", part(&[]), Some(live), &[]);
    let (outcome, _) = runtime().unwrap().block_on(walk(draft, &cloud));
    let calls = cloud.calls.lock().unwrap().clone();
    (outcome, calls)
}

#[test]
fn each_change_waits_for_the_previous_one() {
    let lost = Err(CloudError::plain(Class::Lost, "no answer"));
    let (outcome, calls) = updated(vec![lost, Ok(Some(outputs("second")))]);
    assert!(outcome.is_complete(), "{outcome:?}");
    let expected = ["update", "ready", "advance", "ready", "advance", "ready", "advance"];
    assert_eq!(calls, expected);
    assert_eq!(outcome.outputs[&"part.a".parse::<Id>().unwrap()], outputs("second"));
}

#[test]
fn a_refused_change_ends_the_update() {
    let (outcome, calls) = updated(vec![Err(CloudError::refused("no"))]);
    assert_eq!(calls, ["update", "ready", "advance"]);
    assert_eq!(outcome.failed.len(), 1);
}

#[test]
fn stops_after_fifty_changes() {
    let (outcome, calls) = updated((0..100).map(|_| Ok(Some(outputs("same")))).collect());
    assert_eq!(calls.iter().filter(|call| **call == "advance").count(), 50);
    assert!(outcome.failed[0].1.message.contains("after 50 changes"));
}
