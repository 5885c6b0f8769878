//! Environment variables.
use super::error::Error;
use std::collections::BTreeMap;
use std::str::FromStr;

/// Faults to inject into the sandbox or an emulator, such as `kill@12,lose@3`. For tests.
const FAULT: &str = "TENFOLD_FAULT";

fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

pub fn region() -> Option<String> {
    set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION"))
}

/// The endpoint for all services, unless the SDK is configured to ignore it.
#[cfg(feature = "aws")]
pub fn endpoint() -> Option<String> {
    let ignored = set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    if ignored.is_some_and(|ignored| ignored.eq_ignore_ascii_case("true")) {
        return None;
    }
    set("AWS_ENDPOINT_URL")
}

pub fn faults<F: FromStr<Err = String>>() -> Result<Vec<F>, Error> {
    let text = set(FAULT).unwrap_or_default();
    let faults = text.split(',').filter(|fault| !fault.is_empty());
    faults.map(|fault| fault.trim().parse()).collect::<Result<_, String>>().map_err(|why| {
        Error::usage(format!("{FAULT}: {why}"), "this variable is for tests: unset it")
    })
}

/// The variables that `${env.X}` in a blueprint can use: those whose name and value are Unicode, as
/// a blueprint is.
pub fn all() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}
