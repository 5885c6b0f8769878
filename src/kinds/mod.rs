//! Every kind there is. A new kind is a folder, its `mod` line, and its line in [`KINDS`].
use crate::kind::DynKind;
use crate::spec::{DynSpec, Erased};
use std::marker::PhantomData;

pub mod vpc;

/// In the order in which a stack is built up, by and large.
pub static KINDS: &[&dyn DynKind] = &[&Erased::<vpc::Vpc>(PhantomData)];

/// The kind of a name, such as `load-balancer`.
pub fn kind(name: &str) -> Option<&'static dyn DynKind> {
    KINDS.iter().find(|kind| kind.info().name == name).copied()
}

/// The pure half of the kind of a name that is known to be one.
pub fn spec(name: &str) -> &'static dyn DynSpec {
    match kind(name) {
        Some(kind) => kind,
        None => unreachable!("{name} was checked to be a kind where it came in"),
    }
}
