//! A saved plan: the observation, the plan, and a hash over both that detects modifications.
use super::change::Plan;
use super::diff::diff;
use crate::names::hash;
use crate::resource::{Id, Live, Observation, Place};
use crate::spec::{KindInfo, Registry};
use serde::{Deserialize, Serialize};

/// The version of the file format. Files of another version are refused.
const FORMAT: u32 = 2;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    format: u32,
    /// The version of tenfold that wrote the file.
    version: String,
    pub place: Place,
    pub plan: Plan,
    /// The live resources of the stack that the plan was made from.
    pub observation: Observation,
    /// The SHA-256 of the file with an empty seal.
    seal: String,
}

impl Saved {
    pub fn new(place: Place, plan: Plan, observation: Observation) -> Self {
        let version = env!("CARGO_PKG_VERSION").to_string();
        let mut saved =
            Saved { format: FORMAT, version, place, plan, observation, seal: String::new() };
        saved.seal = saved.sealed();
        saved
    }

    fn sealed(&self) -> String {
        let open = Saved { seal: String::new(), ..self.clone() };
        hash(&serde_json::to_string(&open).unwrap_or_default(), 64)
    }

    pub fn write(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Reads a saved plan.
    ///
    /// # Errors
    /// The text is not a saved plan, was written by another version, or was modified.
    pub fn read(text: &str) -> Result<Saved, String> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
            version: String,
        }
        let head: Head = serde_json::from_str(text)
            .map_err(|error| format!("this is not a saved plan ({error})"))?;
        if head.format != FORMAT || head.version != env!("CARGO_PKG_VERSION") {
            return Err(format!(
                "the plan was saved by tenfold {} in format {}; this is tenfold {}, which reads \
                 format {FORMAT}: plan again",
                head.version,
                head.format,
                env!("CARGO_PKG_VERSION")
            ));
        }
        let saved: Saved = serde_json::from_str(text)
            .map_err(|error| format!("the saved plan cannot be read ({error}): plan again"))?;
        if saved.seal != saved.sealed() {
            return Err("the saved plan was modified after it was saved: plan again".into());
        }
        Ok(saved)
    }

    /// The differences between the plan's observation and a current one, one line each.
    pub fn moved(&self, now: &Observation, kinds: Registry) -> Vec<String> {
        let mut moved = Vec::new();
        let all: std::collections::BTreeSet<&Id> =
            self.observation.keys().chain(now.keys()).collect();
        for id in all {
            let of = |observation: &Observation| observation.get(id).cloned().unwrap_or_default();
            moved.extend(compare(id, &of(&self.observation), &of(now), kinds.get(&id.kind).info()));
        }
        moved
    }
}

fn compare(id: &Id, then: &[Live], now: &[Live], kind: &KindInfo) -> Vec<String> {
    let mut moved = Vec::new();
    for live in then {
        match now.iter().find(|other| other.handle == live.handle) {
            None => moved.push(format!("{id}: {} no longer exists", live.handle)),
            Some(other) if other.outputs != live.outputs => {
                moved.push(format!("{id}: its identifiers or version changed"));
            }
            Some(other) => {
                let changes = diff(&other.spec, &live.spec, kind);
                moved.extend(changes.into_iter().map(|c| format!("{id}: {} changed", c.property)));
            }
        }
    }
    let new = now.iter().filter(|live| then.iter().all(|other| other.handle != live.handle));
    moved.extend(new.map(|live| format!("{id}: {} is new", live.handle)));
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_another_format() {
        let place = Place { account: "1".into(), region: "r".into(), target: "aws".into() };
        let text = Saved::new(place, Plan::default(), Observation::new()).write();
        let older = text.replace("\"format\": 2", "\"format\": 1");
        let error = Saved::read(&older).unwrap_err();
        assert!(error.contains("in format 1") && error.contains("reads format 2"), "{error}");
    }
}
