//! Stores the state of a sandbox in a snapshot and a journal of the steps since.
//!
//! A step appends one record to the journal, so that its cost does not depend on the number of
//! resources. When the journal is longer than the snapshot, and when the run ends, a new snapshot
//! replaces both (compaction). In total a run writes a number of bytes linear in its steps.
//!
//! Crash safety: the record of a step is handed to the operating system before the step is
//! reported as done. A process that is killed at any point loses no such step, and no step is
//! stored by half. An fsync for each step would also protect against a power failure, but takes
//! about 5 ms on a common disk, which is most of the time of a run; so only a compaction waits for
//! the disk, and a power failure can lose the steps since the last one.
//!
//! Reading takes no lock. The first change of a run takes it and reads the state again, because
//! another run may have changed it since.
mod files;
mod journal;
#[cfg(test)]
mod tests;

use super::state::{Change, FORMATS, State};
use crate::error::Result;
use files::Files;
use journal::{Damage, Journal, Tail};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// Bytes below which a journal is not compacted before the run ends: each compaction waits for the
/// disk, and reading a journal of this size takes a fraction of a second.
const COMPACT_ABOVE: u64 = 1 << 20;

#[derive(Debug)]
pub struct Store {
    files: Files,
    state: State,
    /// Set by the first change.
    writer: Option<Writer>,
}

#[derive(Debug)]
struct Writer {
    _lock: fs::File,
    /// None until the first step after a compaction creates it.
    journal: Option<Journal>,
    snapshot_bytes: u64,
    written: Written,
}

/// What a run wrote, for the log.
#[derive(Debug, Default)]
struct Written {
    steps: u64,
    snapshots: u64,
    bytes: u64,
    time: Duration,
}

struct Loaded {
    state: State,
    tail: Tail,
    snapshot_bytes: u64,
}

impl Store {
    /// Reads the state without taking the lock; empty where the file does not exist.
    ///
    /// # Errors
    /// A file cannot be read, is damaged or has an unknown format.
    pub fn open(path: &Path) -> Result<Store> {
        let files = Files::at(path);
        let state = load(&files)?.state;
        Ok(Store { files, state, writer: None })
    }

    pub fn state(&mut self) -> &mut State {
        &mut self.state
    }

    /// Changes the state and stores the change as one step. The first call takes the lock and
    /// reads the state again.
    ///
    /// # Errors
    /// Another run has the lock, `change` fails, or the step cannot be stored.
    pub fn change<T>(&mut self, change: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        let started = Instant::now();
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(Writer::begin(&self.files, &mut self.state)?),
        };
        writer.written.time += started.elapsed();
        let changed = change(&mut self.state)?;
        let started = Instant::now();
        let saved = writer.save(&self.files, &mut self.state);
        writer.written.time += started.elapsed();
        saved.map(|()| changed)
    }
}

impl Drop for Store {
    /// Leaves the whole state in the snapshot. The journal contains every step already, so that a
    /// failure loses nothing.
    fn drop(&mut self) {
        let Some(writer) = &mut self.writer else { return };
        let started = Instant::now();
        if writer.journal.is_some() && !std::thread::panicking() {
            writer.try_compact(&self.files, &mut self.state);
        }
        let Written { steps, snapshots, bytes, time } = writer.written;
        let ms = (time + started.elapsed()).as_millis();
        tracing::debug!(steps, snapshots, bytes, ms, "sandbox state written");
    }
}

impl Writer {
    fn begin(files: &Files, state: &mut State) -> Result<Writer> {
        let lock = files.lock()?;
        let loaded = load(files)?;
        *state = loaded.state;
        let journal = match loaded.tail {
            Tail::Complete => {
                let journal = Journal::resume(&files.journal);
                Some(journal.map_err(|error| files.cannot("write", error))?)
            }
            Tail::Missing => None,
            Tail::Torn => {
                state.journal = None;
                None
            }
        };
        let snapshot_bytes = loaded.snapshot_bytes;
        Ok(Writer { _lock: lock, journal, snapshot_bytes, written: Written::default() })
    }

    /// Stores the changes since the last call as one step. A state without a journal name (new,
    /// of format 1, or after a failed write) gets a new snapshot.
    fn save(&mut self, files: &Files, state: &mut State) -> Result<()> {
        let record = state.take_unsaved();
        if record.is_empty() {
            return Ok(());
        }
        self.written.steps += 1;
        let appended = match &state.journal {
            Some(name) => self.append(files, name, &record).is_ok(),
            None => false,
        };
        if !appended {
            return self.compact(files, state);
        }
        let journal_bytes = self.journal.as_ref().map_or(0, Journal::bytes);
        if journal_bytes > self.snapshot_bytes.max(COMPACT_ABOVE) {
            self.try_compact(files, state);
        }
        Ok(())
    }

    fn append(&mut self, files: &Files, name: &str, record: &[Change]) -> std::io::Result<()> {
        let journal = match &mut self.journal {
            Some(journal) => journal,
            none => none.insert(Journal::create(&files.journal, name)?),
        };
        self.written.bytes += journal.append(&record)?;
        Ok(())
    }

    /// Replaces the snapshot and the journal by a snapshot of the whole state. After a failure the
    /// next step tries again and appends nothing, because the new snapshot may be in place already
    /// and would not be continued by the old journal.
    fn compact(&mut self, files: &Files, state: &mut State) -> Result<()> {
        self.journal = None;
        state.journal = None;
        let name = format!("{:016x}", fastrand::u64(..));
        self.snapshot_bytes = files.replace_snapshot(&state.snapshot(&name))?;
        self.written.snapshots += 1;
        self.written.bytes += self.snapshot_bytes;
        // A journal that cannot be deleted is ignored, because its name is not the snapshot's.
        let _ = journal::delete(&files.journal);
        state.journal = Some(name);
        Ok(())
    }

    /// Compacts where every step is stored already, so that a failure loses nothing.
    fn try_compact(&mut self, files: &Files, state: &mut State) {
        if let Err(error) = self.compact(files, state) {
            tracing::warn!(%error, "sandbox state not compacted");
        }
    }
}

/// Reads the snapshot and applies the journal to it.
fn load(files: &Files) -> Result<Loaded> {
    let contents = files.read()?;
    // Without a snapshot there is nothing that a journal could continue.
    let Some(snapshot) = contents.snapshot else {
        return Ok(Loaded { state: State::default(), tail: Tail::Missing, snapshot_bytes: 0 });
    };
    let mut state: State =
        serde_json::from_slice(&snapshot).map_err(|error| files.unreadable(error))?;
    if !FORMATS.contains(&state.format) {
        let (found, oldest, newest) = (state.format, FORMATS.start(), FORMATS.end());
        return Err(files.unreadable(format!(
            "it has format {found}, and this version of tenfold reads formats {oldest} to {newest}"
        )));
    }
    state.format = *FORMATS.end();
    let journal = contents.journal.unwrap_or_default();
    let tail = journal::replay(&journal, &mut state).map_err(|Damage(what)| {
        files.unreadable(format!("{what} of {}", files.journal.display()))
    })?;
    Ok(Loaded { state, tail, snapshot_bytes: snapshot.len() as u64 })
}
