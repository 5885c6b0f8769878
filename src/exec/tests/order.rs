use super::fakes::Fake;
use super::*;
use proptest::prelude::*;

#[test]
fn resolves_references_to_outputs() {
    on_sandbox(&[], async |cloud| {
        let draft = Draft::default().create("part.a", part(&[]), &[]).create(
            "part.b",
            part(&["x-${part.a.id}"]),
            &["part.a"],
        );
        let (outcome, lines) = walk(draft, cloud).await;
        let expected = [
            "2 steps",
            "create part.a: started",
            "create part.a: done",
            "create part.b: started",
            "create part.b: done",
            "finished",
        ];
        assert_eq!(lines, expected);
        assert!(outcome.is_complete());
        let b = &all(cloud, "part").await[1];
        assert_eq!(
            b.spec["Uses"][0],
            format!("x-{}", outcome.outputs[&Id::new("part", "a")]["id"])
        );
        assert_eq!(Some(outcome.elapsed_s), cloud.virtual_time_s());
    });
}

#[test]
fn reports_an_unknown_output_as_internal_error() {
    on_sandbox(&[], async |cloud| {
        let draft = Draft::default().create("part.b", part(&["${part.a.id}"]), &[]);
        let (outcome, _) = walk(draft, cloud).await;
        assert_eq!(outcome.failed[0].1.class, Class::Internal);
        assert!(outcome.failed[0].1.message.contains("${part.a.id}"));
    });
}

#[test]
fn a_failure_skips_only_dependent_steps() {
    on_sandbox(&["refuse@part.a*1"], async |cloud| {
        let draft = Draft::default()
            .create("part.a", part(&[]), &[])
            .create("part.b", part(&[]), &["part.a"])
            .create("part.c", part(&[]), &["part.b"])
            .create("part.d", part(&[]), &[]);
        let (outcome, lines) = walk(draft, cloud).await;
        let expected = [
            "4 steps",
            "create part.a: started",
            "create part.d: started",
            "create part.a: failed: part:Create: InjectedFault: injected fault",
            "create part.b: skipped because of create part.a",
            "create part.c: skipped because of create part.a",
            "create part.d: done",
            "finished",
        ];
        assert_eq!(lines, expected);
        let Summary { done, failed, skipped, .. } = outcome.summary();
        assert_eq!((done, failed, skipped), (1, 1, 2));
    });
}

#[test]
fn a_deletion_waits_while_the_resource_is_in_use() {
    on_sandbox(&[], async |cloud| {
        let draft = Draft::default().create("part.a", part(&[]), &[]).create(
            "part.b",
            part(&["${part.a.id}"]),
            &["part.a"],
        );
        walk(draft, cloud).await;
        let mut found = all(cloud, "part").await.into_iter();
        let (a, b) = (found.next(), found.next());
        // Both at once, as if the plan did not know that part.b uses part.a.
        let draft = Draft::default().add(Verb::Delete, "part.a", Value::Null, a, &[]).add(
            Verb::Delete,
            "part.b",
            Value::Null,
            b,
            &[],
        );
        let mut lines = Vec::new();
        let mut events = |event: Event| lines.push(line(&event));
        let (known, options) = (BTreeMap::new(), Options::default());
        let asked = asked_never();
        let outcome = run(draft.0, known, cloud, "shop", options, asked, &mut events).await;
        assert!(outcome.is_complete());
        let held = "delete part.a: waiting at 0: part.a is in use by part.b";
        assert!(lines.iter().any(|line| line.starts_with(held)), "{lines:?}");
        assert!(all(cloud, "part").await.is_empty());
    });
}

#[test]
fn a_deletion_of_a_used_resource_fails_and_names_the_user() {
    on_sandbox(&[], async |cloud| {
        let draft = Draft::default().create("part.a", part(&[]), &[]).create(
            "part.b",
            part(&["${part.a.id}"]),
            &["part.a"],
        );
        walk(draft, cloud).await;
        let used = all(cloud, "part").await.remove(0);
        let draft = Draft::default().add(Verb::Delete, "part.a", Value::Null, Some(used), &[]);
        let (outcome, _) = walk(draft, cloud).await;
        let (_, error) = &outcome.failed[0];
        assert!(
            error.message.contains("part.b") && error.message.contains("20 minutes"),
            "{error}"
        );
    });
}

#[test]
fn disables_protection_before_the_deletion() {
    on_sandbox(&[], async |cloud| {
        let mut spec = part(&[]);
        spec["Protected"] = json!(true);
        walk(Draft::default().create("part.a", spec, &[]), cloud).await;
        let live = all(cloud, "part").await.remove(0);
        let lifted = key(Verb::Unprotect, "part.a", Some(&live));
        let draft = Draft::default()
            .add(Verb::Unprotect, "part.a", part(&[]), Some(live.clone()), &[])
            .add(Verb::Delete, "part.a", Value::Null, Some(live), &[&lifted]);
        let (outcome, _) = walk(draft, cloud).await;
        assert!(outcome.is_complete() && outcome.outputs.is_empty());
        assert!(all(cloud, "part").await.is_empty());
    });
}

/// Nodes, each with the earlier nodes it needs, its duration in seconds and whether it is refused;
/// and the parallelism.
fn graphs() -> impl Strategy<Value = (Vec<(Vec<usize>, u64, bool)>, usize)> {
    let node = (prop::collection::vec(0..64usize, 0..4), 0..50u64, prop::bool::weighted(0.1));
    (prop::collection::vec(node, 1..30), 1..6usize)
}

proptest! {
    #![proptest_config(crate::testing::property_test(64))]

    #[test]
    fn runs_each_step_once_and_after_its_needs((nodes, parallelism) in graphs()) {
        let id = |n: usize| Id::new("x", &format!("n{n:02}"));
        let create = |n: usize| Key { verb: Verb::Create, id: id(n), handle: String::new() };
        let (mut steps, mut cloud) = (Steps::default(), Fake::default());
        for (n, (needs, seconds, refused)) in nodes.iter().enumerate() {
            let step = Step { component: "tests".into(), spec: json!({}), live: None, is_orphan: false };
            steps.add(create(n), step);
            needs.iter().filter(|_| n > 0).for_each(|m| steps.connect(&create(n), &create(m % n)));
            cloud.ready_s.insert(id(n), *seconds);
            cloud.refused.extend(refused.then(|| id(n)));
        }
        let mut log = Vec::new();
        let options = Options { parallelism };
        let mut events = |event: Event| log.push(event);
        let run = run(steps.clone(), BTreeMap::new(), &cloud, "s", options, asked_never(), &mut events);
        let outcome = runtime().unwrap().block_on(run);
        let (mut running, mut done, mut ended) = (0, BTreeSet::new(), BTreeSet::new());
        for event in log {
            match event {
                Event::Started { step } => {
                    running += 1;
                    prop_assert!(running <= parallelism);
                    let key = Key { verb: step.verb, id: step.id, handle: step.handle };
                    prop_assert!(steps.needs(&key).all(|need| done.contains(&need.id)));
                }
                Event::Succeeded { step, .. } => {
                    running -= 1;
                    done.insert(step.id.clone());
                    prop_assert!(ended.insert(step.id));
                }
                Event::Failed { step, .. } => {
                    running -= 1;
                    prop_assert!(ended.insert(step.id));
                }
                Event::Skipped { step, because } => {
                    prop_assert!(cloud.refused.contains(&because.id));
                    prop_assert!(ended.insert(step.id));
                }
                _ => {}
            }
        }
        prop_assert_eq!(ended.len(), steps.len());
        let counted = outcome.done.len() + outcome.failed.len() + outcome.skipped.len();
        prop_assert_eq!(counted, steps.len());
        prop_assert_eq!(outcome.done.len(), done.len());
    }
}
