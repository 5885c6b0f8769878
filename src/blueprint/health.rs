//! `health` of a service: when an instance counts as healthy.

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    pub path: String,
    /// The service's port if none.
    pub port: Option<u16>,
    pub interval_s: u32,
    pub timeout_s: u32,
    /// Successes in a row that make an instance healthy.
    pub healthy: u32,
    /// Failures in a row that make it unhealthy.
    pub unhealthy: u32,
    /// HTTP (or gRPC) status codes that succeed: `200`, `200,204` or `200-299`.
    pub status: String,
    /// Time a new instance has before failures count.
    pub grace_s: u32,
}
