//! Checks of connection pools: a shard accepts the connections that all instances may open.

use super::super::database::Engine;
use super::Check;
use crate::blueprint::language::code;
use crate::blueprint::service::connection::{Section, Use};

/// The percentage of a database's connections that services may use. The rest is for people,
/// maintenance and replication.
const SERVICES_PERCENT: u64 = 80;
const GIB: u64 = 1 << 30;

impl Check<'_> {
    pub fn pools(&self) {
        for database in self.names("databases") {
            self.pool(database);
        }
    }

    fn pool(&self, database: &str) {
        let Some(settings) = self.blueprint.databases.get(database) else { return };
        let max = max_connections(settings.engine, &settings.instance);
        let Some(max) = max else { return };
        let limit = max * SERVICES_PERCENT / 100;
        let mut parts = Vec::new();
        let mut sum = 0;
        for (name, service) in &self.blueprint.services {
            let is_database =
                |used: &&Use| used.to.section == Section::Databases && used.to.name == database;
            let Some(used) = service.uses.iter().find(is_database) else { continue };
            // During a rollout there are more instances than `max`.
            let percent = service.rollout.max_healthy_percent;
            let instances = (u64::from(service.max_instances()) * u64::from(percent)).div_ceil(100);
            sum += instances * u64::from(used.pool);
            parts.push(format!("{name} {} x {percent}% x {}", service.max_instances(), used.pool));
        }
        if sum <= limit {
            return;
        }
        let summary = format!("services may open {sum} connections to each shard of `{database}`");
        let at = format!("databases.{database}.instance");
        let label = format!("accepts {max} connections, {limit} of them from services");
        let report = self.error(&at, code::TOO_MANY_CONNECTIONS, &summary, &label);
        self.report(report.help(format!(
            "write a smaller `pool` or `max`, or a larger `instance`: {} = {sum}",
            parts.join(" + ")
        )));
    }
}

/// The number of connections that an engine's default parameters allow for an instance class.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections>
fn max_connections(engine: Engine, class: &str) -> Option<u64> {
    let bytes = memory_gib(class)? * GIB;
    Some(match engine {
        Engine::Mysql => (bytes / 12_582_880).min(16_000),
        Engine::Postgres => (bytes / 9_531_392).min(5000),
    })
}

/// The memory of an instance class such as `r7g.large` in GiB, from its GiB per virtual CPU.
/// <https://aws.amazon.com/rds/instance-types/>
fn memory_gib(class: &str) -> Option<u64> {
    let (family, size) = class.strip_prefix("db.").unwrap_or(class).split_once('.')?;
    if family.starts_with('t') {
        let sizes = ["micro", "small", "medium", "large", "xlarge", "2xlarge"];
        return sizes.iter().position(|name| *name == size).map(|index| 1 << index);
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
    fn computes_memory_from_the_instance_class() {
        for (class, gib) in
            [("t4g.micro", 1), ("db.t4g.medium", 4), ("m7g.large", 8), ("r7g.2xlarge", 64)]
        {
            assert_eq!(memory_gib(class), Some(gib), "{class}");
        }
        assert_eq!(memory_gib("z9.huge"), None);
    }

    #[test]
    fn computes_connections_from_the_instance_class() {
        assert_eq!(max_connections(Engine::Postgres, "r7g.large"), Some(1802));
        assert_eq!(max_connections(Engine::Postgres, "t4g.micro"), Some(112));
        assert_eq!(max_connections(Engine::Mysql, "t4g.medium"), Some(341));
        assert_eq!(max_connections(Engine::Postgres, "r7g.8xlarge"), Some(5000));
    }
}
