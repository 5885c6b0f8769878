//! A blueprint: what the user asks for, parsed, merged, checked and with every default filled in.
//!
//! [`load`] is pure: the caller reads the files, the environment and the command line.

pub mod bucket;
pub mod cache;
pub mod cdn;
mod check;
pub mod database;
pub mod domain;
mod file;
pub mod language;
pub mod load_balancer;
pub mod monitoring;
pub mod network;
pub mod overrides;
pub mod queue;
pub mod rate_limit;
mod routing;
mod scaling_target;
pub mod secret;
pub mod service;
mod stack;
mod tags;
pub mod window;
pub mod workload;

use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Source};
use language::node::{LabelPlace, Node};

pub use bucket::Bucket;
pub use cache::Cache;
pub use cdn::Cdn;
pub use database::Database;
pub use load_balancer::LoadBalancer;
pub use load_balancer::route::Route;
pub use load_balancer::rule::ListenerRule;
pub use monitoring::Monitoring;
pub use network::Network;
pub use overrides::Specs;
pub use queue::Queue;
pub use rate_limit::RateLimit;
pub use secret::Secret;
pub use service::Service;
pub use service::scale::Scale;
pub use stack::Preset;
pub use workload::Workload;

/// One stack as the user wants it. Total: every default that follows from the blueprint is filled in.
#[derive(Debug, Clone, Serialize)]
pub struct Blueprint {
    /// `^[a-z](?:-?[a-z0-9]){1,19}$`
    pub stack: String,
    pub region: String,
    /// The only account it may touch: twelve digits.
    pub account: Option<String>,
    pub preset: Preset,
    /// The domain of the outermost door.
    pub domain: Option<String>,
    /// Tags on every resource.
    pub tags: BTreeMap<String, String>,
    /// The load that it is meant for.
    pub workload: Option<Workload>,
    /// None only if nothing asks for one.
    pub network: Option<Network>,
    pub cdn: BTreeMap<String, Cdn>,
    pub buckets: BTreeMap<String, Bucket>,
    pub load_balancers: BTreeMap<String, LoadBalancer>,
    pub services: BTreeMap<String, Service>,
    pub caches: BTreeMap<String, Cache>,
    pub databases: BTreeMap<String, Database>,
    pub queues: BTreeMap<String, Queue>,
    pub secrets: BTreeMap<String, Secret>,
    /// None: nothing is watched.
    pub monitoring: Option<Monitoring>,
    pub rate_limits: BTreeMap<String, RateLimit>,
    /// The last word on a resource, by id (`auto-scaling-group.api`), in CloudFormation's names and units.
    pub overrides: Specs,
    /// Resources beside those of the components, by id, in CloudFormation's names and units.
    pub resources: Specs,
    /// What is doubtful, but no error.
    #[serde(skip)]
    pub warnings: Diagnostics,
    #[serde(skip)]
    document: Node,
}

/// A file as the caller has read it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The name to show, and to resolve the paths it names by.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl SourceFile {
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        SourceFile { name: name.into(), bytes: bytes.into() }
    }
}

/// Reads a file that a blueprint names: the name of the naming file, the path as written, relative to
/// the directory of that file. An error is a reason, such as `no such file`.
pub type Reader<'a> = &'a dyn Fn(&str, &str) -> Result<Vec<u8>, String>;

/// What the command line and the environment add to the files.
pub struct Options<'a> {
    /// `--set path=value`, the later over the earlier.
    pub sets: Vec<(String, String)>,
    /// `--var name=value`
    pub vars: BTreeMap<String, String>,
    /// What `${env.X}` may name.
    pub env: BTreeMap<String, String>,
    /// `--region`
    pub region: Option<String>,
    pub read: Reader<'a>,
}

/// Reads blueprints, each laid over those before it.
///
/// # Errors
/// All that is wrong with them, in the order of the files.
pub fn load(inputs: &[SourceFile], options: &Options<'_>) -> Result<Blueprint, Diagnostics> {
    let mut reports = Vec::new();
    let document = read(inputs, options, &mut reports);
    let blueprint = document.and_then(|document| stack::decode(document, options, &mut reports));
    let reports: Diagnostics = reports.into_iter().collect();
    match blueprint {
        Some(blueprint) if !reports.has_errors() => {
            Ok(Blueprint { warnings: reports, ..blueprint })
        }
        _ => Err(reports),
    }
}

/// All inputs as one tree, if each could be read at all.
fn read(
    inputs: &[SourceFile],
    options: &Options<'_>,
    reports: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let mut trees = Vec::new();
    for (rank, input) in inputs.iter().enumerate() {
        match read_file(input, rank, reports) {
            Ok(tree) => trees.push(tree),
            Err(report) => reports.push(report),
        }
    }
    if trees.len() < inputs.len() {
        return None;
    }
    let mut trees = trees.into_iter();
    let mut document = trees.next()?;
    let first = stack::identity(&document);
    language::merge::remove_tags(&mut document, reports);
    for overlay in trees {
        language::merge::merge(&mut document, overlay, reports);
    }
    for (index, (path, value)) in options.sets.iter().enumerate() {
        language::set::set(&mut document, path, value, inputs.len() + index, reports);
    }
    stack::refuse_silent_dev(&first, &document, reports);
    Some(document)
}

fn read_file(
    input: &SourceFile,
    rank: usize,
    reports: &mut Vec<Diagnostic>,
) -> Result<Node, Diagnostic> {
    let (text, fault) = match std::str::from_utf8(&input.bytes) {
        Ok(text) => (text.to_string(), None),
        Err(fault) => {
            (String::from_utf8_lossy(&input.bytes).into_owned(), Some(fault.valid_up_to()))
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_string();
    let source = Arc::new(Source::new(&input.name, text, rank));
    if let Some(offset) = fault {
        return Err(language::parse::not_utf8(&source, offset));
    }
    let mut tree = language::parse::parse(&source, 0, reports)?;
    if tree.map().is_none() {
        let report = Diagnostic::error(language::code::NOT_A_MAP, "a blueprint is a map")
            .place(&tree.place, "not one")
            .help("start with `stack: name`");
        return Err(report);
    }
    language::merge::refuse_empty_values(&mut tree, reports);
    Ok(tree)
}

impl Blueprint {
    /// Whether a section is written.
    pub fn has(&self, section: &str) -> bool {
        self.document.get(section).is_some()
    }

    /// The names that a section holds.
    pub fn names(&self, section: &str) -> impl Iterator<Item = &str> {
        let map = self.document.get(section).and_then(|section| section.map());
        map.into_iter().flat_map(|map| map.keys().map(String::as_str))
    }

    /// The text that is written at a dotted path.
    pub fn text(&self, path: &str) -> Option<&str> {
        let mut node = &self.document;
        for key in path.split('.') {
            node = node.get(key)?;
        }
        node.scalar().map(|scalar| scalar.text.as_str())
    }

    /// An error about the value at a dotted path (`services.api.scale.max`). If it is a default and so
    /// not written, the nearest that is written above it is marked.
    pub fn at(
        &self,
        path: &str,
        code: &'static str,
        summary: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        let found = self.document.find(path);
        let place = match found.value.scalar() {
            Some(_) => &found.value.place,
            None => found.key.unwrap_or(&found.value.place),
        };
        Diagnostic::error(code, summary).place(place, "").help(help)
    }

    /// As [`Blueprint::at`], with the key marked.
    pub fn at_key(
        &self,
        path: &str,
        code: &'static str,
        summary: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        let found = self.document.find(path);
        let place = found.key.unwrap_or(&found.value.place);
        Diagnostic::error(code, summary).place(place, "").help(help)
    }

    /// The blueprint as it stands once overlays, `--set` and variables are in it, in its own language.
    pub fn to_yaml(&self) -> String {
        serde_yaml::to_string(&self.document.to_yaml()).unwrap_or_default()
    }
}

fn as_text<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn as_texts<T: Display, S: Serializer>(values: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(T::to_string))
}
