//! A shard map in the sandbox.
use crate::support::REGION;
use crate::support::sharding::grows;
use tenfold::sandbox::Sandbox;

#[test]
fn shard_map_grows_and_refuses_to_shrink() {
    let folder = tempfile::tempdir().unwrap();
    tenfold::sandbox::runtime().unwrap().block_on(async {
        let sandbox = Sandbox::open(&folder.path().join("sandbox.json"), REGION).unwrap();
        grows(&sandbox).await;
    });
}
