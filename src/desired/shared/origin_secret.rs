//! The secret that a distribution sends to its origins. Origins that the internet can reach accept
//! only requests that contain it.
use crate::desired::build::Handle;
use crate::kinds::secretsmanager::secret::Secret;
use crate::reference;

/// The secret's name, as in `secret.NAME`.
pub fn name(cdn: &str) -> String {
    format!("origin-{cdn}")
}

/// The reference that specs contain in place of the secret's value.
pub fn value(cdn: &str) -> String {
    reference::secret(&Handle::of::<Secret>(name(cdn)).output("arn"))
}
