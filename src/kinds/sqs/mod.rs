//! Kinds of Amazon SQS.
pub mod queue;
