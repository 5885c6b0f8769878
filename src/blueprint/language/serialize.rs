//! Serialization of values in the form in which a blueprint contains them.

use serde::Serializer;
use std::fmt::Display;

/// Serializes a value as its text.
pub fn as_text<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Serializes values as a list of their texts.
pub fn as_texts<T: Display, S: Serializer>(values: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(T::to_string))
}
