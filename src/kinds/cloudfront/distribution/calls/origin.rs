//! Converts origins between the spec's types and the SDK's.
use crate::error::Result;
use crate::kinds::cloudfront::calls::{counted, unbuilt};
use crate::kinds::cloudfront::distribution::{
    CustomHeader, CustomOrigin, Origin, S3Origin, VpcOriginConfig,
};
use aws_sdk_cloudfront::types::{self, CustomHeaders, OriginCustomHeader, OriginSslProtocols};
use std::collections::BTreeSet;

pub fn all_to_sdk(origins: &BTreeSet<Origin>) -> Result<types::Origins> {
    let all: Result<Vec<_>> = origins.iter().map(to_sdk).collect();
    let all = all?;
    let quantity = i32::try_from(all.len()).unwrap_or(i32::MAX);
    types::Origins::builder().quantity(quantity).set_items(Some(all)).build().map_err(unbuilt)
}

fn to_sdk(origin: &Origin) -> Result<types::Origin> {
    let header = |header: &CustomHeader| {
        let built = OriginCustomHeader::builder().header_name(&header.header_name);
        built.header_value(&header.header_value).build().map_err(unbuilt)
    };
    let headers: Result<Vec<_>> = origin.origin_custom_headers.iter().map(header).collect();
    let (quantity, items) = counted(headers?);
    let headers = CustomHeaders::builder().quantity(quantity).set_items(items);
    let s3 = |s3: &S3Origin| {
        let config = types::S3OriginConfig::builder();
        config.origin_access_identity(&s3.origin_access_identity).build()
    };
    types::Origin::builder()
        .id(&origin.id)
        .domain_name(&origin.domain_name)
        .origin_path(&origin.origin_path)
        .connection_attempts(origin.connection_attempts)
        .connection_timeout(origin.connection_timeout)
        .custom_headers(headers.build().map_err(unbuilt)?)
        .origin_access_control_id(&origin.origin_access_control_id)
        .set_s3_origin_config(origin.s3_origin_config.as_ref().map(s3))
        .set_custom_origin_config(origin.custom_origin_config.as_ref().map(custom).transpose()?)
        .set_vpc_origin_config(origin.vpc_origin_config.as_ref().map(vpc).transpose()?)
        .build()
        .map_err(unbuilt)
}

fn custom(spec: &CustomOrigin) -> Result<types::CustomOriginConfig> {
    let protocols = spec.origin_ssl_protocols.iter().map(|name| name.as_str().into()).collect();
    let (quantity, items) = counted(protocols);
    let protocols = OriginSslProtocols::builder().quantity(quantity).set_items(items);
    types::CustomOriginConfig::builder()
        .http_port(spec.http_port)
        .https_port(spec.https_port)
        .origin_protocol_policy(spec.origin_protocol_policy.as_str().into())
        .origin_ssl_protocols(protocols.build().map_err(unbuilt)?)
        .origin_keepalive_timeout(spec.origin_keepalive_timeout)
        .origin_read_timeout(spec.origin_read_timeout)
        .build()
        .map_err(unbuilt)
}

fn vpc(spec: &VpcOriginConfig) -> Result<types::VpcOriginConfig> {
    types::VpcOriginConfig::builder()
        .vpc_origin_id(&spec.vpc_origin_id)
        .origin_keepalive_timeout(spec.origin_keepalive_timeout)
        .origin_read_timeout(spec.origin_read_timeout)
        .build()
        .map_err(unbuilt)
}

pub fn from_sdk(origin: types::Origin) -> Origin {
    let headers = origin.custom_headers.and_then(|list| list.items).unwrap_or_default().into_iter();
    let header = |header: OriginCustomHeader| CustomHeader {
        header_name: header.header_name,
        header_value: header.header_value,
    };
    Origin {
        id: origin.id,
        domain_name: origin.domain_name,
        origin_path: origin.origin_path.unwrap_or_default(),
        connection_attempts: origin.connection_attempts.unwrap_or_default(),
        connection_timeout: origin.connection_timeout.unwrap_or_default(),
        origin_custom_headers: headers.map(header).collect(),
        origin_access_control_id: origin.origin_access_control_id.unwrap_or_default(),
        s3_origin_config: origin
            .s3_origin_config
            .map(|s3| S3Origin { origin_access_identity: s3.origin_access_identity }),
        custom_origin_config: origin.custom_origin_config.map(|custom| CustomOrigin {
            http_port: custom.http_port,
            https_port: custom.https_port,
            origin_protocol_policy: custom.origin_protocol_policy.as_str().into(),
            origin_ssl_protocols: protocols(custom.origin_ssl_protocols),
            origin_keepalive_timeout: custom.origin_keepalive_timeout.unwrap_or_default(),
            origin_read_timeout: custom.origin_read_timeout.unwrap_or_default(),
        }),
        vpc_origin_config: origin.vpc_origin_config.map(|vpc| VpcOriginConfig {
            vpc_origin_id: vpc.vpc_origin_id,
            origin_keepalive_timeout: vpc.origin_keepalive_timeout.unwrap_or_default(),
            origin_read_timeout: vpc.origin_read_timeout.unwrap_or_default(),
        }),
    }
}

fn protocols(live: Option<OriginSslProtocols>) -> BTreeSet<String> {
    let items = live.map(|list| list.items).unwrap_or_default();
    items.iter().map(|name| name.as_str().to_string()).collect()
}
