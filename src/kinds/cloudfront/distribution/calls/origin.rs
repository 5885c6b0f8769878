//! Origins between the spec's shapes and the SDK's.
use crate::error::Result;
use crate::kinds::cloudfront::calls::{counted, unbuilt};
use crate::kinds::cloudfront::distribution::{
    CustomHeader, CustomOrigin, Origin, S3Origin, VpcOriginConfig,
};
use aws_sdk_cloudfront::types::{self, CustomHeaders, OriginCustomHeader, OriginSslProtocols};
use std::collections::BTreeSet;

pub fn origins(of: &BTreeSet<Origin>) -> Result<types::Origins> {
    let all: Result<Vec<_>> = of.iter().map(origin).collect();
    let all = all?;
    let quantity = i32::try_from(all.len()).unwrap_or(i32::MAX);
    types::Origins::builder().quantity(quantity).set_items(Some(all)).build().map_err(unbuilt)
}

fn origin(of: &Origin) -> Result<types::Origin> {
    let header = |of: &CustomHeader| {
        let header = OriginCustomHeader::builder().header_name(&of.header_name);
        header.header_value(&of.header_value).build().map_err(unbuilt)
    };
    let headers: Result<Vec<_>> = of.origin_custom_headers.iter().map(header).collect();
    let (quantity, items) = counted(headers?);
    let headers = CustomHeaders::builder().quantity(quantity).set_items(items);
    let s3 = |of: &S3Origin| {
        let config = types::S3OriginConfig::builder();
        config.origin_access_identity(&of.origin_access_identity).build()
    };
    types::Origin::builder()
        .id(&of.id)
        .domain_name(&of.domain_name)
        .origin_path(&of.origin_path)
        .connection_attempts(of.connection_attempts)
        .connection_timeout(of.connection_timeout)
        .custom_headers(headers.build().map_err(unbuilt)?)
        .origin_access_control_id(&of.origin_access_control_id)
        .set_s3_origin_config(of.s3_origin_config.as_ref().map(s3))
        .set_custom_origin_config(of.custom_origin_config.as_ref().map(custom).transpose()?)
        .set_vpc_origin_config(of.vpc_origin_config.as_ref().map(vpc).transpose()?)
        .build()
        .map_err(unbuilt)
}

fn custom(of: &CustomOrigin) -> Result<types::CustomOriginConfig> {
    let protocols = of.origin_ssl_protocols.iter().map(|of| of.as_str().into()).collect();
    let (quantity, items) = counted(protocols);
    let protocols = OriginSslProtocols::builder().quantity(quantity).set_items(items);
    types::CustomOriginConfig::builder()
        .http_port(of.http_port)
        .https_port(of.https_port)
        .origin_protocol_policy(of.origin_protocol_policy.as_str().into())
        .origin_ssl_protocols(protocols.build().map_err(unbuilt)?)
        .origin_keepalive_timeout(of.origin_keepalive_timeout)
        .origin_read_timeout(of.origin_read_timeout)
        .build()
        .map_err(unbuilt)
}

fn vpc(of: &VpcOriginConfig) -> Result<types::VpcOriginConfig> {
    types::VpcOriginConfig::builder()
        .vpc_origin_id(&of.vpc_origin_id)
        .origin_keepalive_timeout(of.origin_keepalive_timeout)
        .origin_read_timeout(of.origin_read_timeout)
        .build()
        .map_err(unbuilt)
}

pub fn from(of: types::Origin) -> Origin {
    let headers = of.custom_headers.and_then(|of| of.items).unwrap_or_default().into_iter();
    let header = |of: OriginCustomHeader| CustomHeader {
        header_name: of.header_name,
        header_value: of.header_value,
    };
    Origin {
        id: of.id,
        domain_name: of.domain_name,
        origin_path: of.origin_path.unwrap_or_default(),
        connection_attempts: of.connection_attempts.unwrap_or_default(),
        connection_timeout: of.connection_timeout.unwrap_or_default(),
        origin_custom_headers: headers.map(header).collect(),
        origin_access_control_id: of.origin_access_control_id.unwrap_or_default(),
        s3_origin_config: of
            .s3_origin_config
            .map(|of| S3Origin { origin_access_identity: of.origin_access_identity }),
        custom_origin_config: of.custom_origin_config.map(|of| CustomOrigin {
            http_port: of.http_port,
            https_port: of.https_port,
            origin_protocol_policy: of.origin_protocol_policy.as_str().into(),
            origin_ssl_protocols: protocols(of.origin_ssl_protocols),
            origin_keepalive_timeout: of.origin_keepalive_timeout.unwrap_or_default(),
            origin_read_timeout: of.origin_read_timeout.unwrap_or_default(),
        }),
        vpc_origin_config: of.vpc_origin_config.map(|of| VpcOriginConfig {
            vpc_origin_id: of.vpc_origin_id,
            origin_keepalive_timeout: of.origin_keepalive_timeout.unwrap_or_default(),
            origin_read_timeout: of.origin_read_timeout.unwrap_or_default(),
        }),
    }
}

fn protocols(of: Option<OriginSslProtocols>) -> BTreeSet<String> {
    let items = of.map(|of| of.items).unwrap_or_default();
    items.iter().map(|of| of.as_str().to_string()).collect()
}
