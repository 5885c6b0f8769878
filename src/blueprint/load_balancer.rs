//! `load_balancers`: application load balancers, the doors of services.

use ipnet::IpNet;
use serde::Serialize;

use super::as_text;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoadBalancer {
    pub scheme: Scheme,
    /// Allows plain HTTP from the internet.
    pub insecure: bool,
    pub domain: Option<String>,
    /// Hosted zone of `domain`; the longest suffix if none is given.
    pub zone: Option<String>,
    /// Whether alias records are made for `domain`.
    pub dns: bool,
    /// ARNs of certificates; the first is the default. With one the listener is HTTPS on 443.
    pub certificates: Vec<String>,
    pub tls_policy: String,
    /// Port 80 answers with a redirect to 443; only with a certificate.
    pub redirect_http: bool,
    /// Who may connect.
    pub allow: Vec<IngressSource>,
    /// Ids of security groups beside its own.
    pub security_groups: Vec<String>,
    pub ip_addresses: IpAddresses,
    pub idle_timeout_s: u32,
    pub client_keep_alive_s: u32,
    pub deletion_protection: bool,
    /// None when off.
    pub access_logs: Option<AccessLogs>,
    pub drop_invalid_headers: bool,
    pub desync: Desync,
    pub http2: bool,
    pub xff: Xff,
    pub xff_client_port: bool,
    pub preserve_host: bool,
    pub tls_headers: bool,
    pub zonal_shift: bool,
    pub waf_fail_open: bool,
    /// Reserved load balancer capacity units; none when not reserved.
    pub reserved_capacity_units: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    Internal,
    InternetFacing,
}

/// Who may connect to a load balancer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IngressSource {
    #[serde(serialize_with = "as_text")]
    Cidr(IpNet),
    /// The stack's own VPC.
    Network,
    /// `pl-…`
    PrefixList(String),
    /// `sg-…`
    SecurityGroup(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IpAddresses {
    Ipv4,
    Dualstack,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessLogs {
    pub retention_days: u32,
}

/// What to do with requests that invite desync attacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Desync {
    Monitor,
    Defensive,
    Strictest,
}

/// What to do with `X-Forwarded-For`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Xff {
    Append,
    Preserve,
    Remove,
}
