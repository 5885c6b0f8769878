//! Checks of connections: what all instances may open together fits into a shard.

use super::super::database::Engine;
use super::Check;
use crate::blueprint::language::code;
use crate::blueprint::service::connection::Section;

/// The part of a database's connections that services may take, in hundredths; the rest is for
/// people, maintenance and replication.
const SHARE: u64 = 80;
const GIB: u64 = 1 << 30;

impl Check<'_> {
    pub fn pools(&self) {
        for database in self.names("databases") {
            self.pool(database);
        }
    }

    fn pool(&self, database: &str) {
        let Some(wanted) = self.blueprint.databases.get(database) else { return };
        let most = max_connections(wanted.engine, &wanted.instance);
        let Some(most) = most else { return };
        let limit = most * SHARE / 100;
        let mut parts = Vec::new();
        let mut sum = 0;
        for (name, service) in &self.blueprint.services {
            let of = |one: &&crate::blueprint::service::connection::Use| {
                one.to.section == Section::Databases && one.to.name == database
            };
            let Some(used) = service.uses.iter().find(of) else { continue };
            // While a new version rolls out there are more instances than `max`.
            let percent = service.rollout.max_healthy_percent;
            let instances = (u64::from(service.max_instances()) * u64::from(percent)).div_ceil(100);
            sum += instances * u64::from(used.pool);
            parts.push(format!("{name} {} x {percent}% x {}", service.max_instances(), used.pool));
        }
        if sum <= limit {
            return;
        }
        let summary = format!("`{database}` would get up to {sum} connections a shard");
        let place = format!("databases.{database}.instance");
        let label = format!("takes {most}, {limit} of them for services");
        let report = self.error(&place, code::TOO_MANY_CONNECTIONS, &summary, &label);
        self.report(report.help(format!(
            "write a smaller `pool` or `max`, or a larger `instance`: {} is {sum}",
            parts.join(" + ")
        )));
    }
}

/// What the engine's default parameters allow a class.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections>
fn max_connections(engine: Engine, class: &str) -> Option<u64> {
    let bytes = memory_gib(class)? * GIB;
    Some(match engine {
        Engine::Mysql => (bytes / 12_582_880).min(16_000),
        Engine::Postgres => (bytes / 9_531_392).min(5000),
    })
}

/// The memory of an instance class such as `r7g.large`: so many GiB for each virtual CPU.
/// <https://aws.amazon.com/rds/instance-types/>
fn memory_gib(class: &str) -> Option<u64> {
    let (family, size) = class.strip_prefix("db.").unwrap_or(class).split_once('.')?;
    if family.starts_with('t') {
        let sizes = ["micro", "small", "medium", "large", "xlarge", "2xlarge"];
        return sizes.iter().position(|one| *one == size).map(|at| 1 << at);
    }
    let per_cpu = match family {
        _ if family.starts_with("x2") => 16,
        _ if family.starts_with('m') => 4,
        _ if family.starts_with('r') => 8,
        _ if family.starts_with('c') => 2,
        _ => return None,
    };
    let cpus: u64 = match size {
        "medium" => 1,
        "large" => 2,
        "xlarge" => 4,
        _ => 4 * size.strip_suffix("xlarge")?.parse::<u64>().ok()?,
    };
    Some(per_cpu * cpus)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_follows_from_the_class() {
        for (class, gib) in
            [("t4g.micro", 1), ("db.t4g.medium", 4), ("m7g.large", 8), ("r7g.2xlarge", 64)]
        {
            assert_eq!(memory_gib(class), Some(gib), "{class}");
        }
        assert_eq!(memory_gib("z9.huge"), None);
    }

    #[test]
    fn a_class_takes_so_many_connections() {
        assert_eq!(max_connections(Engine::Postgres, "r7g.large"), Some(1802));
        assert_eq!(max_connections(Engine::Postgres, "t4g.micro"), Some(112));
        assert_eq!(max_connections(Engine::Mysql, "t4g.medium"), Some(341));
        assert_eq!(max_connections(Engine::Postgres, "r7g.8xlarge"), Some(5000));
    }
}
