use super::fakes::Unreached;
use super::*;

#[test]
fn adopts_the_resource_of_a_lost_create_call() {
    // The kind has no unique name, so only a listing shows whether the create call succeeded.
    on_sandbox(&["lose@part.a*1"], async |cloud| {
        let (outcome, lines) = walk(Draft::default().create("part.a", part(&[]), &[]), cloud).await;
        assert!(outcome.is_complete() && lines.contains(&"create part.a: adopted".to_string()));
        let found = all(cloud, "part").await;
        assert_eq!(found.len(), 1);
        assert_eq!(outcome.outputs[&Id::new("part", "a")], found[0].outputs);
    });
}

#[test]
fn lists_again_while_a_listing_lags() {
    let folder = tempfile::tempdir().unwrap();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &["lose@part.a*1"]).with_lag(3);
        let (outcome, _) = walk(Draft::default().create("part.a", part(&[]), &[]), &cloud).await;
        assert!(outcome.is_complete());
        assert_eq!(all(&cloud, "part").await.len(), 1);
    });
}

#[test]
fn repeats_a_create_call_that_never_arrived() {
    on_sandbox(&["lose@part.a*2"], async |cloud| {
        // The request never reaches the cloud, so no resource exists.
        let unreached = Unreached(cloud);
        let (outcome, _) =
            walk(Draft::default().create("part.a", part(&[]), &[]), &unreached).await;
        assert!(outcome.is_complete(), "{outcome:?}");
        assert_eq!(all(cloud, "part").await.len(), 1);
    });
}

#[test]
fn reports_unknown_when_every_response_is_lost() {
    on_sandbox(&["lose@part.a*9"], async |cloud| {
        let draft = Draft::default().create("part.a", part(&[]), &[]).create(
            "part.b",
            part(&[]),
            &["part.a"],
        );
        let (outcome, _) = walk(draft, &Unreached(cloud)).await;
        assert_eq!(outcome.unknown.len(), 1);
        assert_eq!(outcome.skipped.len(), 1);
        assert!(outcome.failed.is_empty() && outcome.done.is_empty());
    });
}

#[test]
fn distinguishes_a_lost_successor_from_the_old_resource() {
    on_sandbox(&["lose@2"], async |cloud| {
        walk(Draft::default().create("part.a", part(&[]), &[]), cloud).await;
        let old = all(cloud, "part").await.remove(0);
        let created = key(Verb::Create, "part.a", None);
        let draft = Draft::default()
            .add(Verb::Create, "part.a", part(&[]), Some(old.clone()), &[])
            .add(Verb::Delete, "part.a", Value::Null, Some(old.clone()), &[&created]);
        let (outcome, lines) = walk(draft, cloud).await;
        assert!(outcome.is_complete() && lines.contains(&"create part.a: adopted".to_string()));
        let found = all(cloud, "part").await;
        assert!(found.len() == 1 && found[0].handle != old.handle);
    });
}

#[test]
fn adopts_and_updates_an_existing_resource_of_the_stack() {
    on_sandbox(&[], async |cloud| {
        let id = Id::new("named", "a");
        cloud.create("shop", &id, &named("x", &[])).await.unwrap();
        let mut spec = named("x", &[]);
        spec["Size"] = json!(5);
        let (outcome, lines) = walk(Draft::default().create("named.a", spec, &[]), cloud).await;
        assert!(outcome.is_complete() && lines.contains(&"create named.a: adopted".to_string()));
        assert_eq!(all(cloud, "named").await[0].spec["Size"], json!(5));
    });
}

#[test]
fn leaves_a_resource_of_another_stack_unchanged() {
    on_sandbox(&[], async |cloud| {
        let id = Id::new("named", "a");
        cloud.create("theirs", &id, &named("x", &[])).await.unwrap();
        let draft = Draft::default().create("named.a", named("x", &[]), &[]);
        let (outcome, _) = walk(draft, cloud).await;
        let (_, error) = &outcome.failed[0];
        assert_eq!(error.class, Class::Refused);
        assert!(
            error.message.contains("is used by a resource that is not this stack's"),
            "{error}"
        );
        assert_eq!(cloud.list("theirs", "named").await.unwrap()[0].spec["Size"], json!(1));
    });
}

#[test]
fn recovers_from_throttling_and_lost_responses() {
    let faults = ["throttle@1", "lose@3", "lose@5", "throttle@6"];
    on_sandbox(&faults, async |cloud| {
        walk(Draft::default().create("part.a", part(&[]), &[]), cloud).await;
        let live = all(cloud, "part").await.remove(0);
        let mut spec = part(&[]);
        spec["Size"] = json!(9);
        let update = |live: &Live| {
            Draft::default().add(Verb::Update, "part.a", spec.clone(), Some(live.clone()), &[])
        };
        assert!(walk(update(&live), cloud).await.0.is_complete());
        let live = all(cloud, "part").await.remove(0);
        assert_eq!(live.spec["Size"], json!(9));
        let delete =
            Draft::default().add(Verb::Delete, "part.a", Value::Null, Some(live.clone()), &[]);
        assert!(walk(delete, cloud).await.0.is_complete());
        let (outcome, _) = walk(update(&live), cloud).await;
        assert!(outcome.failed[0].1.message.contains("plan again"));
    });
}

#[test]
fn waits_for_a_name_that_the_run_has_released() {
    on_sandbox(&[], async |cloud| {
        let old = Id::new("named", "old");
        cloud.create("shop", &old, &named("y", &[])).await.unwrap();
        let old_live = all(cloud, "named").await.remove(0);
        let deleted = key(Verb::Delete, "named.old", Some(&old_live));
        let draft = Draft::default()
            .add(Verb::Delete, "named.old", Value::Null, Some(old_live), &[])
            .add(Verb::Create, "named.a", named("x", &[]), None, &[&deleted]);
        // The name stays in use for another 30 s.
        cloud.create("theirs", &Id::new("named", "a"), &named("x", &[])).await.unwrap();
        let theirs = cloud.list("theirs", "named").await.unwrap().remove(0);
        let release = async {
            cloud.pause(30.0).await;
            cloud.delete(&theirs).await.unwrap();
        };
        let ((outcome, _), ()) = tokio::join!(walk(draft, cloud), release);
        assert!(outcome.is_complete(), "{outcome:?}");
    });
}
