use super::{Parameter, is_shard_map, outputs};
use crate::aws::Aws;
use crate::error::Result;
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ssm::calls::to_ssm;
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_ssm::operation::put_parameter::builders::PutParameterFluentBuilder;
use aws_sdk_ssm::types::{ParameterMetadata, ParameterStringFilter};
use futures::future::{try_join, try_join_all};
use std::collections::BTreeMap;

impl Calls for Parameter {
    /// One listing returns the values, a second one the other properties. Tags take one call for
    /// each parameter.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let path = format!("/tenfold/{}", listing.stack);
        let (values, metadata) =
            try_join(aws.parameters_below(&path), metadata(&path, aws)).await?;
        let mut values: BTreeMap<String, String> = values.into_iter().collect();
        let found = metadata.into_iter().filter_map(|metadata| {
            let name = metadata.name.clone().filter(|name| !is_shard_map(name))?;
            let value = values.remove(&name)?;
            Some(read(metadata, name, value, listing))
        });
        Ok(try_join_all(found).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let tags = || Some(to_ssm(&self.tags));
        let call = || self.put(aws).overwrite(false).set_tags(tags()).send();
        aws.once("ssm:PutParameter", call).await?;
        Ok(outputs(aws.arn("ssm", &format!("parameter{}", self.name)), self.name.clone()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let was = &live.spec;
        if (&self.value, &self.description, &self.tier) != (&was.value, &was.description, &was.tier)
        {
            let call = || self.put(aws).overwrite(true).send();
            aws.safe("ssm:PutParameter", call).await?;
        }
        aws.retag_ssm(&self.name, &was.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.ssm.delete_parameter().name(&live.spec.name).send();
        aws.delete("ssm:DeleteParameter", call).await
    }
}

impl Parameter {
    /// The call for a new parameter and for a new value. SSM accepts tags only with a new
    /// parameter, so they are not part of it.
    fn put(&self, aws: &Aws) -> PutParameterFluentBuilder {
        aws.ssm
            .put_parameter()
            .name(&self.name)
            .r#type(self.type_name.as_str().into())
            .value(&self.value)
            .description(&self.description)
            .tier(self.tier.as_str().into())
    }
}

/// The properties of the parameters below a path, except their values.
async fn metadata(path: &str, aws: &Aws) -> Result<Vec<ParameterMetadata>> {
    let below = ParameterStringFilter::builder().key("Path").option("Recursive").values(path);
    let Ok(below) = below.build() else { return Ok(Vec::new()) };
    let call = |token| {
        let describe = aws.ssm.describe_parameters().parameter_filters(below.clone());
        describe.max_results(50).set_next_token(token).send()
    };
    aws.pages("ssm:DescribeParameters", call, |page| (page.next_token, page.parameters)).await
}

async fn read(
    metadata: ParameterMetadata,
    name: String,
    value: String,
    listing: &Listing<'_>,
) -> Result<Option<Live<Parameter>>> {
    let Some(tags) = listing.aws.ssm_tags(&name).await? else { return Ok(None) };
    let Some(owner) = listing.owner::<Parameter>(Some(&name), &tags) else { return Ok(None) };
    let arn = listing.aws.arn("ssm", &format!("parameter{name}"));
    let spec = Parameter {
        name: name.clone(),
        type_name: metadata.r#type.map_or_else(String::new, |kind| kind.as_str().into()),
        value,
        description: metadata.description.unwrap_or_default(),
        tier: metadata.tier.map_or_else(|| "Standard".into(), |tier| tier.as_str().into()),
        tags,
    };
    Ok(Some(owner.live(name.clone(), spec, outputs(arn, name))))
}
