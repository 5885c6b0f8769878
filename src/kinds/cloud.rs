//! AWS as a [`Cloud`]: dispatches each call to the kind.
use super::contract::{DynKind, Listing};
use crate::aws::Aws;
use crate::cloud::{Cloud, StackSummary};
use crate::error::{CloudError, Result, ResultExt};
use crate::facts::{Facts, Query};
use crate::kinds::KINDS;
use crate::resource::{Id, Live, Outputs, Place, Progress, Survey};
use crate::spec::Quota;
use crate::tags::{self, STACK};
use aws_sdk_resourcegroupstagging::operation::get_tag_values::GetTagValuesOutput;
use futures::future::try_join_all;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// One account and region of AWS, or an emulator of it.
pub struct AwsCloud {
    aws: Aws,
    /// The factor by which pauses between two reads are shorter than on AWS.
    speed_up: f64,
}

impl AwsCloud {
    pub fn new(aws: Aws) -> Self {
        let speed_up = if aws.place.target == "aws" { 1.0 } else { 20.0 };
        AwsCloud { aws, speed_up }
    }
}

fn known(id: &Id) -> Result<&'static dyn DynKind> {
    let unknown = || CloudError::internal(format!("there is no kind {}", id.kind));
    KINDS.iter().find(|kind| kind.info().name == id.kind).copied().ok_or_else(unknown)
}

#[async_trait::async_trait]
impl Cloud for AwsCloud {
    fn place(&self) -> &Place {
        &self.aws.place
    }

    async fn facts(&self, query: &Query) -> Result<Facts> {
        self.aws.facts(query).await
    }

    async fn survey(&self, stack: &str) -> Result<Survey> {
        let listing = Listing::new(&self.aws, stack);
        let found = try_join_all(KINDS.iter().map(|kind| kind.list(&listing))).await?;
        let resources = found.into_iter().flatten().collect();
        Ok(Survey { resources, others: listing.all_foreign() })
    }

    async fn quota(&self, quota: &Quota) -> Result<u32> {
        let (service, code) = (quota.service, quota.code);
        let call =
            || self.aws.quotas.get_service_quota().service_code(service).quota_code(code).send();
        let found = self.aws.safe("servicequotas:GetServiceQuota", call).await.found()?;
        let value = found.and_then(|found| found.quota?.value);
        // Quotas are whole numbers that AWS returns as floating point.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Ok(value.map_or(quota.default, |value| value as u32))
    }

    async fn list(&self, stack: &str, name: &str) -> Result<Vec<Live>> {
        let kind = known(&Id::new(name, ""))?;
        kind.list(&Listing::new(&self.aws, stack)).await
    }

    async fn stacks(&self) -> Result<Vec<StackSummary>> {
        let call = |token| {
            let call = self.aws.tagging.get_tag_values().key(STACK);
            call.set_pagination_token(token).send()
        };
        let read = |page: GetTagValuesOutput| (page.pagination_token, page.tag_values);
        let names = self.aws.pages("tagging:GetTagValues", call, read).await?;
        let mut stacks = Vec::new();
        for name in BTreeSet::from_iter(names) {
            let found = self.survey(&name).await?.resources;
            let region = &self.aws.place.region;
            let here = |live: &&Live| tags::elsewhere(&live.spec, region).is_none();
            let resources = found.iter().filter(here).count();
            if resources > 0 {
                stacks.push(StackSummary { name, resources });
            }
        }
        Ok(stacks)
    }

    async fn create(&self, _stack: &str, id: &Id, spec: &Value) -> Result<Outputs> {
        known(id)?.create(spec, id, &self.aws).await
    }

    async fn ready(&self, id: &Id, outputs: &Outputs) -> Result<Progress> {
        known(id)?.ready(outputs, &self.aws).await
    }

    async fn finish(&self, id: &Id, spec: &Value, outputs: &Outputs) -> Result<Outputs> {
        known(id)?.finish(spec, outputs, &self.aws).await
    }

    async fn update(&self, spec: &Value, live: &Live) -> Result<Outputs> {
        known(&live.id)?.update(spec, live, &self.aws).await
    }

    async fn advance(&self, id: &Id, spec: &Value, outputs: &Outputs) -> Result<Option<Outputs>> {
        known(id)?.advance(spec, outputs, &self.aws).await
    }

    async fn delete(&self, live: &Live) -> Result<Progress> {
        known(&live.id)?.delete(live, &self.aws).await
    }

    async fn act(&self, live: &Live, action: &str, arguments: &Value) -> Result<Value> {
        known(&live.id)?.act(live, action, arguments, &self.aws).await
    }

    async fn pause(&self, seconds: f64) {
        tokio::time::sleep(Duration::from_secs_f64(seconds / self.speed_up)).await;
    }

    fn calls(&self) -> BTreeMap<String, u64> {
        self.aws.calls_made()
    }
}
