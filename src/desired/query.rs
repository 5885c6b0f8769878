//! Which facts about the account the expansion of a blueprint needs.
use super::database::class;
use crate::blueprint::service::image::{Architecture, Image};
use crate::blueprint::{Blueprint, Service};
use crate::facts::Query;

pub fn query(blueprint: &Blueprint) -> Query {
    let mut query = Query { zones: blueprint.zones_wanted(), ..Query::default() };
    for service in blueprint.services.values() {
        query.instance_types.extend(service.instances.iter().cloned());
        match &service.image {
            Image::Id(id) => {
                query.images.insert(id.clone());
            }
            _ => query.image_parameters.extend(image_parameter(service)),
        }
    }
    let engines = blueprint.caches.values().map(|cache| cache.engine.as_str().to_string());
    query.cache_engines.extend(engines);
    query.database_classes.extend(blueprint.databases.values().map(class));
    query.api_gateway = blueprint.rate_limits.values().any(|api| api.backend.is_some());
    let mut balancers = blueprint.load_balancers.keys();
    query.edge_addresses = balancers.any(|name| !blueprint.public_cdns(name).is_empty());
    let existing = blueprint.network.as_ref().and_then(|network| network.existing.as_ref());
    if let Some(existing) = existing {
        let subnets = &existing.subnets;
        let all = subnets.public.iter().chain(&subnets.app).chain(&subnets.data);
        query.subnets.extend(all.cloned());
    }
    query
}

/// The public parameter that contains the ID of a service's image; none if the blueprint sets the
/// ID.
/// <https://docs.aws.amazon.com/linux/al2023/ug/ec2.html>
pub fn image_parameter(service: &Service) -> Option<String> {
    let architecture = match service.architecture {
        Architecture::Arm64 => "arm64",
        Architecture::X86_64 => "x86_64",
    };
    match &service.image {
        Image::Id(_) => None,
        Image::Parameter(name) => Some(name.clone()),
        Image::Newest => Some(format!(
            "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"
        )),
    }
}
