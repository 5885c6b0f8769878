//! The files of a sandbox: the snapshot at the path that the user names, and beside it the journal
//! (`.journal`) and the lock file (`.lock`).
use crate::error::{CloudError, Result};
use serde::Serialize;
use std::fmt::Display;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// How often a reader starts over when a writer replaces the snapshot while it reads. A writer
/// replaces the snapshot rarely, so the second attempt succeeds in practice.
const READ_ATTEMPTS: usize = 10;

#[derive(Debug)]
pub struct Files {
    pub snapshot: PathBuf,
    pub journal: PathBuf,
    lock: PathBuf,
    folder: PathBuf,
}

/// The bytes of both files at one moment; None for a file that does not exist.
pub struct Contents {
    pub snapshot: Option<Vec<u8>>,
    pub journal: Option<Vec<u8>>,
}

impl Files {
    pub fn at(path: &Path) -> Self {
        let beside = |suffix: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        Files {
            snapshot: path.to_path_buf(),
            journal: beside(".journal"),
            lock: beside(".lock"),
            folder,
        }
    }

    /// Reads both files without the lock. They belong together although another run may write
    /// them: a journal only grows until a new snapshot replaces the old one, so the pair is
    /// consistent if the snapshot is the same before and after the journal was read.
    ///
    /// # Errors
    /// A file cannot be read, or the snapshot was replaced during every attempt.
    pub fn read(&self) -> Result<Contents> {
        for _ in 0..READ_ATTEMPTS {
            let snapshot = self.read_file(&self.snapshot)?;
            let journal = self.read_file(&self.journal)?;
            if self.read_file(&self.snapshot)? == snapshot {
                return Ok(Contents { snapshot, journal });
            }
        }
        Err(self.cannot("read", "another run keeps replacing it: try again"))
    }

    fn read_file(&self, path: &Path) -> Result<Option<Vec<u8>>> {
        match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.cannot("read", error)),
        }
    }

    /// Takes the lock that one writing run at a time has. The operating system releases it when
    /// the returned file is closed or the process ends.
    ///
    /// # Errors
    /// Another run has the lock, or the lock file cannot be created.
    pub fn lock(&self) -> Result<fs::File> {
        fs::create_dir_all(&self.folder)
            .map_err(|error| self.cannot("create the folder of", error))?;
        let lock = fs::File::create(&self.lock).map_err(|error| self.cannot("lock", error))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(fs::TryLockError::WouldBlock) => Err(CloudError::refused(format!(
                "the sandbox {} is in use by another run of tenfold: wait for it, or use another \
                 file with --sandbox=FILE",
                self.snapshot.display()
            ))),
            Err(fs::TryLockError::Error(error)) => Err(self.cannot("lock", error)),
        }
    }

    /// Replaces the snapshot by a rename, so that a crash leaves either the old or the new one.
    /// The content reaches the disk before the rename, and the rename (an entry of the folder)
    /// before this returns. Returns the size in bytes.
    pub fn replace_snapshot(&self, snapshot: &impl Serialize) -> Result<u64> {
        let write = || -> std::io::Result<u64> {
            let mut new = tempfile::NamedTempFile::new_in(&self.folder)?;
            let mut text = serde_json::to_vec_pretty(snapshot)?;
            text.push(b'\n');
            new.write_all(&text)?;
            new.as_file().sync_all()?;
            new.persist(&self.snapshot)?;
            #[cfg(unix)]
            fs::File::open(&self.folder)?.sync_all()?;
            Ok(text.len() as u64)
        };
        write().map_err(|error| self.cannot("write", error))
    }

    pub fn cannot(&self, act: &str, error: impl Display) -> CloudError {
        let path = self.snapshot.display();
        CloudError::refused(format!("cannot {act} {path}: {error}"))
    }

    /// The error for content that is not a sandbox. Deleting the snapshot is enough to start over:
    /// a journal without its snapshot is ignored.
    pub fn unreadable(&self, what: impl Display) -> CloudError {
        self.cannot(
            "read",
            format!(
                "{what}. If this file is a sandbox, delete it to start over with an empty one; to \
                 keep it, use another file with --sandbox=FILE"
            ),
        )
    }
}
