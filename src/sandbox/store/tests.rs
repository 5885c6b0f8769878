use super::*;
use crate::resource::{Id, Outputs};
use crate::sandbox::state::{Entry, Status};
use serde_json::{Value, json};
use std::path::PathBuf;
use tempfile::TempDir;

const FILE: &str = "sandbox.json";
const JOURNAL: &str = "sandbox.json.journal";
/// Bytes of a large resource: a few hundred of them are compacted several times.
const SIZE: usize = 8192;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn open(folder: &TempDir) -> Store {
    Store::open(&folder.path().join(FILE)).unwrap()
}

fn entry(number: usize, text: &str) -> Entry {
    Entry {
        region: "eu-west-1".into(),
        stack: "shop".into(),
        id: Id::new("part", &format!("p{number}")),
        handle: format!("part-{number}"),
        component: None,
        spec: json!({ "Text": text }),
        outputs: Outputs::new(),
        status: Status::Available,
        hidden_listings: 0,
    }
}

/// Creates the resource of this number as one step.
fn create(store: &mut Store, number: usize, text: &str) {
    let id = Id::new("part", "p");
    store
        .change(|state| {
            state.digits("eu-west-1", "shop", &id);
            state.create(entry(number, text));
            Ok(())
        })
        .unwrap();
}

fn update(store: &mut Store, at: usize, text: &str) {
    store
        .change(|state| {
            state.update(at, |entry| entry.spec = json!({ "Text": text }));
            Ok(())
        })
        .unwrap();
}

fn delete(store: &mut Store, at: usize) {
    store
        .change(|state| {
            state.delete(at, 0.0);
            state.settle(0.0);
            Ok(())
        })
        .unwrap();
}

/// Everything in a state that is stored.
fn stored(store: &mut Store) -> Value {
    serde_json::to_value(store.state().snapshot("")).unwrap()
}

fn handles(store: &mut Store) -> Vec<String> {
    store.state().entries().iter().map(|entry| entry.handle.clone()).collect()
}

/// The files as a kill at this moment would leave them, in a folder of their own.
fn killed_now(folder: &TempDir) -> TempDir {
    let copy = self::folder();
    for name in [FILE, JOURNAL] {
        if let Ok(bytes) = fs::read(folder.path().join(name)) {
            fs::write(copy.path().join(name), bytes).unwrap();
        }
    }
    copy
}

fn error(folder: &TempDir) -> String {
    Store::open(&folder.path().join(FILE)).unwrap_err().message
}

fn append(path: PathBuf, text: &str) {
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend(text.as_bytes());
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_kill_after_any_step_loses_no_step() {
    let folder = folder();
    let mut store = open(&folder);
    type Step = fn(&mut Store);
    let steps: [Step; 6] = [
        |store| create(store, 0, "a"),
        |store| create(store, 1, "b"),
        |store| update(store, 0, "c"),
        |store| delete(store, 1),
        |store| create(store, 1, "d"),
        |store| update(store, 1, "e"),
    ];
    for step in steps {
        step(&mut store);
        assert_eq!(stored(&mut open(&killed_now(&folder))), stored(&mut store));
    }
    let last = stored(&mut store);
    drop(store);
    assert!(!folder.path().join(JOURNAL).exists());
    assert_eq!(stored(&mut open(&folder)), last);
}

#[test]
fn a_run_after_a_kill_continues_the_journal() {
    let folder = folder();
    let mut store = open(&folder);
    create(&mut store, 0, "a");
    create(&mut store, 1, "b");
    let killed = killed_now(&folder);
    let mut next = open(&killed);
    create(&mut next, 2, "c");
    let killed_again = killed_now(&killed);
    assert_eq!(handles(&mut open(&killed_again)), ["part-0", "part-1", "part-2"]);
    let lines = fs::read_to_string(killed_again.path().join(JOURNAL)).unwrap().lines().count();
    assert_eq!(lines, 3, "a header and the steps after the first snapshot");
}

#[test]
fn a_step_cut_short_at_any_byte_is_dropped_as_a_whole() {
    let folder = folder();
    let mut store = open(&folder);
    create(&mut store, 0, "a");
    create(&mut store, 1, "b");
    let before = fs::read(folder.path().join(JOURNAL)).unwrap();
    create(&mut store, 2, "c");
    let after = fs::read(folder.path().join(JOURNAL)).unwrap();
    for end in before.len()..after.len() {
        let killed = killed_now(&folder);
        fs::write(killed.path().join(JOURNAL), &after[..end]).unwrap();
        let mut next = open(&killed);
        assert_eq!(handles(&mut next), ["part-0", "part-1"], "cut after {end} bytes");
        create(&mut next, 3, "d");
        let read_again = handles(&mut open(&killed_now(&killed)));
        assert_eq!(read_again, ["part-0", "part-1", "part-3"], "cut after {end} bytes");
    }
    for end in 0..before.iter().position(|byte| *byte == b'\n').unwrap() {
        let killed = killed_now(&folder);
        fs::write(killed.path().join(JOURNAL), &after[..end]).unwrap();
        let mut next = open(&killed);
        create(&mut next, 3, "d");
        assert_eq!(handles(&mut open(&killed_now(&killed))), ["part-0", "part-3"]);
    }
}

#[test]
fn ignores_the_old_journal_after_a_kill_between_new_snapshot_and_its_deletion() {
    let folder = folder();
    let mut store = open(&folder);
    create(&mut store, 0, "a");
    create(&mut store, 1, "b");
    let journal = fs::read(folder.path().join(JOURNAL)).unwrap();
    drop(store);
    fs::write(folder.path().join(JOURNAL), journal).unwrap();
    let mut next = open(&folder);
    assert_eq!(handles(&mut next), ["part-0", "part-1"]);
    create(&mut next, 2, "c");
    let killed = killed_now(&folder);
    assert_eq!(handles(&mut open(&killed)), ["part-0", "part-1", "part-2"]);
}

#[test]
fn starts_over_when_only_the_snapshot_is_deleted() {
    let folder = folder();
    let mut store = open(&folder);
    create(&mut store, 0, "a");
    create(&mut store, 1, "b");
    let killed = killed_now(&folder);
    fs::remove_file(killed.path().join(FILE)).unwrap();
    let mut next = open(&killed);
    assert!(handles(&mut next).is_empty());
    create(&mut next, 2, "c");
    create(&mut next, 3, "d");
    assert_eq!(handles(&mut open(&killed_now(&killed))), ["part-2", "part-3"]);
}

#[test]
fn opens_a_file_of_format_1() {
    let folder = folder();
    let text = r#"{
      "format": 1,
      "entries": [{ "region": "eu-west-1", "stack": "shop", "id": "part.p0", "handle": "part-0",
                    "spec": {}, "outputs": {} }],
      "minted": { "eu-west-1/shop/part.p": 4 },
      "known": { "image_parameters": { "/x": "ami-12345678" } }
    }"#;
    fs::write(folder.path().join(FILE), text).unwrap();
    let mut store = open(&folder);
    create(&mut store, 1, "b");
    let last = stored(&mut open(&killed_now(&folder)));
    assert_eq!(last["format"], 2);
    assert_eq!(last["minted"]["eu-west-1/shop/part.p"], 5);
    assert_eq!(last["known"]["image_parameters"]["/x"], "ami-12345678");
    assert_eq!(last["entries"].as_array().unwrap().len(), 2);
}

#[test]
fn reading_takes_no_lock_and_creates_nothing() {
    let folder = folder();
    Store::open(&folder.path().join("deep/sandbox.json")).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let mut writer = open(&folder);
    create(&mut writer, 0, "a");
    create(&mut writer, 1, "b");
    assert_eq!(handles(&mut open(&folder)), ["part-0", "part-1"]);
    create(&mut writer, 2, "c");
    assert_eq!(handles(&mut open(&folder)), ["part-0", "part-1", "part-2"]);
}

#[test]
fn refuses_a_second_writer_until_the_first_is_closed() {
    let folder = folder();
    let (mut first, mut second) = (open(&folder), open(&folder));
    create(&mut first, 0, "a");
    let error = second.change(|_| Ok(())).unwrap_err();
    assert!(error.message.contains("in use by another run"), "{error}");
    create(&mut first, 1, "b");
    drop(first);
    create(&mut second, 2, "c");
    assert_eq!(handles(&mut second), ["part-0", "part-1", "part-2"], "reads the state again");
    assert_eq!(handles(&mut open(&folder)), ["part-0", "part-1", "part-2"]);
}

/// A writer appends and compacts without a pause; each reader must see a prefix of its steps that
/// is no shorter than the one before.
#[test]
fn readers_see_whole_steps_while_a_writer_appends_and_compacts() {
    const STEPS: usize = 500;
    let folder = folder();
    let text = "x".repeat(SIZE);
    let mut writer = open(&folder);
    let finished = std::sync::atomic::AtomicBool::new(false);
    let snapshots = std::thread::scope(|scope| {
        let (folder, finished) = (&folder, &finished);
        let reader = scope.spawn(move || {
            let (mut seen, mut reads) = (0, 0);
            while !finished.load(std::sync::atomic::Ordering::Relaxed) {
                let handles = handles(&mut open(folder));
                let expected = (0..handles.len()).map(|number| format!("part-{number}"));
                assert!(handles.iter().eq(expected.collect::<Vec<_>>().iter()));
                assert!(handles.len() >= seen, "{} after {seen}", handles.len());
                (seen, reads) = (handles.len(), reads + 1);
            }
            reads
        });
        for number in 0..STEPS {
            create(&mut writer, number, &text);
        }
        finished.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(reader.join().unwrap() > 0);
        writer.writer.as_ref().unwrap().written.snapshots
    });
    assert!(snapshots > 2, "compacted {snapshots} times");
    assert_eq!(handles(&mut open(&folder)).len(), STEPS);
}

#[test]
fn the_bytes_written_are_linear_in_the_number_of_steps() {
    const STEPS: usize = 300;
    let text = "x".repeat(SIZE);
    let written = |steps: usize| {
        let folder = folder();
        let mut store = open(&folder);
        (0..steps).for_each(|number| create(&mut store, number, &text));
        let Written { snapshots, bytes, .. } = store.writer.as_ref().unwrap().written;
        assert!(snapshots > 1, "{steps} steps compacted {snapshots} times");
        // Each step once in the journal, and in snapshots that each double the size.
        assert!(bytes < 4 * (steps * SIZE) as u64, "{steps} steps wrote {bytes} bytes");
        bytes
    };
    let (once, twice) = (written(STEPS), written(2 * STEPS));
    assert!(twice < 3 * once, "{once} bytes, and {twice} for twice as many steps");
}

#[test]
fn says_what_is_damaged_and_how_to_start_over() {
    let folder = folder();
    let mut store = open(&folder);
    (0..4).for_each(|number| create(&mut store, number, "a"));
    let message = |damage: &dyn Fn(&TempDir)| {
        let damaged = killed_now(&folder);
        damage(&damaged);
        let message = error(&damaged).replace(&damaged.path().display().to_string(), "");
        let prefix = "cannot read /sandbox.json: ";
        let message = message.strip_prefix(prefix).expect(&message).to_string();
        let advice = ". If this file is a sandbox, delete it to start over with an empty one; to \
                      keep it, use another file with --sandbox=FILE";
        message.strip_suffix(advice).expect(&message).to_string()
    };
    let snapshot =
        |text: &'static str| message(&|folder| fs::write(folder.path().join(FILE), text).unwrap());
    assert_eq!(snapshot("{"), "EOF while parsing an object at line 1 column 1");
    assert!(snapshot("web:\n").starts_with("expected value at line 1 column 1"));
    assert_eq!(
        snapshot(r#"{"format": 99}"#),
        "it has format 99, and this version of tenfold reads formats 1 to 2"
    );
    let third_line = |folder: &TempDir| {
        let text = fs::read_to_string(folder.path().join(JOURNAL)).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines[2] = &lines[2][..20];
        fs::write(folder.path().join(JOURNAL), lines.join("\n") + "\n").unwrap();
    };
    let cut = message(&third_line);
    let end = "at line 3 column 20 of /sandbox.json.journal";
    assert!(cut.starts_with("EOF while parsing") && cut.ends_with(end), "{cut}");
    let absent = |folder: &TempDir| {
        let key = r#"{"region":"eu-west-1","stack":"shop","id":"part.p9","handle":"part-9"}"#;
        append(folder.path().join(JOURNAL), &format!("[{{\"deleted\":{key}}}]\n"));
    };
    assert_eq!(
        message(&absent),
        "part.p9 (part-9) does not exist at line 5 of /sandbox.json.journal"
    );
}

/// Every write to `/dev/full` fails, as on a full disk.
#[cfg(target_os = "linux")]
#[test]
fn replaces_the_snapshot_when_the_journal_cannot_be_written() {
    let folder = folder();
    let mut store = open(&folder);
    create(&mut store, 0, "a");
    create(&mut store, 1, "b");
    let full = Journal::resume(Path::new("/dev/full")).unwrap();
    store.writer.as_mut().unwrap().journal = Some(full);
    create(&mut store, 2, "c");
    create(&mut store, 3, "d");
    let killed = killed_now(&folder);
    assert_eq!(handles(&mut open(&killed)), ["part-0", "part-1", "part-2", "part-3"]);
}
