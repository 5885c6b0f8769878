//! Faults that tests ask for, at the calls that change something.
use crate::error::{Class, CloudError};
use crate::resource::Id;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

/// A fault and where it strikes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    pub at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The process ends before anything is done.
    KillBefore,
    /// The process ends once it is done, before anybody has been told.
    Kill,
    /// It is done, its answer is lost.
    Lose,
    /// It is not done, for this class of reason.
    Fail(Class),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// At one call of those that change something, counted from 1.
    Call(u64),
    /// At the next calls that touch this address, so many of them.
    Id(Id, u32),
}

impl FromStr for Fault {
    type Err = String;

    /// `kill@12`, as for AWS, and `deny@5`; an address with a number of times may stand for the
    /// call, `lose@vpc.main*2`.
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

/// The faults still to come, and the calls so far.
#[derive(Debug, Default)]
pub struct Faults(Mutex<(u64, Vec<Fault>)>);

impl Faults {
    pub fn new(faults: Vec<Fault>) -> Self {
        Faults(Mutex::new((0, faults)))
    }

    /// Counts one more call and says what is to befall it.
    fn strike(&self, id: &Id) -> Option<FaultKind> {
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (calls, faults) = &mut *guard;
        *calls += 1;
        let mut struck = None;
        for fault in faults {
            let hit = match &mut fault.at {
                At::Call(call) => call == calls,
                At::Id(of, times) => {
                    let hit = of == id && *times > 0;
                    *times -= u32::from(hit && struck.is_none());
                    hit
                }
            };
            if hit && struck.is_none() {
                struck = Some(fault.kind);
            }
        }
        struck
    }

    /// Does what is asked, unless a fault strikes.
    pub fn around<T>(
        &self,
        operation: &str,
        id: &Id,
        act: impl FnOnce() -> Result<T, CloudError>,
    ) -> Result<T, CloudError> {
        match self.strike(id) {
            None => act(),
            Some(FaultKind::KillBefore) => std::process::abort(),
            Some(FaultKind::Fail(class)) => Err(injected(operation, class)),
            Some(FaultKind::Kill) => {
                let _answer = act();
                std::process::abort()
            }
            Some(FaultKind::Lose) => {
                let _answer = act();
                Err(injected(operation, Class::Lost))
            }
        }
    }
}

fn injected(operation: &str, class: Class) -> CloudError {
    let (code, message) = match class {
        Class::Throttled => ("RequestLimitExceeded", "too many requests (injected fault)"),
        Class::Denied => ("AccessDenied", "not allowed (injected fault)"),
        Class::Lost => ("", "the answer was lost (injected fault)"),
        _ => ("InjectedFault", "injected fault"),
    };
    let operation = operation.to_string();
    CloudError { operation, code: code.into(), ..CloudError::plain(class, message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_written_as_what_and_where() {
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
    fn a_fault_strikes_as_often_as_it_says() {
        let faults = ["deny@2", "throttle@vpc.main*2"].map(|text| text.parse().unwrap());
        let faults = Faults::new(faults.to_vec());
        let strike = |name: &str| faults.strike(&Id::new("vpc", name));
        assert_eq!(strike("main"), Some(FaultKind::Fail(Class::Throttled)));
        assert_eq!(strike("main"), Some(FaultKind::Fail(Class::Denied)));
        assert_eq!(strike("other"), None);
        assert_eq!(strike("main"), Some(FaultKind::Fail(Class::Throttled)));
        assert_eq!(strike("main"), None);
    }
}
