//! `engine` of a database, its versions, and the names that it takes.

use serde::Serialize;

use crate::blueprint::language::code;
use crate::blueprint::language::decode::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    Postgres,
    Mysql,
}

impl Engine {
    /// As RDS calls it.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Postgres => "postgres",
            Engine::Mysql => "mysql",
        }
    }

    pub fn port(self) -> u16 {
        match self {
            Engine::Postgres => 5432,
            Engine::Mysql => 3306,
        }
    }

    /// The newest major version that RDS has had for a year.
    pub fn newest(self) -> &'static str {
        match self {
            Engine::Postgres => "17",
            Engine::Mysql => "8.4",
        }
    }

    /// How many numbers of a version make it a major one: `17`, `8.4`.
    fn numbers(self) -> usize {
        match self {
            Engine::Postgres => 1,
            Engine::Mysql => 2,
        }
    }

    /// `17` of `17.4`, `8.4` of `8.4.3`.
    pub fn major(self, version: &str) -> String {
        version.split('.').take(self.numbers()).collect::<Vec<_>>().join(".")
    }

    /// The logs that go to CloudWatch, by the names that RDS gives them.
    pub fn logs(self) -> &'static [&'static str] {
        match self {
            Engine::Postgres => &["postgresql", "upgrade"],
            Engine::Mysql => &["error", "slowquery"],
        }
    }

    /// A version with at least its major numbers. In quotes: YAML reads `17.10` as 17.1.
    pub(crate) fn version(self, value: Value<'_>) -> Option<String> {
        let (numbers, newest) = (self.numbers(), self.newest());
        let fits = |text: &str| {
            let parts: Vec<&str> = text.split('.').collect();
            let number =
                |part: &&str| !part.is_empty() && part.chars().all(|one| one.is_ascii_digit());
            (numbers..=3).contains(&parts.len()) && parts.iter().all(number)
        };
        value.shaped(fits, &format!("a version of {}", self.name()), &format!("\"{newest}\""))
    }
}

pub(crate) fn decode(value: Value<'_>) -> Option<Engine> {
    value.word(&[("postgres", Engine::Postgres), ("mysql", Engine::Mysql)])
}

/// A name that needs no quotes in SQL: `tenant_id`.
pub(crate) fn identifier(value: Value<'_>) -> Option<String> {
    let fits = |text: &str| {
        text.len() <= 63
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text
                .chars()
                .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_')
    };
    value.shaped(fits, "a name in SQL: lower-case letters, digits and `_`", "tenant_id")
}

/// Names that attackers try first, or that the engines keep for themselves.
const TAKEN: [&str; 6] = ["postgres", "admin", "root", "rdsadmin", "mysql", "public"];

/// A user's name, of the 16 characters that RDS for MySQL grants.
pub(crate) fn user(value: Value<'_>) -> Option<String> {
    let name = identifier(value)?;
    if name.len() > 16 {
        return value.malformed("a name of at most 16 characters", "write it like `shop_owner`");
    }
    if TAKEN.contains(&name.as_str()) {
        let summary = format!("the user cannot be `{name}`");
        let report = value.error(code::RESERVED, summary, "kept by the engine, or guessed first");
        value.report(report.help("write a name of your own, such as `shop_owner`"));
        return None;
    }
    Some(name)
}
