//! Deployments, and the stage that serves one.
use super::super::{MethodSetting, RestApi};
use super::read::{self, Stage};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::apigateway::calls::{remove, replace, to_map};
use aws_sdk_apigateway::types::PatchOperation;

/// Deployments that are kept: the one in use, and two to go back to by hand.
const KEPT: usize = 3;

impl RestApi {
    /// Makes the stage serve the document as it is now; a second deployment of it does no harm.
    pub(super) async fn deploy(&self, id: &str, aws: &Aws) -> Result<()> {
        let create = || aws.apigateway.create_deployment().rest_api_id(id);
        let call = || create().description(&self.document).send();
        let made = aws.safe("apigateway:CreateDeployment", call).await?.id.unwrap_or_default();
        if read::stage(id, &self.stage_name, aws).await?.is_some() {
            return self.patch_stage(id, vec![replace("/deploymentId", made)], aws).await;
        }
        let call = || {
            aws.apigateway
                .create_stage()
                .rest_api_id(id)
                .stage_name(&self.stage_name)
                .deployment_id(&made)
                .set_tags(Some(to_map(&self.tags)))
                .send()
        };
        // Made by this very call, whose answer was lost.
        let made = aws.safe("apigateway:CreateStage", call).await;
        made.allow(&["ConflictException"])
    }

    pub(super) async fn forget_old_deployments(&self, id: &str, aws: &Aws) -> Result<()> {
        let get = || aws.apigateway.get_deployments().rest_api_id(id).limit(500);
        let call = |at| get().set_position(at).send();
        let mut all = aws
            .pages("apigateway:GetDeployments", call, |page| (page.position, page.items))
            .await?;
        all.sort_by_key(|one| std::cmp::Reverse(one.created_date.map(|at| at.as_nanos())));
        for old in all.into_iter().skip(KEPT).filter_map(|deployment| deployment.id) {
            let delete = || aws.apigateway.delete_deployment().rest_api_id(id);
            let call = || delete().deployment_id(&old).send();
            // One that some other stage serves is not ours to delete.
            let deleted = aws.safe("apigateway:DeleteDeployment", call).await.found();
            deleted.map(drop).allow(&["BadRequestException"])?;
        }
        Ok(())
    }

    /// Brings the settings of the stage from `live` to what is wanted, in one call.
    pub(super) async fn set_stage(&self, id: &str, live: &Stage, aws: &Aws) -> Result<()> {
        let patches = self.stage_patches(live);
        if patches.is_empty() { Ok(()) } else { self.patch_stage(id, patches, aws).await }
    }

    async fn patch_stage(&self, id: &str, patches: Vec<PatchOperation>, aws: &Aws) -> Result<()> {
        let update = || aws.apigateway.update_stage().rest_api_id(id).stage_name(&self.stage_name);
        let call = || update().set_patch_operations(Some(patches.clone())).send();
        aws.safe("apigateway:UpdateStage", call).await.map(drop)
    }

    /// <https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html>
    fn stage_patches(&self, live: &Stage) -> Vec<PatchOperation> {
        let mut all = Vec::new();
        let wanted = |key: &str| self.method_settings.iter().any(|setting| setting.key() == key);
        let gone = live.method_settings.iter().map(MethodSetting::key).filter(|key| !wanted(key));
        all.extend(gone.map(|key| remove(format!("/{key}"))));
        for setting in self.method_settings.iter().filter(|s| !live.method_settings.contains(s)) {
            let at = |what: &str| format!("/{}/{what}", setting.key());
            all.extend([
                replace(at("throttling/rateLimit"), setting.throttling_rate_limit),
                replace(at("throttling/burstLimit"), setting.throttling_burst_limit),
                replace(at("metrics/enabled"), setting.metrics_enabled),
                replace(at("logging/loglevel"), &setting.logging_level),
                replace(at("logging/dataTrace"), setting.data_trace_enabled),
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
