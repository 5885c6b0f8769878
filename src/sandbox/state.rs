//! The state of a sandbox: its resources and the identifiers generated so far.
use crate::facts::{HostedZone, Subnet};
use crate::names::hash;
use crate::resource::{Condition, Id, Live, Outputs};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The file formats that can be read; the last one is written. Format 1 has no journal.
pub const FORMATS: RangeInclusive<u32> = 1..=2;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    pub format: u32,
    /// The name of the journal that continues the snapshot.
    #[serde(default)]
    pub journal: Option<String>,
    /// In the order of creation.
    #[serde(default)]
    entries: Vec<Entry>,
    /// How many identifiers each address was given, so that no identifier is given twice.
    #[serde(default)]
    minted: BTreeMap<String, u32>,
    #[serde(default)]
    pub known: Known,
    /// The changes that are not stored yet.
    #[serde(skip)]
    unsaved: Vec<Change>,
}

/// A [`State`] as a file contains it.
#[derive(Debug, Serialize)]
pub struct Snapshot<'a> {
    format: u32,
    journal: &'a str,
    entries: Vec<&'a Entry>,
    minted: &'a BTreeMap<String, u32>,
    #[serde(skip_serializing_if = "Known::is_empty")]
    known: &'a Known,
}

/// Facts that replace those the sandbox would generate. Users write them into the file by hand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The image ID that an SSM parameter contains, by the parameter's name.
    #[serde(default)]
    pub image_parameters: BTreeMap<String, String>,
    #[serde(default)]
    pub subnets: BTreeMap<String, Subnet>,
    #[serde(default)]
    pub hosted_zones: Vec<HostedZone>,
}

impl Known {
    fn is_empty(&self) -> bool {
        *self == Known::default()
    }
}

/// One resource.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub region: String,
    pub stack: String,
    pub id: Id,
    pub handle: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    pub spec: Value,
    pub outputs: Outputs,
    #[serde(skip)]
    pub status: Status,
    /// How many more listings omit it.
    #[serde(skip)]
    pub hidden_listings: u32,
}

/// What is in progress, until which second of the virtual clock. Not stored: everything in
/// progress completes between two runs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Status {
    #[default]
    Available,
    Creating(f64),
    Updating(f64),
    Deleting(f64),
}

impl Status {
    /// The status in AWS's words; None where nothing is in progress.
    pub fn in_progress(self) -> Option<&'static str> {
        match self {
            Status::Available => None,
            Status::Creating(_) => Some("creating"),
            Status::Updating(_) => Some("updating"),
            Status::Deleting(_) => Some("deleting"),
        }
    }
}

/// A change to the state, as a journal record contains it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    Created(Entry),
    Updated(Entry),
    Deleted(Key),
    /// How many identifiers an address was given so far.
    Minted {
        address: String,
        count: u32,
    },
}

/// Identifies a resource in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    region: String,
    stack: String,
    id: Id,
    handle: String,
}

impl Default for State {
    fn default() -> Self {
        State {
            format: *FORMATS.end(),
            journal: None,
            entries: Vec::new(),
            minted: BTreeMap::new(),
            known: Known::default(),
            unsaved: Vec::new(),
        }
    }
}

impl State {
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Completes everything that is due at this time.
    pub fn settle(&mut self, now_s: f64) {
        self.entries.retain(|entry| !matches!(entry.status, Status::Deleting(at) if at <= now_s));
        for entry in &mut self.entries {
            if let Status::Creating(at) | Status::Updating(at) = entry.status
                && at <= now_s
            {
                entry.status = Status::Available;
            }
        }
    }

    /// A snapshot to be continued by the journal of this name. It omits the resources being
    /// deleted, because their deletion completes before another run reads the file.
    pub fn snapshot<'a>(&'a self, journal: &'a str) -> Snapshot<'a> {
        let State { format, minted, known, .. } = self;
        let entries = self.entries.iter().filter(|entry| !entry.is_deleting()).collect();
        Snapshot { format: *format, journal, entries, minted, known }
    }

    pub fn create(&mut self, entry: Entry) {
        self.unsaved.push(Change::Created(entry.clone()));
        self.entries.push(entry);
    }

    /// Changes the entry at a position.
    pub fn update(&mut self, at: usize, update: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.entries.get_mut(at) {
            update(entry);
            self.unsaved.push(Change::Updated(entry.clone()));
        }
    }

    /// Starts the deletion of the entry at a position; it ends at this second of the virtual clock.
    pub fn delete(&mut self, at: usize, deleted_at_s: f64) {
        if let Some(entry) = self.entries.get_mut(at) {
            entry.status = Status::Deleting(deleted_at_s);
            self.unsaved.push(Change::Deleted(entry.key()));
        }
    }

    /// Returns the resources that a listing contains. Resources that are hidden for some listings
    /// are omitted, and hidden for one listing fewer from now on.
    pub fn list(&mut self, wanted: impl Fn(&Entry) -> bool) -> Vec<Live> {
        let mut listed = Vec::new();
        for entry in self.entries.iter_mut().filter(|entry| wanted(entry)) {
            match entry.hidden_listings.checked_sub(1) {
                Some(left) => entry.hidden_listings = left,
                None => listed.push(entry.live()),
            }
        }
        listed
    }

    /// Seventeen hexadecimal digits, as in AWS's identifiers: deterministic for an address, and
    /// different for each call.
    pub fn digits(&mut self, region: &str, stack: &str, id: &Id) -> String {
        let address = format!("{region}/{stack}/{id}");
        let count = self.minted.entry(address.clone()).or_default();
        *count += 1;
        let count = *count;
        let digits = format!("0{}", hash(&format!("{address}/{count}"), 16));
        self.unsaved.push(Change::Minted { address, count });
        digits
    }

    /// The entries with this address and these outputs that are not being deleted. There are
    /// several only where the outputs of a kind do not identify a resource.
    pub fn with_outputs<'a>(
        &'a self,
        id: &'a Id,
        outputs: &'a Outputs,
    ) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| {
            !entry.is_deleting() && entry.id == *id && entry.outputs == *outputs
        })
    }

    /// The position of the resource with this address and handle.
    pub fn position(&self, id: &Id, handle: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.id == *id && entry.handle == handle)
    }

    /// The changes since the last call, in order.
    pub fn take_unsaved(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.unsaved)
    }

    /// Applies a change that a journal contains.
    ///
    /// # Errors
    /// The changed resource does not exist.
    pub fn apply(&mut self, change: Change) -> Result<(), String> {
        match change {
            Change::Created(entry) => self.entries.push(entry),
            Change::Updated(entry) => {
                let at = self.position_of(&entry.key())?;
                if let Some(before) = self.entries.get_mut(at) {
                    *before = entry;
                }
            }
            Change::Deleted(key) => {
                let at = self.position_of(&key)?;
                self.entries.remove(at);
            }
            Change::Minted { address, count } => {
                self.minted.insert(address, count);
            }
        }
        Ok(())
    }

    fn position_of(&self, key: &Key) -> Result<usize, String> {
        let at = self.entries.iter().position(|entry| entry.has_key(key));
        at.ok_or_else(|| format!("{} ({}) does not exist", key.id, key.handle))
    }
}

impl Entry {
    /// Whether every region lists it, because it belongs to the account and not to a region: its
    /// ARN has an account and no region.
    pub fn is_global(&self) -> bool {
        let arn: Vec<&str> =
            self.outputs.get("arn").map_or_else(Vec::new, |arn| arn.splitn(6, ':').collect());
        matches!(arn[..], ["arn", _, _, "", account, _] if !account.is_empty())
    }

    pub fn is_deleting(&self) -> bool {
        matches!(self.status, Status::Deleting(_))
    }

    pub fn live(&self) -> Live {
        Live {
            id: self.id.clone(),
            handle: self.handle.clone(),
            component: self.component.clone(),
            spec: self.spec.clone(),
            outputs: self.outputs.clone(),
            condition: match self.status.in_progress() {
                None => Condition::Ready,
                Some(status) => Condition::Converging(status.into()),
            },
        }
    }

    fn key(&self) -> Key {
        Key {
            region: self.region.clone(),
            stack: self.stack.clone(),
            id: self.id.clone(),
            handle: self.handle.clone(),
        }
    }

    fn has_key(&self, key: &Key) -> bool {
        let Key { region, stack, id, handle } = key;
        self.id == *id && self.handle == *handle && self.stack == *stack && self.region == *region
    }
}
