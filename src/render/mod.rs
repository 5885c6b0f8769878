//! Output for people and programs. Pure: the data becomes a document, and that becomes text; JSON
//! is made from the data directly. No other module knows about colours or layout.
pub mod change;
pub mod diagram;
pub mod doc;
pub mod json;
mod lines;
pub mod outcome;
pub mod plan;
pub mod rows;
pub mod shards;
pub mod stack;
pub mod step;
pub mod style;
pub mod text;
pub mod time;
pub mod value;

pub use doc::Document;
pub use text::text;
