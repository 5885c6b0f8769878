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

/// Calls delete until it is done, and says how long that took.
async fn delete(cloud: &Sandbox, live: &Live) -> u64 {
    let before = cloud.virtual_time_s().unwrap();
    while cloud.delete(live).await.unwrap() != Progress::Done {
        cloud.pause(1.0).await;
    }
    cloud.virtual_time_s().unwrap() - before
}

#[test]
fn what_was_told_is_returned_after_a_new_start() {
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
fn directives_are_not_returned_and_the_component_is() {
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
fn one_run_at_a_time_has_it_open() {
    let folder = folder();
    runtime().unwrap().block_on(async {
        let path = folder.path().join("deep/sandbox.json");
        let first = Sandbox::open(&path, "eu-west-1").unwrap();
        let Err(error) = Sandbox::open(&path, "eu-west-1") else { panic!("opened twice") };
        assert!(error.message.contains("in use by another run"), "{error}");
        drop(first);
        Sandbox::open(&path, "eu-west-1").unwrap();
    });
}

#[test]
fn what_is_no_sandbox_is_refused() {
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
fn a_name_is_given_once_whatever_the_stack() {
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
fn identifiers_are_stable_and_never_given_twice() {
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
fn what_is_used_or_protected_stays() {
    let folder = folder();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]);
        let a = create(&cloud, "shop", "part.a", &part(&[])).await;
        create(&cloud, "shop", "part.b", &part(&[&a["id"]])).await;
        let (used, user) = (only(&cloud, "part.a").await, only(&cloud, "part.b").await);
        let error = cloud.delete(&used).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (Class::InUse, "DependencyViolation"));
        assert!(error.message.contains("part.b"), "{error}");
        // Whoever uses it holds it until gone.
        assert_eq!(cloud.delete(&user).await, Ok(Progress::Waiting("deleting".into())));
        assert_eq!(cloud.delete(&used).await.unwrap_err().class, Class::InUse);
        cloud.pause(20.0).await;
        // `named` comes after the parts, though no property says so: it goes down first.
        create(&cloud, "shop", "named.a", &named("x", &[])).await;
        let after = only(&cloud, "named.a").await;
        assert_eq!(cloud.delete(&after).await, Ok(Progress::Waiting("deleting".into())));
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
fn what_is_being_deleted_is_gone_after_a_new_start() {
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
fn some_properties_never_change() {
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

/// Two that take a hundred seconds each take a hundred seconds side by side, and no real time.
#[test]
fn waits_overlap_on_the_virtual_clock() {
    let folder = folder();
    let real = std::time::Instant::now();
    runtime().unwrap().block_on(async {
        let cloud = sandbox(folder.path(), &[]);
        let one = async |id: &str| {
            let outputs = create(&cloud, "shop", id, &part(&[])).await;
            let mut looks = 0;
            while cloud.ready(&id.parse().unwrap(), &outputs).await.unwrap() != Progress::Done {
                looks += 1;
                cloud.pause(10.0).await;
            }
            looks
        };
        assert_eq!(tokio::join!(one("part.a"), one("part.b")), (10, 10));
        assert_eq!(cloud.virtual_time_s(), Some(100));
    });
    assert!(real.elapsed().as_secs() < 20);
}

#[test]
fn a_lost_answer_leaves_what_was_done() {
    let folder = folder();
    runtime().unwrap().block_on(async {
        let faults = ["lose@1", "throttle@part.b*1", "deny@3"];
        let cloud = sandbox(folder.path(), &faults).with_lag(2);
        let class = async |name: &str| {
            let made = cloud.create("shop", &Id::new("part", name), &part(&[])).await;
            made.map(drop).map_err(|error| error.class)
        };
        assert_eq!(class("a").await, Err(Class::Lost));
        assert_eq!(class("b").await, Err(Class::Throttled));
        assert_eq!(class("c").await, Err(Class::Denied));
        assert_eq!(class("b").await, Ok(()));
        let seen = async || cloud.list("shop", "part").await.unwrap().len();
        assert_eq!([seen().await, seen().await, seen().await], [0, 0, 2]);
    });
}

#[test]
fn facts_are_plausible_and_stable() {
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

/// A newer image comes out: the file can say so, and nothing in it is lost.
#[test]
fn the_file_may_hold_facts_of_ones_own() {
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
