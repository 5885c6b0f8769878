//! Makes the clients: the SDK's ordinary credential chain and profiles, or an emulator.
use super::connector::{Fault, Guard, Guarded};
use super::{Aws, Calls, Edge};
use crate::error::{Class, CloudError, Result};
use crate::facts::EDGE_REGION;
use crate::resource::Place;
use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::service_config::ServiceConfigKey;
use std::time::Duration;

/// How to connect to AWS or an emulator.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub region: String,
    pub profile: Option<String>,
    /// The ARN of a role to assume.
    pub assume_role: Option<String>,
    /// An emulator's address, for all services.
    pub endpoint: Option<String>,
    /// Hosts beside this machine that an emulator may be on.
    pub allowed_hosts: Vec<String>,
    /// The access key that an emulator is given unless there are credentials of one's own; some
    /// take it for the account's id.
    pub emulator_key: Option<String>,
    /// Faults to be played, against an emulator only.
    pub faults: Vec<Fault>,
}

/// The services that are called, by the id under which their endpoint can be configured.
const SERVICES: &[&str] = &[
    "ACM",
    "API Gateway",
    "ApiGatewayV2",
    "Application Auto Scaling",
    "Auto Scaling",
    "CloudFront",
    "CloudWatch",
    "CloudWatch Logs",
    "EC2",
    "ElastiCache",
    "Elastic Load Balancing v2",
    "IAM",
    "KMS",
    "RDS",
    "Resource Groups Tagging API",
    "Route 53",
    "S3",
    "Secrets Manager",
    "Service Quotas",
    "SNS",
    "SQS",
    "SSM",
    "STS",
    "WAFV2",
];

/// Credentials that every emulator takes, so that nobody's own are sent to one unasked.
const EMULATOR_KEY: &str = "test";

/// Connects, and asks whose account this is.
///
/// # Errors
/// An endpoint configured for some services and not for others, an endpoint elsewhere than on
/// this machine, no or bad credentials.
pub async fn connect(options: &Options) -> Result<Aws> {
    let config = load(options).await;
    let endpoints = SERVICES.iter().map(|service| (*service, endpoint(&config, service)));
    let guard = guard(endpoints.collect(), options)?;
    let emulator = matches!(guard, Guard::Emulator { .. });
    if !emulator && !options.faults.is_empty() {
        return Err(CloudError::refused("faults are played against an emulator only"));
    }
    let http = Guarded::new(guard, &options.faults);
    let mut config = config.into_builder().http_client(http.clone()).build();
    if let Some(role) = &options.assume_role {
        config = assume(&config, role).await;
    }
    let mut aws = clients(&config, emulator, options);
    identify(&mut aws).await?;
    Ok(aws)
}

fn clients(config: &SdkConfig, emulator: bool, options: &Options) -> Aws {
    let s3 = aws_sdk_s3::config::Builder::from(config).force_path_style(emulator).build();
    Aws {
        acm: aws_sdk_acm::Client::new(config),
        apigateway: aws_sdk_apigateway::Client::new(config),
        apigatewayv2: aws_sdk_apigatewayv2::Client::new(config),
        application_autoscaling: aws_sdk_applicationautoscaling::Client::new(config),
        autoscaling: aws_sdk_autoscaling::Client::new(config),
        cloudfront: aws_sdk_cloudfront::Client::new(config),
        cloudwatch: aws_sdk_cloudwatch::Client::new(config),
        ec2: aws_sdk_ec2::Client::new(config),
        edge: edge(config),
        elasticache: aws_sdk_elasticache::Client::new(config),
        elb: aws_sdk_elasticloadbalancingv2::Client::new(config),
        iam: aws_sdk_iam::Client::new(config),
        kms: aws_sdk_kms::Client::new(config),
        logs: aws_sdk_cloudwatchlogs::Client::new(config),
        quotas: aws_sdk_servicequotas::Client::new(config),
        rds: aws_sdk_rds::Client::new(config),
        route53: aws_sdk_route53::Client::new(config),
        s3: aws_sdk_s3::Client::from_conf(s3),
        secrets: aws_sdk_secretsmanager::Client::new(config),
        sns: aws_sdk_sns::Client::new(config),
        sqs: aws_sdk_sqs::Client::new(config),
        ssm: aws_sdk_ssm::Client::new(config),
        sts: aws_sdk_sts::Client::new(config),
        tagging: aws_sdk_resourcegroupstagging::Client::new(config),
        waf: aws_sdk_wafv2::Client::new(config),
        place: Place {
            account: String::new(),
            region: options.region.clone(),
            target: endpoint(config, "EC2").unwrap_or_else(|| "aws".into()),
        },
        partition: "aws".into(),
        calls: if emulator { Calls::unpaced() } else { Calls::paced() },
    }
}

fn edge(config: &SdkConfig) -> Edge {
    let config = config.to_builder().region(Region::new(EDGE_REGION)).build();
    Edge {
        acm: aws_sdk_acm::Client::new(&config),
        cloudwatch: aws_sdk_cloudwatch::Client::new(&config),
        logs: aws_sdk_cloudwatchlogs::Client::new(&config),
        waf: aws_sdk_wafv2::Client::new(&config),
    }
}

async fn identify(aws: &mut Aws) -> Result<()> {
    let me = aws
        .safe("sts:GetCallerIdentity", || aws.sts.get_caller_identity().send())
        .await
        .map_err(explain_credentials)?;
    let account = me.account.unwrap_or_default();
    let partition = me.arn.as_deref().and_then(|arn| arn.split(':').nth(1)).map(str::to_string);
    aws.place.account = account;
    aws.partition = partition.unwrap_or_else(|| "aws".into());
    Ok(())
}

fn explain_credentials(error: CloudError) -> CloudError {
    match error.class {
        Class::Denied => CloudError {
            message: format!(
                "{}. Sign in (aws configure), choose a --profile, or try it all \
                 with --sandbox",
                error.message
            ),
            ..error
        },
        _ => error,
    }
}

async fn load(options: &Options) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .operation_attempt_timeout(Duration::from_secs(60));
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(options.region.clone()))
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts.build())
        .http_client(Guarded::new(credentials_guard(options), &[]));
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(endpoint) = &options.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    if options.endpoint.is_some() && !has_own_credentials(options) {
        let key = options.emulator_key.as_deref().unwrap_or(EMULATOR_KEY);
        let key = aws_credential_types::Credentials::new(key, EMULATOR_KEY, None, None, "emulator");
        loader = loader.credentials_provider(key);
    }
    loader.load().await
}

/// While credentials are looked for, an emulator's run must not leave this machine either.
fn credentials_guard(options: &Options) -> Guard {
    match options.endpoint {
        Some(_) => Guard::Emulator { allowed: options.allowed_hosts.clone() },
        None => Guard::Aws,
    }
}

fn has_own_credentials(options: &Options) -> bool {
    if options.emulator_key.is_some() {
        return false;
    }
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    options.profile.is_some() || set("AWS_ACCESS_KEY_ID") || set("AWS_PROFILE")
}

/// The endpoint that configuration gives a service: its own, or the one for all.
fn endpoint(config: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(service)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    let own = config.service_config().and_then(|all| all.load_config(key));
    own.or_else(|| config.endpoint_url().map(str::to_string))
}

/// Decides which hosts may be talked to. One configured endpoint makes it an emulator's run, and
/// then every service must have one: the SDK would send the others' calls to AWS.
fn guard(endpoints: Vec<(&str, Option<String>)>, options: &Options) -> Result<Guard> {
    if endpoints.iter().all(|(_, endpoint)| endpoint.is_none()) {
        return Ok(Guard::Aws);
    }
    let missing: Vec<&str> =
        endpoints.iter().filter(|(_, e)| e.is_none()).map(|(s, _)| *s).collect();
    if !missing.is_empty() {
        return Err(CloudError::refused(format!(
            "an endpoint is configured for some services, but not for {}: their calls would go to \
             AWS. Set AWS_ENDPOINT_URL, or an endpoint for each (in a profile's services section \
             words are joined by hyphens)",
            missing.join(", ")
        )));
    }
    let guard = Guard::Emulator { allowed: options.allowed_hosts.clone() };
    for (service, endpoint) in endpoints {
        let endpoint = endpoint.unwrap_or_default();
        if !guard.admits(super::connector::host(&endpoint)) {
            return Err(CloudError::refused(format!(
                "the endpoint of {service}, {endpoint}, is not on this machine: allow its host \
                 with --allow-endpoint if that is meant"
            )));
        }
    }
    Ok(guard)
}

async fn assume(config: &SdkConfig, role: &str) -> SdkConfig {
    let provider = aws_config::sts::AssumeRoleProvider::builder(role)
        .session_name("tenfold")
        .configure(config)
        .build()
        .await;
    let provider = aws_credential_types::provider::SharedCredentialsProvider::new(provider);
    config.to_builder().credentials_provider(provider).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(endpoints: &[(&'static str, Option<&str>)], allowed: &[&str]) -> Result<Guard> {
        let allowed_hosts = allowed.iter().map(|host| host.to_string()).collect();
        let options = Options { allowed_hosts, ..Options::default() };
        let endpoints = endpoints.iter().map(|(s, e)| (*s, e.map(str::to_string))).collect();
        guard(endpoints, &options)
    }

    #[test]
    fn an_endpoint_for_some_services_is_refused() {
        let error = decide(&[("EC2", Some("http://localhost:4566")), ("IAM", None)], &[]);
        assert!(error.unwrap_err().message.contains("not for IAM"));
        assert!(matches!(decide(&[("EC2", None), ("IAM", None)], &[]), Ok(Guard::Aws)));
    }

    #[test]
    fn an_endpoint_elsewhere_must_be_named() {
        let away = [("EC2", Some("http://emulator.example:4566"))];
        assert!(decide(&away, &[]).is_err());
        assert!(decide(&away, &["emulator.example"]).is_ok());
    }
}
