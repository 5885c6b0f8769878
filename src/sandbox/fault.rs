//! Faults that tests inject at the calls that change resources.
use crate::error::{Class, CloudError};
use crate::resource::Id;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

/// A fault and the call at which it is injected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    pub at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The process is killed before the call has any effect.
    KillBefore,
    /// The process is killed after the change, before the call returns.
    Kill,
    /// The change is made, but the response is lost.
    Lose,
    /// The call changes nothing and fails with an error of this class.
    Fail(Class),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// One call, by its number among the calls that change resources, counted from 1.
    Call(u64),
    /// The next calls for this address, this many of them.
    Id(Id, u32),
}

impl FromStr for Fault {
    type Err = String;

    /// Parses `kill@12` or `deny@5`. An address with a number of times can replace the number of
    /// the call: `lose@vpc.main*2`. Faults on AWS (`aws/connector.rs`) are written the same way.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is not a fault: write kill@12, kill-before@12, lose@3, throttle@7, \
                 deny@5 or refuse@5, or an address for the number, lose@vpc.main*2"
            )
        };
        let (kind, at) = text.split_once('@').ok_or_else(wrong)?;
        let kind = match kind {
            "kill-before" => FaultKind::KillBefore,
            "kill" => FaultKind::Kill,
            "lose" => FaultKind::Lose,
            "throttle" => FaultKind::Fail(Class::Throttled),
            "deny" => FaultKind::Fail(Class::Denied),
            "refuse" => FaultKind::Fail(Class::Refused),
            _ => return Err(wrong()),
        };
        let at = match at.parse() {
            Ok(call) => At::Call(call),
            Err(_) => {
                let (id, times) = at.split_once('*').unwrap_or((at, "1"));
                let id = id.parse().map_err(|_| wrong())?;
                At::Id(id, times.parse().map_err(|_| wrong())?)
            }
        };
        Ok(Fault { kind, at })
    }
}

/// The number of calls so far, and the faults to inject.
#[derive(Debug, Default)]
pub struct Faults(Mutex<(u64, Vec<Fault>)>);

impl Faults {
    pub fn new(faults: Vec<Fault>) -> Self {
        Faults(Mutex::new((0, faults)))
    }

    /// Counts a call, and returns the fault to inject at it.
    fn next_call(&self, id: &Id) -> Option<FaultKind> {
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (calls, faults) = &mut *guard;
        *calls += 1;
        let mut injected = None;
        for fault in faults {
            let hit = match &mut fault.at {
                At::Call(call) => call == calls,
                At::Id(of, times) => {
                    let hit = of == id && *times > 0;
                    *times -= u32::from(hit && injected.is_none());
                    hit
                }
            };
            if hit && injected.is_none() {
                injected = Some(fault.kind);
            }
        }
        injected
    }

    /// Makes a call with the fault that is due.
    ///
    /// # Errors
    /// The call fails, or an error is injected.
    pub fn around<T>(
        &self,
        operation: &str,
        id: &Id,
        call: impl FnOnce() -> Result<T, CloudError>,
    ) -> Result<T, CloudError> {
        match self.next_call(id) {
            None => call(),
            Some(FaultKind::KillBefore) => std::process::abort(),
            Some(FaultKind::Fail(class)) => Err(injected(operation, class)),
            Some(FaultKind::Kill) => {
                let _response = call();
                std::process::abort()
            }
            Some(FaultKind::Lose) => {
                let _response = call();
                Err(injected(operation, Class::Lost))
            }
        }
    }
}

fn injected(operation: &str, class: Class) -> CloudError {
    let (code, message) = match class {
        Class::Throttled => ("RequestLimitExceeded", "too many requests (injected fault)"),
        Class::Denied => ("AccessDenied", "not allowed (injected fault)"),
        Class::Lost => ("", "the response was lost (injected fault)"),
        _ => ("InjectedFault", "injected fault"),
    };
    let operation = operation.to_string();
    CloudError { operation, code: code.into(), ..CloudError::plain(class, message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_a_fault_and_its_call_or_address() {
        let fault = |text: &str| text.parse::<Fault>();
        assert_eq!(fault("kill@12"), Ok(Fault { kind: FaultKind::Kill, at: At::Call(12) }));
        let at = At::Id(Id::new("vpc", "main"), 2);
        assert_eq!(fault("lose@vpc.main*2"), Ok(Fault { kind: FaultKind::Lose, at }));
        let denied = FaultKind::Fail(Class::Denied);
        assert_eq!(fault("deny@5"), Ok(Fault { kind: denied, at: At::Call(5) }));
        for wrong in ["boom@1", "kill", "kill@", "kill@vpc", "lose@vpc.main*x"] {
            assert!(fault(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn injects_a_fault_as_often_as_configured() {
        let faults = ["deny@2", "throttle@vpc.main*2"].map(|text| text.parse().unwrap());
        let faults = Faults::new(faults.to_vec());
        let next_call = |name: &str| faults.next_call(&Id::new("vpc", name));
        assert_eq!(next_call("main"), Some(FaultKind::Fail(Class::Throttled)));
        assert_eq!(next_call("main"), Some(FaultKind::Fail(Class::Denied)));
        assert_eq!(next_call("other"), None);
        assert_eq!(next_call("main"), Some(FaultKind::Fail(Class::Throttled)));
        assert_eq!(next_call("main"), None);
    }
}
