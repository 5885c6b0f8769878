//! `preset`: the set of defaults of a blueprint.

use serde::Serialize;

/// The set of defaults that apply to a blueprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    Prod,
    Dev,
}
