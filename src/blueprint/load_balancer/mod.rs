//! `load_balancers`: application load balancers, the doors of services.
pub mod access_logs;
pub mod route;
pub mod rule;

use ipnet::IpNet;
use serde::Serialize;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::as_text;
use super::language::code;
use super::language::decode::Value;
use super::language::fields::Fields;
use super::language::names::{is_arn, is_domain, is_id};
use super::monitoring::alarms;
use super::monitoring::alarms::Alarms;
use access_logs::AccessLogs;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoadBalancer {
    pub scheme: Scheme,
    /// Allows plain HTTP from the internet.
    pub insecure: bool,
    /// Its own, or the blueprint's if it is the outermost door.
    pub domain: Option<String>,
    /// Hosted zone of `domain`; the longest suffix if none is given.
    pub zone: Option<String>,
    /// Whether alias records are made for `domain`.
    pub dns: bool,
    /// ARNs of certificates; the first is the default. With one, or with a domain, the listener is
    /// HTTPS on 443.
    pub certificates: Vec<String>,
    pub tls_policy: String,
    /// Port 80 answers with a redirect to 443; only if there is TLS.
    pub redirect_http: bool,
    /// Who may connect, where that is written; see [`LoadBalancer::sources`].
    pub allow: Option<Vec<IngressSource>>,
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
    pub alarms: Alarms,
}

impl LoadBalancer {
    /// Whether it listens on 443; on 80 it then only redirects, if at all. A certificate is made for
    /// a domain that has none.
    pub fn is_tls(&self) -> bool {
        !self.certificates.is_empty() || self.domain.is_some() && !self.insecure
    }

    /// Who may connect: whoever its scheme is for, unless `allow` is written.
    pub fn sources(&self) -> Vec<IngressSource> {
        let usual = || default_sources(self.scheme, self.ip_addresses);
        self.allow.clone().unwrap_or_else(usual)
    }
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

/// The policy of a balancer that is not told otherwise: TLS 1.2 and 1.3, post-quantum key exchange.
pub const TLS_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

pub(crate) fn decode(value: Value<'_>) -> Option<LoadBalancer> {
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

pub(crate) fn certificates(fields: &mut Fields<'_>) -> Vec<String> {
    let one = fields.optional("certificate", certificate);
    let many = fields.optional("certificates", |value| value.items(25, certificate));
    if fields.has("certificate") && fields.has("certificates") {
        fields.clash(
            code::EITHER_OR,
            "`certificate` beside `certificates`",
            ("certificates", "a list of them"),
            ("certificate", "a single one"),
            "keep `certificates`, the default one first",
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

pub(crate) fn zone(value: Value<'_>) -> Option<String> {
    let is_id = |text: &str| {
        text.starts_with('Z')
            && text.chars().all(|one| one.is_ascii_uppercase() || one.is_ascii_digit())
    };
    let fits = |text: &str| is_id(text) || is_domain(text);
    value.shaped(fits, "the name or id of a hosted zone", "example.com")
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
    if is_id("pl")(text) {
        return Some(IngressSource::PrefixList(text.to_string()));
    }
    if is_id("sg")(text) {
        return Some(IngressSource::SecurityGroup(text.to_string()));
    }
    cidr(value).map(IngressSource::Cidr)
}

/// A block of addresses without host bits.
pub(crate) fn cidr(value: Value<'_>) -> Option<IpNet> {
    let text = value.text()?;
    let Ok(block) = text.parse::<IpNet>() else {
        let wanted = "a block of addresses";
        return value.malformed(wanted, "write it like `203.0.113.0/24`");
    };
    if block.trunc() == block {
        return Some(block);
    }
    let summary = format!("`{text}` has bits beyond its prefix");
    let report = value.error(code::HOST_BITS, summary, "an address inside the block");
    value.report(report.help(format!("write {}", block.trunc())));
    None
}

/// Security groups beside the component's own: a network interface takes five.
pub(crate) fn extra_security_groups(value: Value<'_>) -> Option<Vec<String>> {
    let wanted = "the id of a security group";
    value.items(4, |value| value.shaped(is_id("sg"), wanted, "sg-0a1b2c3d"))
}

/// A host name.
pub(crate) fn domain(value: Value<'_>) -> Option<String> {
    value.shaped(is_domain, "a domain name in lower case", "api.example.com")
}
