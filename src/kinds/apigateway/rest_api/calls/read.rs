//! Reads live REST APIs.
use super::super::{AccessLog, Endpoint, MethodSetting, RestApi};
use super::STAGE;
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::apigateway::calls::{PAGE, from_apigateway};
use crate::kinds::contract::Listing;
use crate::resource::{Condition, Live};
use aws_sdk_apigateway::operation::get_stage::GetStageOutput;
use aws_sdk_apigateway::types;
use futures::future::try_join_all;

/// The REST APIs of the stack.
pub async fn all(listing: &Listing<'_>) -> Result<Vec<Live<RestApi>>> {
    let aws = listing.aws;
    let call = |position| aws.apigateway.get_rest_apis().limit(PAGE).set_position(position).send();
    let found =
        aws.pages("apigateway:GetRestApis", call, |page| (page.position, page.items)).await?;
    let found = found.into_iter().map(|api| read(api, listing));
    Ok(try_join_all(found).await?.into_iter().flatten().collect())
}

/// The settings of a stage.
#[derive(Default)]
pub struct Stage {
    pub method_settings: Vec<MethodSetting>,
    pub access_log_setting: Option<AccessLog>,
    pub tracing_enabled: bool,
}

impl Stage {
    pub fn of(api: &RestApi) -> Self {
        Stage {
            method_settings: api.method_settings.clone(),
            access_log_setting: api.access_log_setting.clone(),
            tracing_enabled: api.tracing_enabled,
        }
    }

    fn read(found: &GetStageOutput) -> Self {
        let settings = found.method_settings().into_iter().flatten();
        let mut method_settings: Vec<MethodSetting> =
            settings.filter_map(|(key, setting)| method_setting(key, setting)).collect();
        method_settings.sort_by_cached_key(MethodSetting::key);
        let log = found.access_log_settings().and_then(|log| {
            let (arn, format) = (log.destination_arn()?, log.format().unwrap_or_default());
            Some(AccessLog { destination_arn: arn.into(), format: format.into() })
        });
        Stage { method_settings, access_log_setting: log, tracing_enabled: found.tracing_enabled }
    }
}

/// The stage of an API; `None` if it does not exist.
pub async fn stage(api: &str, name: &str, aws: &Aws) -> Result<Option<GetStageOutput>> {
    let call = || aws.apigateway.get_stage().rest_api_id(api).stage_name(name).send();
    aws.safe("apigateway:GetStage", call).await.found()
}

/// The fingerprint of the document that a stage serves, from the description of its deployment.
/// Empty if there is no deployment.
async fn document(api: &str, stage: &GetStageOutput, aws: &Aws) -> Result<String> {
    let Some(deployment) = stage.deployment_id() else { return Ok(String::new()) };
    let get = || aws.apigateway.get_deployment().rest_api_id(api);
    let call = || get().deployment_id(deployment).send();
    let found = aws.safe("apigateway:GetDeployment", call).await.found()?;
    Ok(found.and_then(|found| found.description).unwrap_or_default())
}

fn method_setting(key: &str, setting: &types::MethodSetting) -> Option<MethodSetting> {
    let (path, method) = key.rsplit_once('/')?;
    Some(MethodSetting {
        resource_path: if path == "~1" { "/".into() } else { format!("/{path}") },
        http_method: method.into(),
        throttling_rate_limit: setting.throttling_rate_limit(),
        throttling_burst_limit: setting.throttling_burst_limit(),
        metrics_enabled: setting.metrics_enabled(),
        logging_level: setting.logging_level().unwrap_or("OFF").into(),
        data_trace_enabled: setting.data_trace_enabled(),
    })
}

/// A listed API, if it is the stack's.
async fn read(api: types::RestApi, listing: &Listing<'_>) -> Result<Option<Live<RestApi>>> {
    let mut tags = from_apigateway(api.tags());
    let owner = listing.owner::<RestApi>(None, &tags);
    let (Some(owner), Some(handle)) = (owner, api.id.clone()) else { return Ok(None) };
    let stage_name = tags.get(STAGE).unwrap_or_default().to_string();
    tags.remove(STAGE);
    let found = match stage_name.as_str() {
        "" => None,
        name => stage(&handle, name, listing.aws).await?,
    };
    let document = match &found {
        Some(stage) => document(&handle, stage, listing.aws).await?,
        None => String::new(),
    };
    let stage = found.as_ref().map(Stage::read).unwrap_or_default();
    let spec = RestApi {
        name: api.name().unwrap_or_default().into(),
        description: api.description().unwrap_or_default().into(),
        body: None,
        document,
        endpoint_configuration: Endpoint::from_sdk(api.endpoint_configuration()),
        api_key_source_type: api.api_key_source().map_or("HEADER", |source| source.as_str()).into(),
        disable_execute_api_endpoint: api.disable_execute_api_endpoint(),
        stage_name,
        method_settings: stage.method_settings,
        access_log_setting: stage.access_log_setting,
        tracing_enabled: stage.tracing_enabled,
        tags,
    };
    let condition = match api.api_status() {
        Some(types::ApiStatus::Failed) => {
            Condition::Failed(api.api_status_message().unwrap_or_default().into())
        }
        Some(types::ApiStatus::Available) | None => Condition::Ready,
        Some(status) => Condition::Converging(status.as_str().to_lowercase()),
    };
    let outputs = spec.outputs_on(handle.clone(), listing.aws);
    Ok(Some(Live { condition, ..owner.live(handle, spec, outputs) }))
}
