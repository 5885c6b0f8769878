//! `--allow-data-loss`: which resources may be deleted with their data.
use super::error::Error;
use super::output::Output;
use crate::plan::Data;
use crate::render::doc::{Block, Document, Label};
use crate::resource::{Id, Observation};
use clap::Args;

const ALL: &str = "all";

#[derive(Args, Debug, Default)]
pub struct DataArgs {
    /// If the plan deletes this resource, delete its data too, such as bucket.logs; `all` for every one
    #[arg(long = "allow-data-loss", value_name = "RESOURCE")]
    allowed: Vec<String>,
}

impl DataArgs {
    /// # Errors
    /// A name is not the address of a resource.
    pub fn data(&self) -> Result<Data, Error> {
        let mut data = Data::default();
        for name in &self.allowed {
            if name == ALL {
                data.all = true;
            } else {
                name.parse::<Id>().map_err(|why| {
                    Error::usage(why, "for example: --allow-data-loss bucket.logs; or `all`")
                })?;
                data.named.insert(name.clone());
            }
        }
        Ok(data)
    }

    pub fn is_empty(&self) -> bool {
        self.allowed.is_empty()
    }

    /// Warns of names that the stack does not have. This is not an error: an earlier run may have
    /// deleted the resource.
    pub fn check(&self, observation: &Observation, output: &Output) {
        let exists = |name: &str| observation.keys().any(|id| id.to_string() == name);
        for name in self.allowed.iter().filter(|name| *name != ALL && !exists(name)) {
            let message = format!("--allow-data-loss names {name}, which does not exist");
            let help = Some("tenfold show lists the stack's resources".to_string());
            let note = Block::Note { label: Label::Warning, severity: "warning", message, help };
            output.note(&Document(vec![note]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_addresses_or_all() {
        let data = |names: &[&str]| {
            DataArgs { allowed: names.iter().map(|name| name.to_string()).collect() }.data()
        };
        assert!(data(&["all"]).is_ok_and(|data| data.all && data.named.is_empty()));
        assert!(data(&["bucket.logs"]).is_ok_and(|data| !data.all && data.named.len() == 1));
        assert!(data(&["logs"]).is_err());
    }
}
