//! Hosted zones of the simulated account: one for each domain.
use crate::facts::HostedZone;
use crate::names::hash;
use crate::sandbox::state::State;
use std::collections::BTreeSet;

/// Returns the zones that the sandbox's file lists. If it lists none, returns a zone for the last
/// two labels of each domain, except domains that end in `.invalid`, which cannot be registered
/// (RFC 2606).
pub fn hosted_zones(wanted: &BTreeSet<String>, state: &State) -> Vec<HostedZone> {
    let known = &state.known.hosted_zones;
    if !known.is_empty() {
        let wanted = |zone: &&HostedZone| wanted.iter().any(|wanted| zone.may_hold(wanted));
        return known.iter().filter(wanted).cloned().collect();
    }
    let name = |wanted: &String| {
        let labels: Vec<&str> = wanted.rsplitn(3, '.').collect();
        let name = format!("{}.{}", labels.get(1)?, labels.first()?);
        (labels.first() != Some(&"invalid")).then_some(name)
    };
    let names: BTreeSet<String> = wanted.iter().filter_map(name).collect();
    let zone = |name: String| HostedZone {
        id: format!("Z{}", hash(&name, 13).to_ascii_uppercase()),
        name,
    };
    names.into_iter().map(zone).collect()
}
