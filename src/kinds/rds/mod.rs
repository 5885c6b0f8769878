//! Kinds of Amazon RDS.
#[cfg(feature = "aws")]
pub(crate) mod calls;
pub mod db_instance;
pub mod db_parameter_group;
pub mod db_subnet_group;
