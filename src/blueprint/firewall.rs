//! `firewall`: what is refused at the outermost door.

use serde::Serialize;

use super::decode::Value;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Firewall;

pub(super) fn decode(value: Value<'_>) -> Option<Firewall> {
    value.entries(|_| Some(())).map(|_| Firewall)
}
