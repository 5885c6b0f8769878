//! What lifecycle hooks, scaling policies and scheduled actions share: they have no tags.
use crate::aws::tags::{self, Owner};
use crate::resource::Live;
use crate::spec::Spec;

/// The owner of a resource without tags: the stack, if `parent` is the stack's and the physical
/// name consists of the stack's name and the resource's own. The name is needed because a user may
/// add a policy, hook or action to a group outside tenfold. The component is the parent's.
pub fn owner<K: Spec>(name: &str, parent: &Live<impl Spec>, stack: &str) -> Option<Owner> {
    let owner = tags::owner_by_name::<K>(name, stack)?;
    Some(Owner { component: parent.component.clone(), ..owner })
}
