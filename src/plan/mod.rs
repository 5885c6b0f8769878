//! The plan: what to do with every resource, and why. Planning is a pure function: equal desired
//! resources, observation and options give the same plan, byte for byte.
pub mod capacity;
mod change;
pub mod check;
mod decide;
pub mod deletions;
pub mod diff;
pub mod estimate;
pub mod finding;
pub mod replan;
pub mod saved;
pub mod steps;
pub mod usages;
pub mod waivers;

pub use change::{Action, Change, Plan, Reason, RemainingWork};
pub use decide::{Data, PlanOptions, plan};
