//! The file that a sandbox is kept in: written whole and at once, by one run at a time.
use super::state::{FORMAT, State};
use crate::error::{CloudError, Result};
use std::fmt::Display;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub struct File {
    path: PathBuf,
    folder: PathBuf,
    /// Held as long as this lives; the operating system lets go of it when the process ends.
    _lock: fs::File,
}

impl File {
    pub fn open(path: &Path) -> Result<Self> {
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        fs::create_dir_all(&folder).map_err(|error| cannot("make the folder of", path, error))?;
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let lock = fs::File::create(&name).map_err(|error| cannot("lock", path, error))?;
        match lock.try_lock() {
            Ok(()) => Ok(File { path: path.to_path_buf(), folder, _lock: lock }),
            Err(fs::TryLockError::WouldBlock) => Err(CloudError::refused(format!(
                "the sandbox {} is in use by another run of tenfold: wait for it, or use another \
                 file with --sandbox=FILE",
                path.display()
            ))),
            Err(fs::TryLockError::Error(error)) => Err(cannot("lock", path, error)),
        }
    }

    pub fn load(&self) -> Result<State> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(State::default());
            }
            Err(error) => return Err(cannot("read", &self.path, error)),
        };
        let state: State = serde_json::from_str(&text).map_err(|error| {
            let what = format!("this is not a sandbox: {error}");
            cannot("read", &self.path, what)
        })?;
        if state.format == FORMAT {
            return Ok(state);
        }
        let what = format!("it has form {} and this tenfold reads form {FORMAT}", state.format);
        Err(cannot("read", &self.path, what))
    }

    /// Writes it whole beside the old one and puts it in its place: a crash leaves one or the
    /// other. The folder is synchronised too, as the new name stands in it.
    pub fn save(&self, state: &State) -> Result<()> {
        let write = || -> std::io::Result<()> {
            let mut new = tempfile::NamedTempFile::new_in(&self.folder)?;
            let mut text = serde_json::to_string_pretty(&state.lasting())?;
            text.push('\n');
            new.write_all(text.as_bytes())?;
            new.as_file().sync_all()?;
            new.persist(&self.path)?;
            #[cfg(unix)]
            fs::File::open(&self.folder)?.sync_all()?;
            Ok(())
        };
        write().map_err(|error| cannot("write", &self.path, error))
    }
}

fn cannot(act: &str, path: &Path, error: impl Display) -> CloudError {
    CloudError::refused(format!("cannot {act} the sandbox {}: {error}", path.display()))
}
