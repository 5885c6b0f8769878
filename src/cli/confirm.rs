//! Asks for confirmation. Without an answer nothing is changed.
use super::error::Error;
use super::output::Output;
use crate::plan::deletions::Deletions;
use std::io::BufRead;

/// Asks a question. Any answer but `wanted`, and the end of stdin, is a no.
fn ask(output: &Output, question: &str, wanted: &str) -> Result<(), Error> {
    output.message(&format!("\n{question} "));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && answer.trim() == wanted { Ok(()) } else { Err(Error::Declined) }
}

/// Confirms that the plan shown is to be applied.
pub fn apply(output: &Output, yes: bool) -> Result<(), Error> {
    match yes {
        true => Ok(()),
        false => {
            output.check_interactive()?;
            ask(output, "Apply this plan? Type `yes` to confirm:", "yes")
        }
    }
}

/// Confirms that the stack is to be destroyed: the user must type its name.
pub fn destroy(output: &Output, stack: &str, yes: bool) -> Result<(), Error> {
    match yes {
        true => Ok(()),
        false => {
            output.check_interactive()?;
            ask(output, "Destroy this stack? Type its name to confirm:", stack)
        }
    }
}

/// Confirms a large deletion: the user must give the number of resources, as an option or typed.
pub fn deletions(
    output: &Output,
    deletions: &Deletions,
    allowed: Option<usize>,
    yes: bool,
) -> Result<(), Error> {
    let refused = || Error::Deletions(deletions.clone());
    match allowed {
        Some(allowed) if allowed == deletions.number => Ok(()),
        None if !yes && output.check_interactive().is_ok() => {
            let question = format!("{}.\nType the number to confirm:", refused());
            ask(output, &question, &deletions.number.to_string())
        }
        _ => Err(refused()),
    }
}
