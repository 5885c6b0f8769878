//! Every kind there is. A new kind is a folder, its `mod` line, and its line in [`KINDS`].
use crate::kind::DynKind;
use crate::spec::Erased;
use std::marker::PhantomData;

pub mod alarm;
pub mod auto_scaling_group;
pub mod launch_template;
pub mod lifecycle_hook;
pub mod scaling_policy;
pub mod scheduled_action;
pub mod vpc;

/// In the order in which a stack is built up, by and large.
pub static KINDS: &[&dyn DynKind] =
    &[&Erased::<vpc::Vpc>(PhantomData), &Erased::<launch_template::LaunchTemplate>(PhantomData)];

/// The kind of a name, such as `load-balancer`.
pub fn kind(name: &str) -> Option<&'static dyn DynKind> {
    KINDS.iter().find(|kind| kind.info().name == name).copied()
}
