# List the recipes.
default:
    @just --list

# Light loop: all tests that need neither the AWS SDK nor Python.
light *ARGS:
    cargo test --no-default-features {{ARGS}}

# Full loop: all Rust tests, including those against LocalStack.
full *ARGS:
    cargo test {{ARGS}}

# Check loop: exactly what CI runs.
check:
    ./check

# Test the LocalStack extension.
test-localstack *ARGS:
    localstack/test {{ARGS}}

# Accept changed snapshots and transcripts of all tests; read the diff afterwards.
bless:
    INSTA_UPDATE=always TRYCMD=overwrite cargo test

# Accept changed snapshots and transcripts of the light loop.
bless-light:
    INSTA_UPDATE=always TRYCMD=overwrite cargo test --no-default-features

# Look up the dependencies in the RustSec advisory database; needs a network.
advisories:
    cargo deny check advisories

# Count the lines of code by folder.
loc:
    @for d in src/*/; do printf '%6d %s\n' "$(find "$d" -name '*.rs' | xargs cat | wc -l)" "$d"; done
