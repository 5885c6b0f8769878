# Lists what there is.
default:
    @just --list

# Everything that must hold; exactly what CI runs.
check:
    ./check

# All Rust tests, LocalStack among them.
test *ARGS:
    cargo test --all-targets {{ARGS}}

# The tests of the LocalStack extension.
test-localstack:
    localstack/test

# Accept changed snapshots and transcripts.
bless:
    INSTA_UPDATE=always TRYCMD=overwrite cargo test --all-targets

# Lines of code by folder.
loc:
    @for d in src/*/; do printf '%6d %s\n' "$(find "$d" -name '*.rs' | xargs cat | wc -l)" "$d"; done
