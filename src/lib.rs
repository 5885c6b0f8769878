pub mod blueprint;
pub mod diagnostic;
