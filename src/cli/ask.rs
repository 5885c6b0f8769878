//! Questions to whoever sits there. Without an answer nothing is changed.
use super::error::Error;
use super::output::Output;
use crate::plan::deletions::Deletions;
use std::io::BufRead;

/// Asks until there is an answer; gone or anything but the wanted word is a no.
fn wants(output: &Output, question: &str, wanted: &str) -> Result<(), Error> {
    output.talk(&format!("\n{question} "));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && answer.trim() == wanted { Ok(()) } else { Err(Error::Declined) }
}

/// Whether the plan that was shown is to be applied.
pub fn to_apply(output: &Output, yes: bool) -> Result<(), Error> {
    match yes {
        true => Ok(()),
        false if !output.can_ask() => Err(Error::NobodyToAsk),
        false => wants(output, "Do you want to apply this? Only `yes` will do:", "yes"),
    }
}

/// Whether the stack is to be destroyed: its name must be typed.
pub fn to_destroy(output: &Output, stack: &str, yes: bool) -> Result<(), Error> {
    match yes {
        true => Ok(()),
        false if !output.can_ask() => Err(Error::NobodyToAsk),
        false => wants(output, "To destroy this, type the name of the stack:", stack),
    }
}

/// Whether so much may be deleted: the number was given, or must be typed.
pub fn to_delete(
    output: &Output,
    deletions: &Deletions,
    allowed: Option<usize>,
    yes: bool,
) -> Result<(), Error> {
    let refused = || Error::Deletions(deletions.clone());
    match allowed {
        Some(allowed) if allowed == deletions.number => Ok(()),
        None if !yes && output.can_ask() => {
            let question = format!("{}.\nTo allow that, type the number:", refused());
            wants(output, &question, &deletions.number.to_string())
        }
        _ => Err(refused()),
    }
}
