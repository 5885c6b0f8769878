//! `rate_limits`: a firewall.

use serde::Serialize;

use super::decode::Value;
use super::firewall::{self, Firewall};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RateLimit {
    pub firewall: Option<Firewall>,
}

pub(super) fn decode(value: Value<'_>) -> Option<RateLimit> {
    value.fields(|fields| RateLimit { firewall: fields.optional("firewall", firewall::decode) })
}
