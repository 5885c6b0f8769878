//! `routes` of a service: which requests of a load balancer it answers.

use ipnet::IpNet;
use serde::Serialize;
use std::collections::BTreeMap;

use super::as_texts;

/// All conditions must hold; an empty one holds always.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Route {
    /// Name in `load_balancers`.
    pub load_balancer: String,
    /// Patterns with `*` and `?`; `/*` if none is given.
    pub paths: Vec<String>,
    pub methods: Vec<String>,
    pub hosts: Vec<String>,
    /// Header name to patterns, any of which may match.
    pub headers: BTreeMap<String, Vec<String>>,
    /// Query parameter to patterns, any of which may match.
    pub query: BTreeMap<String, Vec<String>>,
    #[serde(serialize_with = "as_texts")]
    pub sources: Vec<IpNet>,
    /// Breaks ties between routes equally specific: the lower goes first.
    pub priority: Option<u32>,
}
