//! The files given on the command line, each read once.
use super::error::Error;
use crate::blueprint::SourceFile;
use crate::plan::saved::Saved;
use std::fs;
use std::path::{Path, PathBuf};

/// Blueprints, or a saved plan.
pub enum Input {
    Blueprints(Vec<SourceFile>),
    Plan(PathBuf, Box<Saved>),
}

impl Input {
    /// Reads all files.
    ///
    /// # Errors
    /// No file is given, a file cannot be read, a saved plan is not valid, or it is combined with
    /// other files.
    pub fn read(files: &[PathBuf]) -> Result<Input, Error> {
        if files.is_empty() {
            return Err(Error::NoBlueprint);
        }
        let mut sources = Vec::new();
        for path in files {
            let bytes = fs::read(path).map_err(|why| Error::Read { path: path.clone(), why })?;
            if is_plan(&bytes) && files.len() == 1 {
                return Ok(Input::Plan(path.clone(), Box::new(saved(path, &bytes)?)));
            }
            if is_plan(&bytes) {
                return Err(not_alone(path));
            }
            sources.push(SourceFile::new(path.display().to_string(), bytes));
        }
        Ok(Input::Blueprints(sources))
    }

    /// The blueprints.
    ///
    /// # Errors
    /// The input is a saved plan.
    pub fn blueprints(self) -> Result<Vec<SourceFile>, Error> {
        match self {
            Input::Blueprints(sources) => Ok(sources),
            Input::Plan(path, _) => {
                let name = path.display();
                let what = format!("{name} is a saved plan, not a blueprint");
                Err(Error::usage(what, format!("apply it: tenfold apply {name}")))
            }
        }
    }
}

/// A saved plan was decided by `plan`; other files and options cannot change it.
pub fn not_alone(path: &Path) -> Error {
    let what = format!(
        "{} is a saved plan: it cannot be combined with other files or with options that change a \
         plan",
        path.display()
    );
    Error::usage(what, format!("pass it alone: tenfold apply {}", path.display()))
}

fn saved(path: &Path, bytes: &[u8]) -> Result<Saved, Error> {
    Saved::read(&String::from_utf8_lossy(bytes))
        .map_err(|why| Error::SavedPlan { path: path.into(), why })
}

/// Whether a file is a saved plan, complete or damaged: judged by how tenfold's plans begin.
fn is_plan(bytes: &[u8]) -> bool {
    let mut words = bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.next() == Some(b"{") && words.next() == Some(b"\"format\":")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;
    use crate::resource::{Observation, Place};

    fn plan() -> String {
        let place = Place { account: "1".into(), region: "r".into(), target: "aws".into() };
        let plan = Plan { stack: "shop".into(), ..Plan::default() };
        Saved::new(place, plan, Observation::new()).write()
    }

    #[test]
    fn recognises_saved_plan_by_its_beginning() {
        let text = plan();
        assert!(is_plan(text.as_bytes()) && is_plan(&text.as_bytes()[..40]));
        assert!(!is_plan(b"stack: shop\n") && !is_plan(b"{ stack: shop }"));
    }

    #[test]
    fn saved_plan_must_be_the_only_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let saved = file("p.json", &plan());
        let blueprint = file("a.yaml", "stack: shop\n");
        let read_one = |path: &PathBuf| Input::read(std::slice::from_ref(path));
        assert!(matches!(read_one(&saved), Ok(Input::Plan(..))));
        assert!(read_one(&saved).unwrap().blueprints().is_err());
        assert!(matches!(read_one(&blueprint), Ok(Input::Blueprints(_))));
        assert!(Input::read(&[blueprint, saved]).is_err());
        assert!(matches!(Input::read(&[]), Err(Error::NoBlueprint)));
    }

    #[test]
    fn damaged_plan_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.json");
        fs::write(&path, &plan()[..40]).unwrap();
        assert!(matches!(Input::read(&[path]), Err(Error::SavedPlan { .. })));
    }
}
