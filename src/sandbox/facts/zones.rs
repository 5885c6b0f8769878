//! Hosted zones of an account that does not exist: one for each domain.
use crate::facts::HostedZone;
use crate::names::hash;
use crate::sandbox::state::State;
use std::collections::BTreeSet;

/// The zones that the file tells of; if it tells of none, that of each domain's last two labels,
/// but of none that ends in `.invalid`, which nobody can have (RFC 2606).
pub fn zones(wanted: &BTreeSet<String>, state: &State) -> Vec<HostedZone> {
    let known = &state.known.hosted_zones;
    if !known.is_empty() {
        let held = |zone: &&HostedZone| wanted.iter().any(|wanted| zone.may_hold(wanted));
        return known.iter().filter(held).cloned().collect();
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
