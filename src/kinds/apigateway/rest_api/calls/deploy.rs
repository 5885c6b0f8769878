//! Deployments of a REST API, and the stage that serves one of them.
use super::super::{MethodSetting, RestApi};
use super::read::{self, Stage};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::apigateway::calls::{PAGE, remove, replace, to_apigateway};
use aws_sdk_apigateway::types::PatchOperation;
use std::cmp::Reverse;

/// The number of deployments to keep: the one in use, and two for a manual rollback.
const KEPT: usize = 3;

impl RestApi {
    /// Deploys the current document to the stage. A repeated call deploys it twice, which does no
    /// harm.
    pub(super) async fn deploy(&self, id: &str, aws: &Aws) -> Result<()> {
        let create = || aws.apigateway.create_deployment().rest_api_id(id);
        let call = || create().description(&self.document).send();
        let created = aws.safe("apigateway:CreateDeployment", call).await?;
        let deployment = created.id.unwrap_or_default();
        if read::stage(id, &self.stage_name, aws).await?.is_some() {
            return self.patch_stage(id, vec![replace("/deploymentId", deployment)], aws).await;
        }
        let call = || {
            aws.apigateway
                .create_stage()
                .rest_api_id(id)
                .stage_name(&self.stage_name)
                .deployment_id(&deployment)
                .set_tags(Some(to_apigateway(&self.tags)))
                .send()
        };
        // The conflict means that an earlier attempt created the stage, and its response was lost.
        let created = aws.safe("apigateway:CreateStage", call).await;
        created.allow(&["ConflictException"])
    }

    /// Deletes all deployments except the [`KEPT`] newest.
    pub(super) async fn delete_old_deployments(&self, id: &str, aws: &Aws) -> Result<()> {
        let get = || aws.apigateway.get_deployments().rest_api_id(id).limit(PAGE);
        let call = |position| get().set_position(position).send();
        let mut all = aws
            .pages("apigateway:GetDeployments", call, |page| (page.position, page.items))
            .await?;
        all.sort_by_key(|deployment| Reverse(deployment.created_date.map(|date| date.as_nanos())));
        for old in all.into_iter().skip(KEPT).filter_map(|deployment| deployment.id) {
            let delete = || aws.apigateway.delete_deployment().rest_api_id(id);
            let call = || delete().deployment_id(&old).send();
            // The error means that another stage, which is not the stack's, serves this deployment.
            let deleted = aws.safe("apigateway:DeleteDeployment", call).await.found();
            deleted.map(drop).allow(&["BadRequestException"])?;
        }
        Ok(())
    }

    /// Brings the settings of the stage from `live` to the spec's, in one call.
    pub(super) async fn set_stage(&self, id: &str, live: &Stage, aws: &Aws) -> Result<()> {
        let patches = self.stage_patches(live);
        if patches.is_empty() { Ok(()) } else { self.patch_stage(id, patches, aws).await }
    }

    async fn patch_stage(&self, id: &str, patches: Vec<PatchOperation>, aws: &Aws) -> Result<()> {
        let update = || aws.apigateway.update_stage().rest_api_id(id).stage_name(&self.stage_name);
        let call = || update().set_patch_operations(Some(patches.clone())).send();
        aws.safe("apigateway:UpdateStage", call).await.map(drop)
    }

    /// The patch operations that bring the stage from `live` to this spec,
    /// <https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html>.
    fn stage_patches(&self, live: &Stage) -> Vec<PatchOperation> {
        let mut all = Vec::new();
        let wanted = |key: &str| self.method_settings.iter().any(|setting| setting.key() == key);
        let removed =
            live.method_settings.iter().map(MethodSetting::key).filter(|key| !wanted(key));
        all.extend(removed.map(|key| remove(format!("/{key}"))));
        for setting in self.method_settings.iter().filter(|s| !live.method_settings.contains(s)) {
            let path = |property: &str| format!("/{}/{property}", setting.key());
            all.extend([
                replace(path("throttling/rateLimit"), setting.throttling_rate_limit),
                replace(path("throttling/burstLimit"), setting.throttling_burst_limit),
                replace(path("metrics/enabled"), setting.metrics_enabled),
                replace(path("logging/loglevel"), &setting.logging_level),
                replace(path("logging/dataTrace"), setting.data_trace_enabled),
            ]);
        }
        match &self.access_log_setting {
            log if *log == live.access_log_setting => {}
            None => all.push(remove("/accessLogSettings")),
            Some(log) => all.extend([
                replace("/accessLogSettings/destinationArn", &log.destination_arn),
                replace("/accessLogSettings/format", &log.format),
            ]),
        }
        if self.tracing_enabled != live.tracing_enabled {
            all.push(replace("/tracingEnabled", self.tracing_enabled));
        }
        all
    }
}
