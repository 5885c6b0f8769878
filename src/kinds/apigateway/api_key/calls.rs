use super::{ApiKey, SHOW, outputs};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::apigateway::calls::{from_map, replace, to_map};
use crate::kinds::contract::{Calls, Listing};
use crate::reference::{secret, secret_arn};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::tags::{SECRET, Tags};
use aws_sdk_apigateway::types;
use serde_json::{Value, json};

const PAGE: i32 = 500;

impl Calls for ApiKey {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let prefix = format!("{}-", listing.stack);
        let call = |at| {
            let get = aws.apigateway.get_api_keys().name_query(&prefix);
            get.limit(PAGE).set_position(at).send()
        };
        let found =
            aws.pages("apigateway:GetApiKeys", call, |page| (page.position, page.items)).await?;
        Ok(found.into_iter().filter_map(|key| read(key, listing.stack)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let Some(arn) = secret_arn(&self.value) else {
            return Err(CloudError::refused("the value of an API key is kept in a secret"));
        };
        let value = aws.secret_value(arn).await?;
        let mut tags = to_map(&self.tags);
        tags.insert(SECRET.into(), arn.into());
        let call = || {
            aws.apigateway
                .create_api_key()
                .name(&self.name)
                .description(&self.description)
                .enabled(self.enabled)
                .value(&value)
                .set_tags(Some(tags.clone()))
                .send()
        };
        let made = aws.once("apigateway:CreateApiKey", call).await?;
        Ok(outputs(made.id.unwrap_or_default(), self.name.clone()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let mut patches = Vec::new();
        if self.name != live.spec.name {
            patches.push(replace("/name", &self.name));
        }
        if self.description != live.spec.description {
            patches.push(replace("/description", &self.description));
        }
        if self.enabled != live.spec.enabled {
            patches.push(replace("/enabled", self.enabled));
        }
        if !patches.is_empty() {
            let update = || aws.apigateway.update_api_key().api_key(&live.handle);
            let call = || update().set_patch_operations(Some(patches.clone())).send();
            aws.safe("apigateway:UpdateApiKey", call).await?;
        }
        let arn = aws.api_arn(&format!("/apikeys/{}", live.handle));
        aws.retag_api(&arn, &live.spec.tags, &self.tags).await?;
        Ok(outputs(live.handle.clone(), self.name.clone()))
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.apigateway.delete_api_key().api_key(&live.handle).send();
        aws.safe("apigateway:DeleteApiKey", call).await.found()?;
        Ok(Progress::Done)
    }

    async fn act(live: &Live<Self>, action: &str, _arguments: &Value, aws: &Aws) -> Result<Value> {
        if action != SHOW {
            return Err(CloudError::internal(format!("{} knows no {action}", live.id)));
        }
        let call = || aws.apigateway.get_api_key().api_key(&live.handle).include_value(true).send();
        let found = aws.safe("apigateway:GetApiKey", call).await?;
        Ok(json!(found.value.unwrap_or_default()))
    }
}

fn read(key: types::ApiKey, stack: &str) -> Option<Live<ApiKey>> {
    let mut tags: Tags = from_map(key.tags());
    let owner = tags::owner::<ApiKey>(&tags, stack)?;
    let value = tags.get(SECRET).map(secret).unwrap_or_default();
    tags.remove(SECRET);
    let handle = key.id.clone()?;
    let spec = ApiKey {
        name: key.name().unwrap_or_default().into(),
        description: key.description().unwrap_or_default().into(),
        enabled: key.enabled(),
        value,
        tags,
    };
    let outputs = outputs(handle.clone(), spec.name.clone());
    let (id, component, condition) = (owner.id, owner.component, Condition::Ready);
    Some(Live { id, handle, component, spec, outputs, condition })
}
