//! The inputs of [`load`](super::load): files, and settings of the command line and the environment.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Source, Span};

/// A file that the caller has read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The name that diagnostics print. Paths in the file are relative to its directory.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl SourceFile {
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        SourceFile { name: name.into(), bytes: bytes.into() }
    }
}

/// Reads a file that a blueprint names. The arguments are the name of the blueprint and the path in
/// it, which is relative to the directory of the blueprint. An error is a reason such as
/// `no such file`.
pub type Reader<'a> = &'a dyn Fn(&str, &str) -> Result<Vec<u8>, String>;

/// The settings that do not come from files.
pub struct Options<'a> {
    /// `--set path=value`; later values override earlier ones.
    pub sets: Vec<(String, String)>,
    /// `--var name=value`
    pub vars: BTreeMap<String, String>,
    /// The environment variables that `${env.X}` may refer to.
    pub env: BTreeMap<String, String>,
    /// `--region`. Must not contradict the region of the files.
    pub region: Option<String>,
    /// The region of the environment, for blueprints in which neither a file nor `--set` sets the
    /// region.
    pub fallback_region: Option<String>,
    pub read: Reader<'a>,
}

/// No options, no environment, and no files that a blueprint could name.
impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            sets: Vec::new(),
            vars: BTreeMap::new(),
            env: BTreeMap::new(),
            region: None,
            fallback_region: None,
            read: &|_, _| Err("no such file".into()),
        }
    }
}

/// A span at the start of `text`, the argument of a command line option. `length` is in bytes.
pub(super) fn argument(option: &str, text: &str, length: usize) -> Span {
    // The rank sorts diagnostics of the command line after those of the files.
    let source = Source::new(option, text, usize::MAX);
    Span { source: Arc::new(source), range: 0..length }
}
