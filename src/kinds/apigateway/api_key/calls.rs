use super::{ApiKey, SHOW, outputs};
use crate::aws::Aws;
use crate::error::{CloudError, Result};
use crate::kinds::apigateway::calls::{PAGE, from_apigateway, replace, to_apigateway};
use crate::kinds::contract::{Calls, Listing};
use crate::reference::{secret, secret_arn};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::tags::SECRET;
use aws_sdk_apigateway::types;
use serde_json::{Value, json};

impl Calls for ApiKey {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |position| {
            let get = aws.apigateway.get_api_keys().name_query(listing.prefix());
            get.limit(PAGE).set_position(position).send()
        };
        let found =
            aws.pages("apigateway:GetApiKeys", call, |page| (page.position, page.items)).await?;
        Ok(found.into_iter().filter_map(|key| read(key, listing)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let Some(arn) = secret_arn(&self.value) else {
            let message = format!("the value of the API key {} must refer to a secret", self.name);
            return Err(CloudError::refused(message));
        };
        let value = aws.secret_value(arn).await?;
        let mut tags = to_apigateway(&self.tags);
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
        let created = aws.once("apigateway:CreateApiKey", call).await?;
        Ok(outputs(created.id.unwrap_or_default(), self.name.clone()))
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
        let arn = aws.apigateway_arn(&format!("/apikeys/{}", live.handle));
        aws.retag_apigateway(&arn, &live.spec.tags, &self.tags).await?;
        Ok(outputs(live.handle.clone(), self.name.clone()))
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.apigateway.delete_api_key().api_key(&live.handle).send();
        aws.delete("apigateway:DeleteApiKey", call).await
    }

    async fn act(live: &Live<Self>, action: &str, _arguments: &Value, aws: &Aws) -> Result<Value> {
        if action != SHOW {
            return Err(CloudError::internal(format!("{} has no action {action}", live.id)));
        }
        let call = || aws.apigateway.get_api_key().api_key(&live.handle).include_value(true).send();
        let found = aws.safe("apigateway:GetApiKey", call).await?;
        Ok(json!(found.value.unwrap_or_default()))
    }
}

fn read(key: types::ApiKey, listing: &Listing<'_>) -> Option<Live<ApiKey>> {
    let mut tags = from_apigateway(key.tags());
    let owner = listing.owner::<ApiKey>(None, &tags)?;
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
    Some(owner.live(handle, spec, outputs))
}
