//! Loads blueprints with the options and variables that the command line and the environment add.
use super::args::Global;
use super::env;
use super::error::Error;
use crate::blueprint::{self, Blueprint, Options, SourceFile};
use std::fs;
use std::path::Path;

/// The blueprint of some files, merged in order.
///
/// # Errors
/// The blueprint has errors.
pub fn load(global: &Global, inputs: &[SourceFile]) -> Result<Blueprint, Error> {
    let options = Options {
        sets: global.sets.clone(),
        vars: global.vars.iter().cloned().collect(),
        env: env::all(),
        region: global.region.clone(),
        fallback_region: env::region(),
        read: &beside,
    };
    blueprint::load(inputs, &options).map_err(Error::Blueprint)
}

/// Reads a file that a blueprint names, relative to the blueprint.
fn beside(naming: &str, named: &str) -> Result<Vec<u8>, String> {
    let folder = Path::new(naming).parent().unwrap_or(Path::new(""));
    fs::read(folder.join(named)).map_err(|why| match why.kind() {
        std::io::ErrorKind::NotFound => "no such file".to_string(),
        _ => why.to_string(),
    })
}
