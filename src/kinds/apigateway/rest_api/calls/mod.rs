mod deploy;
mod read;

use super::{Endpoint, RestApi};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::apigateway::calls::{replace, to_apigateway};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_apigateway::types::{
    self, ApiKeySourceType, ApiStatus, EndpointType, IpAddressType, PutMode,
};

/// The tag that names the stage, so that the name is known even if the stage is missing.
const STAGE: &str = "tenfold:stage";

impl Calls for RestApi {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        read::all(listing).await
    }

    /// Creates an empty API, because an import does not accept tags. `finish` adds the document.
    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let mut tags = to_apigateway(&self.tags);
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
        let created = aws.once("apigateway:CreateRestApi", call).await?;
        Ok(self.outputs_on(created.id.unwrap_or_default(), aws))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let id = &outputs["id"];
        let call = || aws.apigateway.get_rest_api().rest_api_id(id).send();
        let Some(api) = aws.safe("apigateway:GetRestApi", call).await.found()? else {
            return Ok(Progress::not_visible());
        };
        match api.api_status {
            Some(ApiStatus::Available) | None => Ok(Progress::Done),
            Some(ApiStatus::Failed) => {
                let why = api.api_status_message.unwrap_or_default();
                Err(CloudError::refused(format!("the REST API {id} failed: {why}")))
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
            self.delete_old_deployments(id, aws).await?;
        } else if self.attributes() != was.attributes() {
            self.set_attributes(id, aws).await?;
        }
        self.set_stage(id, &read::Stage::of(was), aws).await?;
        let outputs = self.outputs_on(id.clone(), aws);
        for arn in ["arn", "stage_arn"] {
            aws.retag_apigateway(&outputs[arn], &was.tags, &self.tags).await?;
        }
        Ok(outputs)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.apigateway.delete_rest_api().rest_api_id(&live.handle).send();
        aws.delete("apigateway:DeleteRestApi", call).await
    }
}

impl RestApi {
    /// The outputs in the stack's region and partition.
    fn outputs_on(&self, id: String, aws: &Aws) -> Outputs {
        let arn = aws.apigateway_arn(&format!("/restapis/{id}"));
        self.outputs_of(id, arn, &aws.place.region)
    }

    /// The properties of the API as a whole, apart from its document. The order is that of the
    /// paths in [`RestApi::set_attributes`].
    fn attributes(&self) -> [&str; 5] {
        let disabled = if self.disable_execute_api_endpoint { "true" } else { "false" };
        let addresses = &self.endpoint_configuration.ip_address_type;
        [&self.name, &self.description, &self.api_key_source_type, disabled, addresses]
    }

    /// Replaces the document. The import resets the attributes, so they are set again.
    async fn put(&self, id: &str, aws: &Aws) -> Result<()> {
        let Some(body) = &self.body else {
            return Err(CloudError::internal(format!(
                "the spec of the REST API {} has no Body",
                self.name
            )));
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
        let names = self.types.iter();
        let endpoint_types = names.map(|name| EndpointType::from(name.as_str())).collect();
        types::EndpointConfiguration::builder()
            .set_types(Some(endpoint_types))
            .ip_address_type(IpAddressType::from(self.ip_address_type.as_str()))
            .build()
    }

    pub fn from_sdk(endpoint: Option<&types::EndpointConfiguration>) -> Self {
        let endpoint_types = endpoint.map(|live| live.types()).unwrap_or_default();
        let addresses = endpoint.and_then(|live| live.ip_address_type());
        Endpoint {
            types: endpoint_types.iter().map(|name| name.as_str().to_string()).collect(),
            ip_address_type: addresses.map_or("ipv4", IpAddressType::as_str).to_string(),
        }
    }
}
