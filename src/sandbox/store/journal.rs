//! The journal: the steps since the last snapshot, one line of JSON for each step.
//!
//! The first line names the journal, and the snapshot contains the same name. A journal with
//! another name belongs to an older snapshot and is ignored; it remains when a run is killed
//! between replacing the snapshot and deleting the journal.
//!
//! A line ends with a newline, which is the last byte written. A last line without one is a step
//! whose write was cut short; it was never reported as done and is dropped.
use crate::sandbox::state::{Change, State};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::{self, OpenOptions};
use std::io::{Result, Write};
use std::path::Path;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    journal: String,
}

/// How a journal continues its snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// There is no journal of this snapshot.
    Missing,
    /// The journal ends with a complete line: a writer can append to it.
    Complete,
    /// The last line is cut short: a writer must replace the journal.
    Torn,
}

/// What is wrong with a complete line, and where: `expected value at line 3 column 1`.
#[derive(Debug, PartialEq, Eq)]
pub struct Damage(pub String);

/// Applies the steps of a journal to the snapshot that it continues.
///
/// # Errors
/// A complete line is not readable, or changes a resource that does not exist.
pub fn replay(journal: &[u8], state: &mut State) -> std::result::Result<Tail, Damage> {
    let complete = journal.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let (complete, torn) = journal.split_at(complete);
    let mut lines = (1..).zip(complete.split_inclusive(|byte| *byte == b'\n'));
    let (Some(name), Some((line, header))) = (&state.journal, lines.next()) else {
        return Ok(Tail::Missing);
    };
    if parse::<Header>(line, header)?.journal != *name {
        return Ok(Tail::Missing);
    }
    for (line, record) in lines {
        for change in parse::<Vec<Change>>(line, record)? {
            state.apply(change).map_err(|what| Damage(format!("{what} at line {line}")))?;
        }
    }
    Ok(if torn.is_empty() { Tail::Complete } else { Tail::Torn })
}

fn parse<T: DeserializeOwned>(line: usize, text: &[u8]) -> std::result::Result<T, Damage> {
    serde_json::from_slice(text.trim_ascii_end()).map_err(|error| {
        // serde_json counts lines within this one line.
        let what = error.to_string();
        let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
        Damage(format!("{what} at line {line} column {}", error.column()))
    })
}

/// A journal open for appending.
#[derive(Debug)]
pub struct Journal {
    file: fs::File,
    bytes: u64,
}

impl Journal {
    /// Creates a journal, in place of one that is left over. The old file is deleted rather than
    /// truncated, so that a run that is reading it still reads unchanged content.
    pub fn create(path: &Path, name: &str) -> Result<Self> {
        delete(path)?;
        let mut options = OpenOptions::new();
        options.append(true).create_new(true);
        // As readable as the snapshot, which is created as a temporary file.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut journal = Journal { file: options.open(path)?, bytes: 0 };
        journal.append(&Header { journal: name.to_string() })?;
        Ok(journal)
    }

    /// Opens a journal whose tail is complete.
    pub fn resume(path: &Path) -> Result<Self> {
        let file = OpenOptions::new().append(true).open(path)?;
        let bytes = file.metadata()?.len();
        Ok(Journal { file, bytes })
    }

    /// Appends a line and hands it to the operating system, without waiting for the disk. After
    /// an error the journal may end with a torn line, so that nothing more may be appended.
    /// Returns the bytes written.
    pub fn append(&mut self, record: &impl Serialize) -> Result<u64> {
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.bytes += line.len() as u64;
        Ok(line.len() as u64)
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// Deletes a journal, if there is one.
pub fn delete(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
