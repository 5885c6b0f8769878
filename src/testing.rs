//! What property tests share.
use proptest::test_runner::{Config, RngSeed};
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// The configuration of a property test that runs `cases` cases. A failing test prints its seed;
/// the environment variable `PROPTEST_RNG_SEED` repeats a run with that seed. A failing case is
/// stored in `proptest-regressions/`, and every later run starts with it: commit that file
/// (<https://altsysrq.github.io/proptest-book/proptest/failure-persistence.html>).
pub fn property_test(cases: u32) -> Config {
    let config = Config::with_cases(cases);
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed,
        // The standard library keys each hasher at random.
        RngSeed::Random => RandomState::new().hash_one(cases),
    };
    // The test harness shows the output of failed tests only.
    println!("to repeat this run: PROPTEST_RNG_SEED={seed}");
    Config { rng_seed: RngSeed::Fixed(seed), ..config }
}

#[test]
fn property_tests_store_their_failures() {
    assert!(property_test(1).failure_persistence.is_some());
}
