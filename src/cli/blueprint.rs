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
    let fallback = || if says_region(inputs, &global.sets) { None } else { env::region() };
    let options = Options {
        sets: global.sets.clone(),
        vars: global.vars.iter().cloned().collect(),
        env: env::all(),
        region: global.region.clone().or_else(fallback),
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

/// Whether the region is written down. Where a file cannot be read at all, loading it will tell.
fn says_region(inputs: &[SourceFile], sets: &[(String, String)]) -> bool {
    let written = |input: &SourceFile| {
        serde_yaml::from_slice::<serde_yaml::Value>(&input.bytes)
            .map_or(true, |document| document.get("region").is_some())
    };
    sets.iter().any(|(path, _)| path == "region") || inputs.iter().any(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environments_region_counts_only_where_none_is_written() {
        let files = |text: &str| [SourceFile::new("a.yaml", text)];
        assert!(says_region(&files("stack: shop\nregion: eu-west-1\n"), &[]));
        assert!(!says_region(&files("stack: shop\n"), &[]));
        assert!(says_region(&files("stack: shop\n"), &[("region".into(), "us-east-1".into())]));
        assert!(says_region(&files("stack: [\n"), &[]));
    }
}
