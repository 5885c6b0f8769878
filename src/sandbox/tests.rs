use super::testing::{named, part, sandbox};
use super::{Sandbox, runtime};
use crate::cloud::Cloud;
use crate::error::Class;
use crate::facts::Query;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

async fn create(cloud: &Sandbox, stack: &str, id: &str, spec: &Value) -> Outputs {
    cloud.create(stack, &id.parse().unwrap(), spec).await.unwrap()
}

async fn only(cloud: &Sandbox, id: &str) -> Live {
    let id: Id = id.parse().unwrap();
    let mut found = cloud.survey("shop").await.unwrap().resources;
    found.retain(|live| live.id == id);
    <[Live; 1]>::try_from(found).unwrap().into_iter().next().unwrap()
}

/// No simulated operation takes more polls than this.
const MAX_POLLS: u32 = 1000;

/// Calls delete until it is done. Returns the seconds that it took.
async fn delete(cloud: &Sandbox, live: &Live) -> u64 {
    let before = cloud.virtual_time_s().unwrap();
    for _ in 0..MAX_POLLS {
        if cloud.delete(live).await.unwrap() == Progress::Done {
            return cloud.virtual_time_s().unwrap() - before;
        }
        cloud.pause(1.0).await;
    }
    panic!("{} is not deleted after {MAX_POLLS} s", live.id);
}

#[test]
fn returns_the_same_resources_after_a_restart() {
    let folder = folder();
    let before = runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]);
        create(&cloud, "shop", "part.a", &part(&[])).await;
        create(&cloud, "other", "part.a", &part(&[])).await;
        assert_eq!(
            only(&cloud, "part.a").await.condition,
            Condition::Converging("creating".into())
        );
        cloud.pause(100.0).await;
        let live = only(&cloud, "part.a").await;
        let grown = json!({ "Uses": [], "Fixed": 0, "Size": 2, "Protected": false, "Tags": [] });
        cloud.update(&grown, &live).await.unwrap();
        cloud.pause(10.0).await;
        only(&cloud, "part.a").await
    });
    assert_eq!(before.spec["Size"], json!(2));
    assert_eq!(before.outputs["version"], "2");
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]);
        assert_eq!(only(&cloud, "part.a").await, before);
        let stacks = cloud.stacks().await.unwrap();
        let stacks: Vec<_> = stacks.iter().map(|s| (s.name.as_str(), s.resources)).collect();
        assert_eq!(stacks, [("other", 1), ("shop", 1)]);
        let elsewhere = Sandbox {
            place: crate::resource::Place { region: "us-east-1".into(), ..cloud.place.clone() },
            ..cloud
        };
        assert!(elsewhere.survey("shop").await.unwrap().resources.is_empty());
    });
}

#[test]
fn returns_the_component_and_no_directives() {
    let folder = folder();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]);
        create(&cloud, "shop", "part.a", &part(&[])).await;
        let live = only(&cloud, "part.a").await;
        assert_eq!(live.spec.get("How"), None);
        assert_eq!(live.component.as_deref(), Some("tests.one"));
    });
}

#[test]
fn one_run_at_a_time_changes_resources_and_others_can_read() {
    let folder = folder();
    runtime().unwrap().block_on(async {
        let first = sandbox(folder.path(), &[]);
        let waiting = sandbox(folder.path(), &[]);
        create(&first, "shop", "part.a", &part(&[])).await;
        let id = "part.b".parse().unwrap();
        let error = waiting.create("shop", &id, &part(&[])).await.unwrap_err();
        assert_eq!(error.class, Class::Refused);
        assert!(error.message.contains("in use by another run"), "{error}");
        // Without an identifier to generate, an action only reads.
        let reader = sandbox(folder.path(), &[]);
        let live = only(&reader, "part.a").await;
        let error = reader.act(&live, "nonsense", &Value::Null).await.unwrap_err();
        assert_eq!(error.class, Class::Internal, "{error}");
        assert_eq!(reader.stacks().await.unwrap().len(), 1);
        drop(first);
        create(&waiting, "shop", "part.b", &part(&[])).await;
        assert_eq!(waiting.survey("shop").await.unwrap().resources.len(), 2);
    });
}

#[test]
fn refuses_a_file_that_is_not_a_sandbox() {
    let folder = folder();
    let path = folder.path().join("sandbox.json");
    runtime().unwrap().block_on(async {
        for text in ["{", "[]", r#"{"format": 1, "more": 1}"#, r#"{"format": 99}"#] {
            std::fs::write(&path, text).unwrap();
            assert!(Sandbox::open(&path, "eu-west-1").is_err(), "{text}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    });
}

#[test]
fn refuses_a_name_that_any_stack_uses() {
    let folder = folder();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]);
        create(&cloud, "shop", "named.a", &named("x", &[])).await;
        for (stack, name) in [("shop", "named.b"), ("other", "named.a")] {
            let id = name.parse().unwrap();
            let error = cloud.create(stack, &id, &named("x", &[])).await.unwrap_err();
            assert_eq!(error.class, Class::Exists);
        }
        create(&cloud, "shop", "named.b", &named("y", &[])).await;
    });
}

#[test]
fn identifiers_are_deterministic_and_never_reused() {
    let once = || {
        let folder = folder();
        runtime().unwrap().block_on(async {
            let cloud = sandbox(folder.path(), &[]);
            let first = create(&cloud, "shop", "part.a", &part(&[])).await;
            delete(&cloud, &only(&cloud, "part.a").await).await;
            let second = create(&cloud, "shop", "part.a", &part(&[])).await;
            (first["id"].clone(), second["id"].clone())
        })
    };
    let (first, second) = once();
    assert_eq!((first.clone(), second.clone()), once());
    assert_ne!(first, second);
    assert!(first.starts_with("part-0") && first.len() == "part-".len() + 17);
}

#[test]
fn refuses_to_delete_used_or_protected_resources() {
    let folder = folder();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]);
        let a = create(&cloud, "shop", "part.a", &part(&[])).await;
        create(&cloud, "shop", "part.b", &part(&[&a["id"]])).await;
        let (used, user) = (only(&cloud, "part.a").await, only(&cloud, "part.b").await);
        let error = cloud.delete(&used).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (Class::InUse, "DependencyViolation"));
        assert!(error.message.contains("part.b"), "{error}");
        // A user blocks the deletion until it is deleted itself.
        assert_eq!(cloud.delete(&user).await, Ok(Progress::Waiting("deleting".into())));
        assert_eq!(cloud.delete(&used).await.unwrap_err().class, Class::InUse);
        cloud.pause(20.0).await;
        // `named` depends on the kind `part`, although no property refers to it: while it is being
        // deleted, it blocks the deletion of parts.
        create(&cloud, "shop", "named.a", &named("x", &[])).await;
        let dependent = only(&cloud, "named.a").await;
        assert_eq!(cloud.delete(&dependent).await, Ok(Progress::Waiting("deleting".into())));
        assert_eq!(cloud.delete(&used).await.unwrap_err().class, Class::InUse);
        cloud.pause(5.0).await;
        assert_eq!(delete(&cloud, &used).await, 20);
        assert_eq!(cloud.delete(&used).await, Ok(Progress::Done));

        let mut spec = part(&[]);
        spec["Protected"] = json!(true);
        create(&cloud, "shop", "part.c", &spec).await;
        let live = only(&cloud, "part.c").await;
        let error = cloud.delete(&live).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (Class::Refused, "OperationNotPermitted"));
        cloud.update(&part(&[]), &live).await.unwrap();
        assert_eq!(delete(&cloud, &live).await, 20);
    });
}

#[test]
fn completes_deletions_between_two_runs() {
    let folder = folder();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]);
        create(&cloud, "shop", "part.a", &part(&[])).await;
        let live = only(&cloud, "part.a").await;
        assert_eq!(cloud.delete(&live).await, Ok(Progress::Waiting("deleting".into())));
        assert!(cloud.survey("shop").await.unwrap().resources.is_empty());
        drop(cloud);
        let cloud = sandbox(folder.path(), &[]);
        assert_eq!(cloud.delete(&live).await, Ok(Progress::Done));
    });
}

#[test]
fn refuses_to_update_create_only_properties() {
    let folder = folder();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]);
        create(&cloud, "shop", "part.a", &part(&[])).await;
        let live = only(&cloud, "part.a").await;
        let mut spec = part(&[]);
        spec["Fixed"] = json!(1);
        let error = cloud.update(&spec, &live).await.unwrap_err();
        assert!(error.message.contains("Fixed"), "{error}");
        let unlike = json!({ "Nonsense": 1 });
        assert_eq!(cloud.update(&unlike, &live).await.unwrap_err().class, Class::Internal);
    });
}

/// Two creations of 100 s each take 100 s of virtual time in parallel, and hardly any real time.
#[test]
fn waits_overlap_on_the_virtual_clock() {
    let folder = folder();
    let real = std::time::Instant::now();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]);
        let one = async |id: &str| {
            let outputs = create(&cloud, "shop", id, &part(&[])).await;
            for polls in 0..MAX_POLLS {
                if cloud.ready(&id.parse().unwrap(), &outputs).await.unwrap() == Progress::Done {
                    return polls;
                }
                cloud.pause(10.0).await;
            }
            panic!("{id} is not ready after {MAX_POLLS} polls");
        };
        assert_eq!(tokio::join!(one("part.a"), one("part.b")), (10, 10));
        assert_eq!(cloud.virtual_time_s(), Some(100));
    });
    assert!(real.elapsed().as_secs() < 20);
}

#[test]
fn a_lost_response_leaves_the_change_made() {
    let folder = folder();
    runtime().unwrap().block_on(async {
        let faults = ["lose@1", "throttle@part.b*1", "deny@3"];
        let cloud = sandbox(folder.path(), &faults).with_lag(2);
        let class = async |name: &str| {
            let created = cloud.create("shop", &Id::new("part", name), &part(&[])).await;
            created.map(drop).map_err(|error| error.class)
        };
        assert_eq!(class("a").await, Err(Class::Lost));
        assert_eq!(class("b").await, Err(Class::Throttled));
        assert_eq!(class("c").await, Err(Class::Denied));
        assert_eq!(class("b").await, Ok(()));
        let listed = async || cloud.list("shop", "part").await.unwrap().len();
        assert_eq!([listed().await, listed().await, listed().await], [0, 0, 2]);
    });
}

#[test]
fn facts_are_plausible_and_deterministic() {
    let folder = folder();
    let set = |items: &[&str]| BTreeSet::from_iter(items.iter().map(|item| item.to_string()));
    let parameter = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";
    let query = Query {
        instance_types: set(&["t4g.small", "nonsense"]),
        image_parameters: set(&[parameter]),
        images: set(&["ami-0123456789abcdef0", "nonsense"]),
        subnets: set(&["subnet-0123456789abcdef0", "nonsense"]),
        zones: set(&["api.example.com", "api.example.invalid"]),
        api_gateway: true,
        cache_engines: set(&["valkey", "nonsense"]),
        ..Query::default()
    };
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]).with_account("210987654321");
        let facts = cloud.facts(&query).await.unwrap();
        assert_eq!(facts, cloud.facts(&query).await.unwrap());
        assert_eq!((facts.account.as_str(), facts.zones.len()), ("210987654321", 3));
        let zones: Vec<&str> = facts.hosted_zones.iter().map(|zone| zone.name.as_str()).collect();
        assert_eq!(zones, ["example.com"]);
        assert_eq!(facts.offerings["t4g.small"].len(), 3);
        assert_eq!(facts.images[&facts.image_parameters[parameter]].architecture, "arm64");
        assert_eq!(facts.images.len(), 2);
        assert_eq!((facts.instance_types.len(), facts.subnets.len()), (1, 1));
        assert_eq!(facts.cache_versions["valkey"]["8.1"], "valkey8");
    });
}

/// A user can write a newer image into the file, for example, and runs keep it.
#[test]
fn facts_in_the_file_replace_generated_facts() {
    let folder = folder();
    let text = r#"{"format": 1, "known": {"image_parameters": {"/x": "ami-12345678"}}}"#;
    std::fs::write(folder.path().join("sandbox.json"), text).unwrap();
    let query = Query { image_parameters: BTreeSet::from(["/x".into()]), ..Query::default() };
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]);
        create(&cloud, "shop", "part.a", &part(&[])).await;
        drop(cloud);
        let cloud = sandbox(folder.path(), &[]);
        assert_eq!(cloud.facts(&query).await.unwrap().image_parameters["/x"], "ami-12345678");
    });
}
