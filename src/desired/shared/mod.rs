//! Resources and names that several sections share.
pub mod access;
pub mod connections;
pub mod data_stores;
pub mod domain;
pub mod identity;
pub mod log_group;
pub mod logs;
pub mod origin_secret;
