//! Between the SDK and the network: the guard that keeps an emulator's run on this machine, and
//! the faults that tests ask for.
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Which hosts may be talked to.
#[derive(Clone, Debug)]
pub enum Guard {
    /// AWS itself: whatever the SDK's own endpoint rules resolve to.
    Aws,
    /// An emulator: this machine, and the hosts named explicitly.
    Emulator { allowed: Vec<String> },
}

impl Guard {
    /// Whether requests to this host may leave.
    pub fn admits(&self, host: &str) -> bool {
        match self {
            Guard::Aws => true,
            Guard::Emulator { allowed } => is_loopback(host) || allowed.iter().any(|a| a == host),
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A fault at one call of a run, counted from 1: `kill@12`, `lose@3`, `throttle@7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    pub at: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The process ends before the request is sent.
    KillBefore,
    /// The process ends once the answer is there, before anybody has seen it.
    Kill,
    /// The request is done, its answer is lost.
    Lose,
    /// The request is rejected as one too many.
    Throttle,
}

impl std::str::FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a fault: write kill@12, lose@3 or throttle@7");
        let (kind, at) = text.split_once('@').ok_or_else(wrong)?;
        let kind = match kind {
            "kill-before" => FaultKind::KillBefore,
            "kill" => FaultKind::Kill,
            "lose" => FaultKind::Lose,
            "throttle" => FaultKind::Throttle,
            _ => return Err(wrong()),
        };
        Ok(Fault { kind, at: at.parse().map_err(|_| wrong())? })
    }
}

/// The HTTP client of every service client.
#[derive(Clone, Debug)]
pub struct Guarded {
    inner: SharedHttpClient,
    guard: Guard,
    faults: Arc<[Fault]>,
    sent: Arc<AtomicU64>,
}

impl Guarded {
    pub fn new(guard: Guard, faults: &[Fault]) -> Self {
        use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
        let tls = Provider::Rustls(CryptoMode::Ring);
        let inner = aws_smithy_http_client::Builder::new().tls_provider(tls).build_https();
        Guarded { inner, guard, faults: faults.into(), sent: Arc::default() }
    }

    fn fault(&self) -> Option<FaultKind> {
        let call = self.sent.fetch_add(1, Ordering::SeqCst) + 1;
        self.faults.iter().find(|fault| fault.at == call).map(|fault| fault.kind)
    }
}

impl HttpClient for Guarded {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { inner, client: self.clone() })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    client: Guarded,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let host = host(request.uri());
        if !self.client.guard.admits(host) {
            return HttpConnectorFuture::ready(Err(refuse(host)));
        }
        let (fault, inner) = (self.client.fault(), self.inner.clone());
        HttpConnectorFuture::new(async move {
            match fault {
                None => inner.call(request).await,
                Some(FaultKind::KillBefore) => std::process::abort(),
                Some(FaultKind::Throttle) => throttled(),
                Some(FaultKind::Kill) => {
                    let _answer = inner.call(request).await;
                    std::process::abort()
                }
                Some(FaultKind::Lose) => {
                    let _answer = inner.call(request).await;
                    Err(ConnectorError::io("the answer was lost (injected fault)".into()))
                }
            }
        })
    }
}

/// The host of an absolute address, without the port.
pub fn host(uri: &str) -> &str {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match authority.find(']') {
        Some(end) => &authority[..=end],
        None => authority.split(':').next().unwrap_or(authority),
    }
}

fn refuse(host: &str) -> ConnectorError {
    let message = format!(
        "an emulator's endpoint is set, but this call would go to {host}, which is not this \
         machine: nothing was sent. Set an endpoint for every service, or name the host with \
         --allow-endpoint"
    );
    ConnectorError::user(message.into())
}

fn throttled() -> Result<HttpResponse, ConnectorError> {
    let status = 503.try_into().map_err(|_| ConnectorError::other("status".into(), None))?;
    let body = "<Response><Errors><Error><Code>RequestLimitExceeded</Code>\
                <Message>injected fault</Message></Error></Errors></Response>";
    Ok(HttpResponse::new(status, body.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emulators_run_stays_on_this_machine() {
        let guard = Guard::Emulator { allowed: vec!["ci-host".into()] };
        for uri in [
            "http://127.0.0.1:4566/x",
            "http://localhost:1",
            "http://[::1]:2/?a",
            "http://ci-host/",
        ] {
            assert!(guard.admits(host(uri)), "{uri}");
        }
        for uri in [
            "https://ec2.us-east-1.amazonaws.com/",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com:4566/",
            "http://localhost@evil.example/",
            "http://10.0.0.1/",
        ] {
            assert!(!guard.admits(host(uri)), "{uri}");
        }
    }

    #[test]
    fn a_fault_is_written_as_what_at_which_call() {
        assert_eq!("kill@12".parse(), Ok(Fault { kind: FaultKind::Kill, at: 12 }));
        assert!("boom@1".parse::<Fault>().is_err() && "kill".parse::<Fault>().is_err());
    }
}
