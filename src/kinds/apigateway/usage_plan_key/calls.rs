use super::{UsagePlanKey, outputs};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::{Class, Result, ResultExt};
use crate::kinds::apigateway::api_key::ApiKey;
use crate::kinds::apigateway::usage_plan::UsagePlan;
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::spec::Spec;
use futures::future::try_join_all;

impl Calls for UsagePlanKey {
    /// A usage plan key has no tags: it is the stack's if both its API key and its usage plan are.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let (keys, plans) = futures::try_join!(listing.of::<ApiKey>(), listing.of::<UsagePlan>())?;
        let found = keys.iter().map(|key| of_key(key, &plans, listing.aws));
        Ok(try_join_all(found).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let call = || {
            aws.apigateway
                .create_usage_plan_key()
                .usage_plan_id(&self.usage_plan_id)
                .key_id(&self.key_id)
                .key_type(&self.key_type)
                .send()
        };
        match aws.safe("apigateway:CreateUsagePlanKey", call).await {
            // This error means that the key is in this plan already, or in another plan.
            Err(error) if error.class == Class::Exists && !self.exists(aws).await? => Err(error),
            Err(error) if error.class != Class::Exists => Err(error),
            _ => Ok(outputs(&self.key_id, &self.usage_plan_id)),
        }
    }

    /// All properties are create-only.
    async fn update(&self, live: &Live<Self>, _aws: &Aws) -> Result<Outputs> {
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let UsagePlanKey { usage_plan_id, key_id, .. } = &live.spec;
        let delete = || aws.apigateway.delete_usage_plan_key().usage_plan_id(usage_plan_id);
        let call = || delete().key_id(key_id).send();
        aws.delete("apigateway:DeleteUsagePlanKey", call).await
    }
}

impl UsagePlanKey {
    async fn exists(&self, aws: &Aws) -> Result<bool> {
        let get = || aws.apigateway.get_usage_plan_key().usage_plan_id(&self.usage_plan_id);
        let call = || get().key_id(&self.key_id).send();
        Ok(aws.safe("apigateway:GetUsagePlanKey", call).await.found()?.is_some())
    }
}

/// The memberships of an API key in usage plans of the stack.
async fn of_key(
    key: &Live<ApiKey>,
    plans: &[Live<UsagePlan>],
    aws: &Aws,
) -> Result<Vec<Live<UsagePlanKey>>> {
    let call = |position| {
        aws.apigateway.get_usage_plans().key_id(&key.handle).set_position(position).send()
    };
    let found =
        aws.pages("apigateway:GetUsagePlans", call, |page| (page.position, page.items)).await?;
    let ids = found.into_iter().filter_map(|plan| plan.id);
    let own = ids.filter(|id| plans.iter().any(|plan| plan.handle == *id));
    let live = |usage_plan_id: String| {
        let id = Id::new(UsagePlanKey::INFO.name, &key.id.name);
        let owner = Owner { id, component: key.component.clone() };
        let outputs = outputs(&key.handle, &usage_plan_id);
        let (key_id, key_type) = (key.handle.clone(), "API_KEY".to_string());
        let spec = UsagePlanKey { key_id, key_type, usage_plan_id };
        owner.live(outputs["id"].clone(), spec, outputs)
    };
    Ok(own.map(live).collect())
}
