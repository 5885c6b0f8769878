use super::{ApiStage, Quota, Throttle, UsagePlan, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::apigateway::calls::{
    PAGE, add, from_apigateway, remove, remove_item, replace, to_apigateway,
};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_apigateway::types::{self, PatchOperation, QuotaPeriodType};

impl Calls for UsagePlan {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call =
            |position| aws.apigateway.get_usage_plans().limit(PAGE).set_position(position).send();
        let found =
            aws.pages("apigateway:GetUsagePlans", call, |page| (page.position, page.items)).await?;
        Ok(found.into_iter().filter_map(|plan| read(plan, listing)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let stages = || self.api_stages.iter().map(to_stage).collect();
        let call = || {
            aws.apigateway
                .create_usage_plan()
                .name(&self.usage_plan_name)
                .description(&self.description)
                .set_api_stages(Some(stages()))
                .set_throttle(self.throttle.as_ref().map(to_throttle))
                .set_quota(self.quota.as_ref().map(to_quota))
                .set_tags(Some(to_apigateway(&self.tags)))
                .send()
        };
        let created = aws.once("apigateway:CreateUsagePlan", call).await?;
        Ok(outputs(created.id.unwrap_or_default(), self.usage_plan_name.clone()))
    }

    /// Makes all changes in one call: AWS allows one UpdateUsagePlan per 20 seconds.
    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let patches = self.patches(&live.spec);
        if !patches.is_empty() {
            patch(&live.handle, &patches, aws).await?;
        }
        let arn = aws.apigateway_arn(&format!("/usageplans/{}", live.handle));
        aws.retag_apigateway(&arn, &live.spec.tags, &self.tags).await?;
        Ok(outputs(live.handle.clone(), self.usage_plan_name.clone()))
    }

    /// Removes the stages first: AWS does not delete a usage plan that has stages.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let stages = live.spec.api_stages.iter();
        let patches: Vec<_> = stages.map(|stage| remove_item("/apiStages", stage.name())).collect();
        if !patches.is_empty() {
            patch(&live.handle, &patches, aws).await.found()?;
        }
        let call = || aws.apigateway.delete_usage_plan().usage_plan_id(&live.handle).send();
        aws.delete("apigateway:DeleteUsagePlan", call).await
    }
}

async fn patch(id: &str, patches: &[PatchOperation], aws: &Aws) -> Result<()> {
    let update = || aws.apigateway.update_usage_plan().usage_plan_id(id);
    let call = || update().set_patch_operations(Some(patches.to_vec())).send();
    aws.safe("apigateway:UpdateUsagePlan", call).await.map(drop)
}

impl UsagePlan {
    /// The patch operations that bring a usage plan from `was` to this spec,
    /// <https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html>.
    fn patches(&self, was: &UsagePlan) -> Vec<PatchOperation> {
        let mut all = Vec::new();
        if self.usage_plan_name != was.usage_plan_name {
            all.push(replace("/name", &self.usage_plan_name));
        }
        if self.description != was.description {
            all.push(replace("/description", &self.description));
        }
        if self.throttle != was.throttle {
            all.extend(match &self.throttle {
                Some(throttle) => limits("/throttle", throttle),
                None => vec![remove("/throttle")],
            });
        }
        if self.quota != was.quota {
            all.extend(match &self.quota {
                Some(quota) => vec![
                    replace("/quota/limit", quota.limit),
                    replace("/quota/offset", quota.offset),
                    replace("/quota/period", &quota.period),
                ],
                None => vec![remove("/quota")],
            });
        }
        // A stage is removed and added again with its limits, because the limits of a method cannot
        // be removed.
        for stage in was.api_stages.iter().filter(|stage| !self.api_stages.contains(stage)) {
            all.push(remove_item("/apiStages", stage.name()));
        }
        for stage in self.api_stages.iter().filter(|stage| !was.api_stages.contains(stage)) {
            all.push(add("/apiStages", stage.name()));
            for (method, throttle) in &stage.throttle {
                let path = format!("/apiStages/{}/throttle/{method}", stage.name());
                all.extend(limits(&path, throttle));
            }
        }
        all
    }
}

fn limits(path: &str, throttle: &Throttle) -> Vec<PatchOperation> {
    vec![
        replace(format!("{path}/rateLimit"), throttle.rate_limit),
        replace(format!("{path}/burstLimit"), throttle.burst_limit),
    ]
}

fn to_throttle(throttle: &Throttle) -> types::ThrottleSettings {
    types::ThrottleSettings::builder()
        .rate_limit(throttle.rate_limit)
        .burst_limit(throttle.burst_limit)
        .build()
}

fn to_quota(quota: &Quota) -> types::QuotaSettings {
    types::QuotaSettings::builder()
        .limit(quota.limit)
        .offset(quota.offset)
        .period(QuotaPeriodType::from(quota.period.as_str()))
        .build()
}

fn to_stage(stage: &ApiStage) -> types::ApiStage {
    let limits = stage.throttle.iter();
    let limits = limits.map(|(method, throttle)| (method.clone(), to_throttle(throttle)));
    types::ApiStage::builder()
        .api_id(&stage.api_id)
        .stage(&stage.stage)
        .set_throttle(Some(limits.collect()).filter(|_| !stage.throttle.is_empty()))
        .build()
}

fn from_throttle(throttle: &types::ThrottleSettings) -> Throttle {
    Throttle { rate_limit: throttle.rate_limit(), burst_limit: throttle.burst_limit() }
}

fn read(plan: types::UsagePlan, listing: &Listing<'_>) -> Option<Live<UsagePlan>> {
    let tags = from_apigateway(plan.tags());
    let owner = listing.owner::<UsagePlan>(None, &tags)?;
    let handle = plan.id.clone()?;
    let stage = |stage: &types::ApiStage| ApiStage {
        api_id: stage.api_id().unwrap_or_default().into(),
        stage: stage.stage().unwrap_or_default().into(),
        throttle: stage
            .throttle()
            .into_iter()
            .flatten()
            .map(|(method, limits)| (method.clone(), from_throttle(limits)))
            .collect(),
    };
    let quota = |quota: &types::QuotaSettings| Quota {
        limit: quota.limit(),
        offset: quota.offset(),
        period: quota.period().map(|period| period.as_str().into()).unwrap_or_default(),
    };
    let spec = UsagePlan {
        usage_plan_name: plan.name().unwrap_or_default().into(),
        description: plan.description().unwrap_or_default().into(),
        api_stages: plan.api_stages().iter().map(stage).collect(),
        throttle: plan.throttle().map(from_throttle),
        quota: plan.quota().map(quota),
        tags,
    };
    let outputs = outputs(handle.clone(), spec.usage_plan_name.clone());
    Some(owner.live(handle, spec, outputs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn updates_a_usage_plan_in_one_call() {
        let limit = |rate_limit| Throttle { rate_limit, burst_limit: 2 };
        let stage = |limits: &[(&str, f64)]| ApiStage {
            api_id: "a1".into(),
            stage: "live".into(),
            throttle: limits
                .iter()
                .map(|(method, rate)| (method.to_string(), limit(*rate)))
                .collect(),
        };
        let was = UsagePlan {
            usage_plan_name: "free".into(),
            description: String::new(),
            api_stages: vec![stage(&[])],
            throttle: Some(limit(5.0)),
            quota: Some(Quota { limit: 9, offset: 0, period: "DAY".into() }),
            tags: Default::default(),
        };
        let wanted = UsagePlan {
            api_stages: vec![stage(&[("/v1/orders/POST", 0.5)])],
            quota: None,
            ..was.clone()
        };
        let patches = wanted.patches(&was);
        let sent: Vec<(&str, Option<&str>)> =
            patches.iter().map(|patch| (patch.path().unwrap_or_default(), patch.value())).collect();
        let expected = [
            ("/quota", None),
            ("/apiStages", Some("a1:live")),
            ("/apiStages", Some("a1:live")),
            ("/apiStages/a1:live/throttle//v1/orders/POST/rateLimit", Some("0.5")),
            ("/apiStages/a1:live/throttle//v1/orders/POST/burstLimit", Some("2")),
        ];
        assert_eq!(sent, expected);
        assert!(was.patches(&was).is_empty());
    }
}
