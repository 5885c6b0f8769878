//! The two output streams: results on stdout, messages on stderr. All output goes through here.
use super::error::Error;
use crate::render::{self, Document};
use anstream::{AutoStream, ColorChoice};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

const SPINNER_TICK: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub json: bool,
}

impl Output {
    /// Writes a result to stdout.
    ///
    /// # Errors
    /// The reader closed the pipe, or stdout cannot be written.
    pub fn data(&self, text: &str) -> Result<(), Error> {
        let mut stdout = anstream::stdout().lock();
        stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(Error::stdout)
    }

    /// Writes a result to stdout: the document as text, or the value with `--json`.
    ///
    /// # Errors
    /// As [`Output::data`].
    pub fn result(&self, document: &Document, value: &serde_json::Value) -> Result<(), Error> {
        if self.json {
            self.data(&format!("{value:#}\n"))
        } else {
            self.data(&render::text(document))
        }
    }

    /// Writes a message to stderr. Failures are ignored: a run must not stop because its messages
    /// have no reader.
    pub fn message(&self, text: &str) {
        let mut stderr = anstream::stderr().lock();
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }

    /// Writes a document to stderr.
    pub fn note(&self, document: &Document) {
        self.message(&render::text(document));
    }

    /// Whether moving progress lines can be shown.
    pub fn is_live(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Whether the user can be asked a question.
    ///
    /// # Errors
    /// stdin or stderr is not a terminal.
    pub fn check_interactive(&self) -> Result<(), Error> {
        match (io::stdin().is_terminal(), io::stderr().is_terminal()) {
            (false, _) => Err(Error::NotInteractive("stdin")),
            (_, false) => Err(Error::NotInteractive("stderr")),
            _ => Ok(()),
        }
    }

    /// Text that another writer puts on stderr: without colours if stderr shows none.
    pub fn for_stderr(&self, text: String) -> String {
        match AutoStream::choice(&io::stderr()) {
            ColorChoice::Never => anstream::adapter::strip_str(&text).to_string(),
            _ => text,
        }
    }

    /// Shows a spinner with a message until the returned value is dropped.
    pub fn spinner(&self, what: String) -> Spinner {
        if self.json || !self.is_live() {
            return Spinner(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner().with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(SPINNER_TICK);
        Spinner(bar)
    }
}

pub struct Spinner(ProgressBar);

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
