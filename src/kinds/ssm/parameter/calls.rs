use super::{Parameter, is_elsewhere, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ssm::calls::to_ssm;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_ssm::types::{ParameterMetadata, ParameterStringFilter};
use futures::future::try_join_all;
use std::collections::BTreeMap;

impl Calls for Parameter {
    /// One call gives the values, another the rest, and the tags take one each.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let path = format!("/tenfold/{}", listing.stack);
        let (values, metadata) =
            futures::try_join!(values(&path, listing.aws), metadata(&path, listing.aws))?;
        let found = metadata.into_iter().filter_map(|about| {
            let name = about.name.clone()?;
            let value = values.get(&name)?.clone();
            (!is_elsewhere(&name)).then(|| read(about, name, value, listing))
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
        aws.retag_parameter(&self.name, &was.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.ssm.delete_parameter().name(&live.spec.name).send();
        aws.safe("ssm:DeleteParameter", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl Parameter {
    /// Either a new one or a new value: SSM takes no tags with the latter.
    fn put(
        &self,
        aws: &Aws,
    ) -> aws_sdk_ssm::operation::put_parameter::builders::PutParameterFluentBuilder {
        aws.ssm
            .put_parameter()
            .name(&self.name)
            .r#type(self.type_name.as_str().into())
            .value(&self.value)
            .description(&self.description)
            .tier(self.tier.as_str().into())
    }
}

/// Values below a path, by name.
async fn values(path: &str, aws: &Aws) -> Result<BTreeMap<String, String>> {
    let call = |token| {
        let get = aws.ssm.get_parameters_by_path().path(path).recursive(true).max_results(10);
        get.set_next_token(token).send()
    };
    let found = aws
        .pages("ssm:GetParametersByPath", call, |page| (page.next_token, page.parameters))
        .await?;
    Ok(found.into_iter().filter_map(|one| Some((one.name?, one.value?))).collect())
}

/// What is told of the parameters below a path beside their values.
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
    about: ParameterMetadata,
    name: String,
    value: String,
    listing: &Listing<'_>,
) -> Result<Option<Live<Parameter>>> {
    let aws = listing.aws;
    let tags = aws.parameter_tags(&name).await?;
    let Some(owner) = tags::owner::<Parameter>(&tags, listing.stack) else { return Ok(None) };
    let arn = aws.arn("ssm", &format!("parameter{name}"));
    let spec = Parameter {
        name: name.clone(),
        type_name: about.r#type.map_or_else(String::new, |kind| kind.as_str().into()),
        value,
        description: about.description.unwrap_or_default(),
        tier: about.tier.map_or_else(|| "Standard".into(), |tier| tier.as_str().into()),
        tags,
    };
    Ok(Some(Live {
        id: owner.id,
        handle: name.clone(),
        component: owner.component,
        spec,
        outputs: outputs(arn, name),
        condition: Condition::Ready,
    }))
}
