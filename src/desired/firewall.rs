//! WAF at the outermost door.
use super::build::Build;

/// The ARN of the web ACL for a distribution, where the blueprint asks for a firewall and the CDN
/// is the outermost door.
pub fn of_distribution(_build: &mut Build, _cdn: &str) -> Option<String> {
    None
}
