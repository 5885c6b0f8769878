//! Loading blueprints: values, defaults and diagnostics.

mod diagnostics;
mod language;
mod robust;

use std::path::Path;
use tenfold::blueprint::{Blueprint, Options, SourceFile, load};
use tenfold::diagnostic::Diagnostics;

/// Loads a blueprint and its overlays from texts, without files or environment.
fn load_texts(texts: &[&str]) -> Result<Blueprint, Diagnostics> {
    let names = ["blueprint.yaml", "overlay.yaml", "second.yaml"];
    let files = names.iter().zip(texts).map(|(name, text)| SourceFile::new(*name, *text));
    load(&files.collect::<Vec<_>>(), &Options::default())
}

fn options(read: tenfold::blueprint::Reader<'_>) -> Options<'_> {
    Options { read, ..Options::default() }
}

/// Reads files that a blueprint in `directory` names.
fn reader(directory: &Path) -> impl Fn(&str, &str) -> Result<Vec<u8>, String> {
    move |_, path| match std::fs::read(directory.join(path)) {
        Ok(bytes) => Ok(bytes),
        Err(_) => Err("no such file".to_string()),
    }
}
