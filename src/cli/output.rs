//! The two streams: data on stdout, talk on stderr. Everything that is printed goes through here.
use super::error::Error;
use crate::render::{self, Document};
use anstream::{AutoStream, ColorChoice};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// How often a spinner turns.
const TICK: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub json: bool,
}

impl Output {
    /// What was asked for.
    ///
    /// # Errors
    /// Nobody reads it any more, or it cannot be written.
    pub fn data(&self, text: &str) -> Result<(), Error> {
        let mut stdout = anstream::stdout().lock();
        stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(Error::stdout)
    }

    /// The document where people read, the value where programs do.
    pub fn either(&self, document: &Document, value: &serde_json::Value) -> Result<(), Error> {
        if self.json {
            self.data(&format!("{value:#}\n"))
        } else {
            self.data(&render::text(document))
        }
    }

    /// What is said beside. That nobody hears it is no reason to stop.
    pub fn talk(&self, text: &str) {
        let mut stderr = anstream::stderr().lock();
        let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }

    /// A document that is said beside.
    pub fn tell(&self, document: &Document) {
        self.talk(&render::text(document));
    }

    /// Whether somebody watches who can be shown things that move.
    pub fn is_watched(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Whether somebody is there to answer.
    pub fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Text for somebody else to put on stderr: without colours where none are wanted.
    pub fn for_stderr(&self, text: String) -> String {
        match AutoStream::choice(&io::stderr()) {
            ColorChoice::Never => anstream::adapter::strip_str(&text).to_string(),
            _ => text,
        }
    }

    /// A line that says what takes so long, until it is dropped.
    pub fn busy(&self, what: String) -> Busy {
        if self.json || !self.is_watched() {
            return Busy(ProgressBar::hidden());
        }
        let spinner = ProgressBar::new_spinner().with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            spinner.set_style(style);
        }
        spinner.enable_steady_tick(TICK);
        Busy(spinner)
    }
}

pub struct Busy(ProgressBar);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
