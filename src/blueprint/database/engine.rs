//! `engine` of a database, its versions, and the names that it accepts.

use serde::Serialize;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;

/// The engine of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    Postgres,
    Mysql,
}

impl Engine {
    /// The name that RDS uses.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Postgres => "postgres",
            Engine::Mysql => "mysql",
        }
    }

    /// The default TCP port.
    pub fn port(self) -> u16 {
        match self {
            Engine::Postgres => 5432,
            Engine::Mysql => 3306,
        }
    }

    /// The newest major version that RDS has supported for a year.
    pub fn newest(self) -> &'static str {
        match self {
            Engine::Postgres => "17",
            Engine::Mysql => "8.4",
        }
    }

    /// How many numbers a major version consists of: `17`, `8.4`.
    fn major_numbers(self) -> usize {
        match self {
            Engine::Postgres => 1,
            Engine::Mysql => 2,
        }
    }

    /// `17` of `17.4`, `8.4` of `8.4.3`.
    pub fn major(self, version: &str) -> String {
        version.split('.').take(self.major_numbers()).collect::<Vec<_>>().join(".")
    }

    /// The logs that RDS sends to CloudWatch Logs, by RDS's names.
    pub fn logs(self) -> &'static [&'static str] {
        match self {
            Engine::Postgres => &["postgresql", "upgrade"],
            Engine::Mysql => &["error", "slowquery"],
        }
    }

    /// A version with at least its major numbers. Needs quotes, because YAML reads `17.10` as 17.1.
    pub(super) fn version(self, value: Value<'_>) -> Option<String> {
        let (major_numbers, newest) = (self.major_numbers(), self.newest());
        let fits = |text: &str| {
            let parts: Vec<&str> = text.split('.').collect();
            let is_number =
                |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
            (major_numbers..=3).contains(&parts.len()) && parts.iter().all(is_number)
        };
        value.shaped(fits, &format!("a {} version", self.name()), &format!("\"{newest}\""))
    }
}

pub(super) fn decode(value: Value<'_>) -> Option<Engine> {
    value.word(&[("postgres", Engine::Postgres), ("mysql", Engine::Mysql)])
}

/// A name that needs no quotes in SQL: `tenant_id`.
pub(super) fn identifier(value: Value<'_>) -> Option<String> {
    let fits = |text: &str| {
        text.len() <= 63
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    value.shaped(fits, "an SQL name of lower-case letters, digits and `_`", "tenant_id")
}

/// User names that attackers try first, or that the engines reserve.
const RESERVED_USERS: [&str; 6] = ["postgres", "admin", "root", "rdsadmin", "mysql", "public"];

/// A user name of at most 16 characters, the limit of RDS for MySQL.
pub(super) fn user(value: Value<'_>) -> Option<String> {
    let name = identifier(value)?;
    if name.len() > 16 {
        return value.malformed("a name of at most 16 characters", "write it like `shop_owner`");
    }
    if RESERVED_USERS.contains(&name.as_str()) {
        let summary = format!("the user cannot have the name `{name}`");
        let report =
            value.error(code::RESERVED, summary, "reserved by an engine, or easy to guess");
        value.report(report.help("choose another name, such as `shop_owner`"));
        return None;
    }
    Some(name)
}
