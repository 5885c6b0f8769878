//! `load_balancers`: Application Load Balancers, the entry points of services.
pub mod access_logs;
pub mod route;
pub mod rule;

use ipnet::IpNet;
use serde::Serialize;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::language::code;
use super::language::decode::Value;
use super::language::fields::Fields;
use super::language::names::{is_arn, is_aws_id, is_domain};
use super::language::serialize::as_text;
use super::monitoring::alarms;
use super::monitoring::alarms::Alarms;
use access_logs::AccessLogs;

/// An Application Load Balancer and its listeners.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoadBalancer {
    /// Default: internal.
    pub scheme: Scheme,
    /// Whether plain HTTP from the internet is allowed. Default: false.
    pub insecure: bool,
    /// The load balancer's own domain, or the blueprint's if this is the outermost entry point.
    pub domain: Option<String>,
    /// Name or ID of the hosted zone of `domain`; none: the zone with the longest matching suffix.
    pub zone: Option<String>,
    /// Whether alias records are created for `domain`. Default: true.
    pub dns: bool,
    /// ARNs of certificates, at most 25; the first is the default. With a certificate or a domain,
    /// the listener is HTTPS on port 443.
    pub certificates: Vec<String>,
    /// ELB security policy of the HTTPS listener. Default: [`TLS_POLICY`].
    pub tls_policy: String,
    /// Whether port 80 redirects to 443; only with TLS. Default: true.
    pub redirect_http: bool,
    /// Who may connect, if set; see [`LoadBalancer::sources`].
    pub allow: Option<Vec<IngressSource>>,
    /// IDs of security groups in addition to the load balancer's own.
    pub security_groups: Vec<String>,
    /// Default: IPv4.
    pub ip_addresses: IpAddresses,
    /// Seconds until an idle connection is closed, 1 to 4000. Default: 60.
    pub idle_timeout_s: u32,
    /// Longest life of a client connection in seconds, 60 to 604,800. Default: 3600.
    pub client_keep_alive_s: u32,
    /// Default: true, with the `dev` preset false.
    pub deletion_protection: bool,
    /// None: off.
    pub access_logs: Option<AccessLogs>,
    /// Whether headers with invalid names are removed from requests. Default: true.
    pub drop_invalid_headers: bool,
    /// Default: defensive.
    pub desync: Desync,
    /// Whether clients may use HTTP/2. Default: true.
    pub http2: bool,
    /// Default: append.
    pub xff: Xff,
    /// Whether `X-Forwarded-For` contains the port of the client. Default: false.
    pub xff_client_port: bool,
    /// Whether targets get the `Host` header as the client sent it. Default: false.
    pub preserve_host: bool,
    /// Whether targets get headers with the TLS version and cipher. Default: false.
    pub tls_headers: bool,
    /// Whether traffic can be shifted away from a zone. Default: true.
    pub zonal_shift: bool,
    /// Whether requests pass when WAF does not respond. Default: false.
    pub waf_fail_open: bool,
    /// Changes to the default alarms.
    pub alarms: Alarms,
}

impl LoadBalancer {
    /// Whether the load balancer listens on port 443. If so, port 80 redirects or is closed.
    /// tenfold creates a certificate for a domain without one.
    pub fn is_tls(&self) -> bool {
        !self.certificates.is_empty() || self.domain.is_some() && !self.insecure
    }

    /// Who may connect: `allow`, or by default the VPC for an internal load balancer and everybody
    /// for an internet-facing one.
    pub fn sources(&self) -> Vec<IngressSource> {
        self.allow.clone().unwrap_or_else(|| default_sources(self.scheme, self.ip_addresses))
    }
}

/// Where the load balancer is reachable from.
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

/// The address types of the load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IpAddresses {
    Ipv4,
    Dualstack,
}

/// How requests are treated that could be used for HTTP desync attacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Desync {
    Monitor,
    Defensive,
    Strictest,
}

/// What the load balancer does with the `X-Forwarded-For` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Xff {
    Append,
    Preserve,
    Remove,
}

/// The default security policy: TLS 1.2 and 1.3 with post-quantum key exchange.
pub const TLS_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

pub(super) fn decode(value: Value<'_>) -> Option<LoadBalancer> {
    let decoder = value.decoder;
    value.fields(|fields| {
        let scheme = fields.or("scheme", Scheme::Internal, |value| {
            value.word(&[
                ("internal", Scheme::Internal),
                ("internet-facing", Scheme::InternetFacing),
            ])
        });
        let certificates = certificates(fields);
        let ip_addresses = fields.or("ip_addresses", IpAddresses::Ipv4, |value| {
            value.word(&[("ipv4", IpAddresses::Ipv4), ("dualstack", IpAddresses::Dualstack)])
        });
        LoadBalancer {
            scheme,
            insecure: fields.or("insecure", false, Value::boolean),
            domain: fields.optional("domain", domain),
            zone: fields.optional("zone", zone),
            dns: fields.or("dns", true, Value::boolean),
            redirect_http: fields.or("redirect_http", true, Value::boolean),
            certificates,
            tls_policy: fields.or("tls_policy", TLS_POLICY.to_string(), tls_policy),
            allow: fields.optional("allow", |value| value.items(50, source)),
            security_groups: fields.or("security_groups", Vec::new(), extra_security_groups),
            ip_addresses,
            idle_timeout_s: fields.or("idle_timeout", 60, |value| value.seconds(1..=4000)),
            client_keep_alive_s: fields
                .or("client_keep_alive", 3600, |value| value.seconds(60..=604_800)),
            deletion_protection: fields.or(
                "deletion_protection",
                decoder.preset(true, false),
                Value::boolean,
            ),
            access_logs: access_logs::decode(fields),
            drop_invalid_headers: fields.or("drop_invalid_headers", true, Value::boolean),
            desync: fields.or("desync", Desync::Defensive, |value| {
                value.word(&[
                    ("monitor", Desync::Monitor),
                    ("defensive", Desync::Defensive),
                    ("strictest", Desync::Strictest),
                ])
            }),
            http2: fields.or("http2", true, Value::boolean),
            xff: fields.or("xff", Xff::Append, |value| {
                value.word(&[
                    ("append", Xff::Append),
                    ("preserve", Xff::Preserve),
                    ("remove", Xff::Remove),
                ])
            }),
            xff_client_port: fields.or("xff_client_port", false, Value::boolean),
            preserve_host: fields.or("preserve_host", false, Value::boolean),
            tls_headers: fields.or("tls_headers", false, Value::boolean),
            zonal_shift: fields.or("zonal_shift", true, Value::boolean),
            waf_fail_open: fields.or("waf_fail_open", false, Value::boolean),
            alarms: fields
                .or("alarms", Alarms::new(), |value| alarms::decode(value, "load_balancers")),
        }
    })
}

/// `certificate` or `certificates` among the keys of an entry point.
pub(super) fn certificates(fields: &mut Fields<'_>) -> Vec<String> {
    let one = fields.optional("certificate", certificate);
    let many = fields.optional("certificates", |value| value.items(25, certificate));
    if fields.has("certificate") && fields.has("certificates") {
        fields.clash(
            code::EITHER_OR,
            "both `certificate` and `certificates` are set",
            ("certificates", "a list"),
            ("certificate", "a single one"),
            "keep `certificates`, with the default certificate first",
        );
    }
    many.unwrap_or_else(|| one.into_iter().collect())
}

fn certificate(value: Value<'_>) -> Option<String> {
    let example = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-…";
    value.shaped(
        |text| is_arn("acm")(text) || is_arn("iam")(text),
        "the ARN of a certificate",
        example,
    )
}

fn tls_policy(value: Value<'_>) -> Option<String> {
    let is_policy = |text: &str| text.starts_with("ELBSecurityPolicy-");
    value.shaped(is_policy, "the name of a security policy", TLS_POLICY)
}

/// The name or the ID of a hosted zone.
pub(super) fn zone(value: Value<'_>) -> Option<String> {
    let is_aws_id = |text: &str| {
        text.starts_with('Z') && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
    };
    let fits = |text: &str| is_aws_id(text) || is_domain(text);
    value.shaped(fits, "the name or ID of a hosted zone", "example.com")
}

fn default_sources(scheme: Scheme, ip_addresses: IpAddresses) -> Vec<IngressSource> {
    let anywhere = |address: IpAddr| IpNet::new_assert(address, 0);
    let ipv4 = IngressSource::Cidr(anywhere(Ipv4Addr::UNSPECIFIED.into()));
    let ipv6 = IngressSource::Cidr(anywhere(Ipv6Addr::UNSPECIFIED.into()));
    match (scheme, ip_addresses) {
        (Scheme::Internal, _) => vec![IngressSource::Network],
        (Scheme::InternetFacing, IpAddresses::Ipv4) => vec![ipv4],
        (Scheme::InternetFacing, IpAddresses::Dualstack) => vec![ipv4, ipv6],
    }
}

fn source(value: Value<'_>) -> Option<IngressSource> {
    let text = value.text()?;
    if text == "network" {
        return Some(IngressSource::Network);
    }
    if is_aws_id("pl")(text) {
        return Some(IngressSource::PrefixList(text.to_string()));
    }
    if is_aws_id("sg")(text) {
        return Some(IngressSource::SecurityGroup(text.to_string()));
    }
    cidr(value).map(IngressSource::Cidr)
}

/// A CIDR block without host bits.
pub(super) fn cidr(value: Value<'_>) -> Option<IpNet> {
    let text = value.text()?;
    let Ok(block) = text.parse::<IpNet>() else {
        let wanted = "a CIDR block";
        return value.malformed(wanted, "write it like `203.0.113.0/24`");
    };
    if block.trunc() == block {
        return Some(block);
    }
    let summary = format!("`{text}` has host bits set");
    let report = value.error(code::HOST_BITS, summary, "an address in a block, not the block");
    value.report(report.help(format!("write {}", block.trunc())));
    None
}

/// IDs of additional security groups. At most four, because a network interface can have five and
/// the component's own is one of them.
pub(super) fn extra_security_groups(value: Value<'_>) -> Option<Vec<String>> {
    let wanted = "the ID of a security group";
    value.items(4, |value| value.shaped(is_aws_id("sg"), wanted, "sg-0a1b2c3d"))
}

/// A domain name.
pub(super) fn domain(value: Value<'_>) -> Option<String> {
    value.shaped(is_domain, "a domain name in lower case", "api.example.com")
}
