mod deploy;
mod read;

use super::{Endpoint, RestApi};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::apigateway::calls::{replace, to_map};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_apigateway::types::{
    self, ApiKeySourceType, ApiStatus, EndpointType, IpAddressType, PutMode,
};

/// The tag that says which stage is ours, so that it is known of an API whose stage is missing.
const STAGE: &str = "tenfold:stage";

impl Calls for RestApi {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        read::all(listing).await
    }

    /// Empty at first: an import takes no tags.
    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let mut tags = to_map(&self.tags);
        tags.insert(STAGE.into(), self.stage_name.clone());
        let call = || {
            aws.apigateway
                .create_rest_api()
                .name(&self.name)
                .description(&self.description)
                .endpoint_configuration(self.endpoint_configuration.to_sdk())
                .api_key_source(ApiKeySourceType::from(self.api_key_source_type.as_str()))
                .disable_execute_api_endpoint(self.disable_execute_api_endpoint)
                .set_tags(Some(tags.clone()))
                .send()
        };
        let made = aws.once("apigateway:CreateRestApi", call).await?;
        Ok(self.outputs_on(made.id.unwrap_or_default(), aws))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let call = || aws.apigateway.get_rest_api().rest_api_id(&outputs["id"]).send();
        let Some(api) = aws.safe("apigateway:GetRestApi", call).await.found()? else {
            return Ok(Progress::Waiting("not visible yet".into()));
        };
        match api.api_status {
            Some(ApiStatus::Available) | None => Ok(Progress::Done),
            Some(ApiStatus::Failed) => {
                let why = api.api_status_message.unwrap_or_default();
                Err(CloudError::refused(format!("the API failed: {why}")))
            }
            Some(status) => Ok(Progress::Waiting(status.as_str().to_lowercase())),
        }
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        let id = &outputs["id"];
        self.put(id, aws).await?;
        self.deploy(id, aws).await?;
        self.set_stage(id, &read::Stage::default(), aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let (id, was) = (&live.handle, &live.spec);
        if self.document != was.document {
            self.put(id, aws).await?;
            self.deploy(id, aws).await?;
            self.forget_old_deployments(id, aws).await?;
        } else if self.attributes() != was.attributes() {
            self.set_attributes(id, aws).await?;
        }
        self.set_stage(id, &read::Stage::of(was), aws).await?;
        let outputs = self.outputs_on(id.clone(), aws);
        for arn in ["arn", "stage_arn"] {
            aws.retag_api(&outputs[arn], &was.tags, &self.tags).await?;
        }
        Ok(outputs)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.apigateway.delete_rest_api().rest_api_id(&live.handle).send();
        aws.safe("apigateway:DeleteRestApi", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl RestApi {
    fn outputs_on(&self, id: String, aws: &Aws) -> Outputs {
        let arn = aws.api_arn(&format!("/restapis/{id}"));
        self.outputs_of(id, arn, &aws.place.region)
    }

    /// What holds of the API as a whole, beside its document.
    fn attributes(&self) -> [&str; 5] {
        let disabled = if self.disable_execute_api_endpoint { "true" } else { "false" };
        let addresses = &self.endpoint_configuration.ip_address_type;
        [&self.name, &self.description, &self.api_key_source_type, disabled, addresses]
    }

    /// Replaces the document, which resets what holds of the API as a whole.
    async fn put(&self, id: &str, aws: &Aws) -> Result<()> {
        let Some(body) = &self.body else {
            return Err(CloudError::internal(format!("{} has no document", self.name)));
        };
        let text = body.to_string();
        let call = || {
            aws.apigateway
                .put_rest_api()
                .rest_api_id(id)
                .mode(PutMode::Overwrite)
                .body(text.clone().into_bytes().into())
                .send()
        };
        aws.safe("apigateway:PutRestApi", call).await?;
        self.set_attributes(id, aws).await
    }

    async fn set_attributes(&self, id: &str, aws: &Aws) -> Result<()> {
        let paths = [
            "/name",
            "/description",
            "/apiKeySource",
            "/disableExecuteApiEndpoint",
            "/endpointConfiguration/ipAddressType",
        ];
        let patches: Vec<_> =
            paths.iter().zip(self.attributes()).map(|(path, to)| replace(*path, to)).collect();
        let update = || aws.apigateway.update_rest_api().rest_api_id(id);
        let call = || update().set_patch_operations(Some(patches.clone())).send();
        aws.safe("apigateway:UpdateRestApi", call).await.map(drop)
    }
}

impl Endpoint {
    pub fn to_sdk(&self) -> types::EndpointConfiguration {
        let kinds = self.types.iter().map(|kind| EndpointType::from(kind.as_str())).collect();
        types::EndpointConfiguration::builder()
            .set_types(Some(kinds))
            .ip_address_type(IpAddressType::from(self.ip_address_type.as_str()))
            .build()
    }

    pub fn from_sdk(endpoint: Option<&types::EndpointConfiguration>) -> Self {
        let kinds = endpoint.map(|of| of.types()).unwrap_or_default();
        let addresses = endpoint.and_then(|of| of.ip_address_type()).map(IpAddressType::as_str);
        Endpoint {
            types: kinds.iter().map(|kind| kind.as_str().to_string()).collect(),
            ip_address_type: addresses.unwrap_or("ipv4").to_string(),
        }
    }
}
