//! Errors of the pipeline: what happened, where, and what the user can do about it.
use crate::desired::GraphError;
use crate::diagnostic::Diagnostics;
use crate::error::Failed;
use crate::plan::steps::Key;
use crate::resource::{Id, Place};

/// How many changes since a saved plan an error lists.
const LISTED: usize = 12;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Cloud(#[from] Failed),
    #[error("the blueprint has errors")]
    Blueprint(Diagnostics),
    #[error("{0}")]
    Graph(GraphError),
    #[error("these steps depend on each other: {}", keys(.0))]
    Cycle(Vec<Key>),
    #[error("the plan was made for {}, but this is {}", place(planned), place(here))]
    OtherPlace { planned: Box<Place>, here: Box<Place> },
    #[error("the stack is in {region}, according to the tags of {seen}, but this run uses {here}")]
    OtherRegion { region: String, seen: Id, here: String },
    #[error("the stack has changed since the plan was made:{}", listed(.0))]
    Moved(Vec<String>),
    #[error("{rounds} plans in a row were outdated: new resources of {stack} keep appearing")]
    Unsettled { stack: String, rounds: usize },
}

impl Error {
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Error::Cloud(failed) => failed.help(),
            Error::Blueprint(_) => None,
            Error::Graph(_) => Some(
                "check the entries of `overrides`; if none causes this, it is a bug in tenfold",
            ),
            Error::Cycle(_) => Some("this is a bug in tenfold: please report it"),
            Error::OtherPlace { .. } => Some("apply it there, or create a new plan here"),
            Error::OtherRegion { .. } => Some(
                "a stack belongs to one region: use that region, or give this stack another name",
            ),
            Error::Moved(_) => Some("create a new plan: tenfold plan --out FILE"),
            Error::Unsettled { .. } => {
                Some("wait until no other run changes this stack, then try again")
            }
        }
    }
}

fn keys(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(", ")
}

fn place(place: &Place) -> String {
    format!("account {}, {} ({})", place.account, place.region, place.target)
}

/// A line for each change, up to a limit.
fn listed(lines: &[String]) -> String {
    let mut text: String = lines.iter().take(LISTED).map(|line| format!("\n  {line}")).collect();
    if lines.len() > LISTED {
        text.push_str(&format!("\n  and {} more", lines.len() - LISTED));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_a_limited_number_of_changes() {
        let lines: Vec<String> = (1..=14).map(|n| format!("part.{n} is new")).collect();
        let text = Error::Moved(lines).to_string();
        assert!(text.contains("\n  part.12 is new\n  and 2 more") && !text.contains("part.13"));
    }
}
