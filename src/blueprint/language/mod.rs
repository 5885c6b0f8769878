//! The language of blueprints, independent of sections: YAML with a position for every key and value,
//! overlays, variables, decoding, names and units.
pub mod code;
pub mod decode;
pub mod fields;
pub mod merge;
pub mod names;
pub mod node;
pub mod parse;
pub mod quantity;
pub mod serialize;
pub mod set;
pub mod syntax;
pub mod units;
pub mod variables;
