//! The Python example client finds every key in the shard that tenfold finds it in.
use crate::support::root;
use std::process::Command;

#[test]
fn python_client_passes_its_own_tests() {
    let ran = Command::new("python3")
        .args(["-B", "-m", "unittest", "-q"])
        .current_dir(root().join("examples/shard-clients/python"))
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}
