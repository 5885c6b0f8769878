//! What EC2 has: zones, types of instances, images, and the subnets of others.
use crate::aws::Aws;
use crate::error::Result;
use crate::facts::{Facts, Image, InstanceType, Query, Subnet, Zone};
use aws_sdk_ec2::types::{Filter, LocationType};
use std::collections::{BTreeMap, BTreeSet};

/// The most parameters that one `GetParameters` takes.
const PARAMETERS_A_CALL: usize = 10;

impl Aws {
    /// Facts with EC2's part filled in.
    pub(super) async fn compute(&self, query: &Query) -> Result<Facts> {
        let (zones, offerings, instance_types, (image_parameters, images), subnets) = tokio::try_join!(
            self.zones(),
            self.offerings(&query.instance_types),
            self.instance_types(&query.instance_types),
            self.images(query),
            self.subnets(&query.subnets),
        )?;
        Ok(Facts {
            zones,
            offerings,
            instance_types,
            image_parameters,
            images,
            subnets,
            ..Facts::default()
        })
    }

    async fn zones(&self) -> Result<Vec<Zone>> {
        let filters = [
            filter("zone-type", ["availability-zone"]),
            filter("opt-in-status", ["opt-in-not-required"]),
            filter("state", ["available"]),
        ];
        let call = || {
            let filters = Some(filters.to_vec());
            self.ec2.describe_availability_zones().set_filters(filters).send()
        };
        let found = self.safe("ec2:DescribeAvailabilityZones", call).await?;
        let zone = |zone: aws_sdk_ec2::types::AvailabilityZone| {
            Some(Zone { name: zone.zone_name?, id: zone.zone_id? })
        };
        let mut zones: Vec<Zone> =
            found.availability_zones.unwrap_or_default().into_iter().filter_map(zone).collect();
        zones.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(zones)
    }

    async fn offerings(
        &self,
        types: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, BTreeSet<String>>> {
        if types.is_empty() {
            return Ok(BTreeMap::new());
        }
        let call = |token| {
            self.ec2
                .describe_instance_type_offerings()
                .location_type(LocationType::AvailabilityZoneId)
                .filters(filter("instance-type", types))
                .set_next_token(token)
                .send()
        };
        let found = self
            .pages("ec2:DescribeInstanceTypeOfferings", call, |page| {
                (page.next_token, page.instance_type_offerings)
            })
            .await?;
        let mut offerings: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for offering in found {
            if let (Some(kind), Some(zone)) = (offering.instance_type, offering.location) {
                offerings.entry(kind.as_str().to_string()).or_default().insert(zone);
            }
        }
        Ok(offerings)
    }

    async fn instance_types(
        &self,
        types: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, InstanceType>> {
        if types.is_empty() {
            return Ok(BTreeMap::new());
        }
        let call = |token| {
            self.ec2
                .describe_instance_types()
                .filters(filter("instance-type", types))
                .set_next_token(token)
                .send()
        };
        let found = self
            .pages("ec2:DescribeInstanceTypes", call, |page| (page.next_token, page.instance_types))
            .await?;
        Ok(found.into_iter().filter_map(instance_type).collect())
    }

    async fn images(
        &self,
        query: &Query,
    ) -> Result<(BTreeMap<String, String>, BTreeMap<String, Image>)> {
        let parameters = self.image_parameters(&query.image_parameters).await?;
        let wanted: BTreeSet<&String> = query.images.iter().chain(parameters.values()).collect();
        if wanted.is_empty() {
            return Ok((parameters, BTreeMap::new()));
        }
        let call = |token| {
            self.ec2
                .describe_images()
                .filters(filter("image-id", &wanted))
                .set_next_token(token)
                .send()
        };
        let found =
            self.pages("ec2:DescribeImages", call, |page| (page.next_token, page.images)).await?;
        Ok((parameters, found.into_iter().filter_map(image).collect()))
    }

    async fn image_parameters(&self, names: &BTreeSet<String>) -> Result<BTreeMap<String, String>> {
        let names: Vec<&String> = names.iter().collect();
        let mut values = BTreeMap::new();
        for some in names.chunks(PARAMETERS_A_CALL) {
            let call = || {
                let names = Some(some.iter().map(|name| name.to_string()).collect());
                self.ssm.get_parameters().set_names(names).send()
            };
            let found = self.safe("ssm:GetParameters", call).await?;
            let pairs = found.parameters.unwrap_or_default().into_iter();
            values.extend(pairs.filter_map(|parameter| Some((parameter.name?, parameter.value?))));
        }
        Ok(values)
    }

    async fn subnets(&self, ids: &BTreeSet<String>) -> Result<BTreeMap<String, Subnet>> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let call = |token| {
            self.ec2
                .describe_subnets()
                .filters(filter("subnet-id", ids))
                .set_next_token(token)
                .send()
        };
        let found =
            self.pages("ec2:DescribeSubnets", call, |page| (page.next_token, page.subnets)).await?;
        let subnet = |subnet: aws_sdk_ec2::types::Subnet| {
            let found = Subnet { vpc: subnet.vpc_id?, zone: subnet.availability_zone? };
            Some((subnet.subnet_id?, found))
        };
        Ok(found.into_iter().filter_map(subnet).collect())
    }
}

fn filter<T: ToString>(name: &str, values: impl IntoIterator<Item = T>) -> Filter {
    let values = values.into_iter().map(|value| value.to_string()).collect();
    Filter::builder().name(name).set_values(Some(values)).build()
}

fn image(image: aws_sdk_ec2::types::Image) -> Option<(String, Image)> {
    let architecture = image.architecture?.as_str().to_string();
    let root_device = image.root_device_name.unwrap_or_else(|| "/dev/xvda".into());
    Some((image.image_id?, Image { architecture, root_device }))
}

fn instance_type(info: aws_sdk_ec2::types::InstanceTypeInfo) -> Option<(String, InstanceType)> {
    let architectures = info.processor_info.and_then(|cpu| cpu.supported_architectures);
    let found = InstanceType {
        architectures: architectures.unwrap_or_default().iter().map(|a| a.to_string()).collect(),
        vcpus: info.v_cpu_info?.default_v_cpus?.try_into().ok()?,
    };
    Some((info.instance_type?.as_str().to_string(), found))
}
