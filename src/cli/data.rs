//! `--allow-data-loss`: which data may go.
use super::error::Error;
use super::output::Output;
use crate::plan::Data;
use crate::render::doc::{Block, Document, Label};
use crate::resource::{Id, Observation};
use clap::Args;

const ALL: &str = "all";

#[derive(Args, Debug, Default)]
pub struct DataArgs {
    /// Delete this resource with the data it holds, such as bucket.logs; `all` for every one
    #[arg(long = "allow-data-loss", value_name = "RESOURCE")]
    allowed: Vec<String>,
}

impl DataArgs {
    pub fn data(&self) -> Result<Data, Error> {
        let mut data = Data::default();
        for name in &self.allowed {
            if name == ALL {
                data.all = true;
            } else {
                name.parse::<Id>()
                    .map_err(|why| Error::usage(why, "such as bucket.logs, or `all`"))?;
                data.named.insert(name.clone());
            }
        }
        Ok(data)
    }

    pub fn is_empty(&self) -> bool {
        self.allowed.is_empty()
    }

    /// Warns of names of what is not there. No error: it may be gone since this ran before.
    pub fn check(&self, observation: &Observation, output: &Output) {
        let there = |name: &str| observation.keys().any(|id| id.to_string() == name);
        for name in self.allowed.iter().filter(|name| *name != ALL && !there(name)) {
            let message = format!("--allow-data-loss names {name}, which is not there");
            let help = Some("`tenfold show` lists what is".to_string());
            let note = Block::Note { label: Label::Warning, severity: "warning", message, help };
            output.tell(&Document(vec![note]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_goes_by_address_or_all_of_it() {
        let data = |names: &[&str]| {
            DataArgs { allowed: names.iter().map(|name| name.to_string()).collect() }.data()
        };
        assert!(data(&["all"]).is_ok_and(|data| data.all && data.named.is_empty()));
        assert!(data(&["bucket.logs"]).is_ok_and(|data| !data.all && data.named.len() == 1));
        assert!(data(&["logs"]).is_err());
    }
}
