//! Tests against the sandbox, most of them by the tenfold binary.
mod combinations;
mod million_calls;
mod scripts;
mod sharding;
mod sharding_sizes;
