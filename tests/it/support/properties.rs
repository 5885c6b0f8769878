//! Settings of property tests: each run prints its seed, and a failing case is kept as a file.
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed};

/// Failing cases are written below this folder, and tried first by every later run.
const REGRESSIONS: &str = "proptest-regressions";

/// `cases` drawn cases. The seed is random, or `PROPTEST_RNG_SEED`, which repeats a run.
pub fn config(cases: u32) -> Config {
    let defaults = Config::default();
    let seed = match defaults.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => fastrand::u64(..),
    };
    let test = std::thread::current().name().unwrap_or("a property test").to_string();
    #[allow(clippy::print_stdout)]
    println!("{test}: repeat this run with PROPTEST_RNG_SEED={seed}");
    Config {
        cases,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel(REGRESSIONS))),
        ..defaults
    }
}
