use super::{Config, EdgeFunction, outputs};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::{Result, ResultExt};
use crate::kinds::cloudfront::calls::{CLOUDFRONT_PAGE, owner_by_comment, unbuilt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_cloudfront::primitives::Blob;
use aws_sdk_cloudfront::types::{FunctionConfig, FunctionStage, FunctionSummary};
use futures::future::try_join_all;

impl Calls for EdgeFunction {
    /// Includes a function that was created but never published; its code is empty.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let drafts = summaries(FunctionStage::Development, aws);
        let published = summaries(FunctionStage::Live, aws);
        let (drafts, published) = futures::try_join!(drafts, published)?;
        let own = drafts.iter().filter_map(|draft| Some((owner(draft, listing)?, draft)));
        let found = own.map(|(owner, draft)| {
            let published = published.iter().find(|published| published.name == draft.name);
            read(owner, draft, published, aws)
        });
        try_join_all(found).await
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let config = self.config()?;
        let call = || {
            let create = aws.cloudfront.create_function().name(&self.name);
            create.function_config(config.clone()).function_code(self.code()).send()
        };
        let created = aws.once("cloudfront:CreateFunction", call).await?.function_summary;
        let metadata = created.and_then(|summary| summary.function_metadata);
        let arn = metadata.map(|metadata| metadata.function_arn).unwrap_or_default();
        Ok(outputs(arn, &self.name))
    }

    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        let version = version(&self.name, aws).await?;
        self.publish(version, aws).await?;
        Ok(outputs.clone())
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let version = version(&self.name, aws).await?;
        let config = self.config()?;
        let call = || {
            let update = aws.cloudfront.update_function().name(&self.name);
            let update = update.function_config(config.clone()).function_code(self.code());
            update.set_if_match(version.clone()).send()
        };
        let updated = aws.safe("cloudfront:UpdateFunction", call).await?;
        self.publish(updated.e_tag, aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.name;
        let Some(version) = version(name, aws).await.found()? else { return Ok(Progress::Done) };
        let delete = || aws.cloudfront.delete_function().name(name);
        let call = || delete().set_if_match(version.clone()).send();
        aws.delete("cloudfront:DeleteFunction", call).await
    }
}

async fn summaries(stage: FunctionStage, aws: &Aws) -> Result<Vec<FunctionSummary>> {
    let call = |marker| {
        let list = aws.cloudfront.list_functions().stage(stage.clone());
        list.max_items(CLOUDFRONT_PAGE).set_marker(marker).send()
    };
    aws.pages("cloudfront:ListFunctions", call, |page| {
        page.function_list.map_or((None, None), |list| (list.next_marker, list.items))
    })
    .await
}

/// The owner of a function, if it is the stack's. A name with the stack's prefix and without its
/// marker is recorded as foreign. CloudFront's function names are case-sensitive.
fn owner(draft: &FunctionSummary, listing: &Listing<'_>) -> Option<Owner> {
    let comment = draft.function_config.as_ref().map(|config| config.comment.as_str());
    let owner = owner_by_comment::<EdgeFunction>(comment.unwrap_or_default(), listing.stack);
    if owner.is_none() && draft.name.starts_with(&listing.prefix()) {
        listing.foreign::<EdgeFunction>(Some(&draft.name));
    }
    owner
}

/// The ETag of the function's development stage, which UpdateFunction, PublishFunction and
/// DeleteFunction require.
async fn version(name: &str, aws: &Aws) -> Result<Option<String>> {
    let call = || aws.cloudfront.describe_function().name(name).send();
    Ok(aws.safe("cloudfront:DescribeFunction", call).await?.e_tag)
}

/// The function with the code and configuration of its live stage, which are empty if it was never
/// published.
async fn read(
    owner: Owner,
    draft: &FunctionSummary,
    published: Option<&FunctionSummary>,
    aws: &Aws,
) -> Result<Live<EdgeFunction>> {
    let name = &draft.name;
    let get = || aws.cloudfront.get_function().name(name).stage(FunctionStage::Live);
    let found = aws.safe("cloudfront:GetFunction", || get().send()).await.found()?;
    let code = found.and_then(|found| found.function_code).map(Blob::into_inner);
    let config = published.and_then(|summary| summary.function_config.as_ref());
    let spec = EdgeFunction {
        name: name.clone(),
        auto_publish: true,
        function_code: String::from_utf8_lossy(&code.unwrap_or_default()).into_owned(),
        function_config: Config {
            comment: config.map(|config| config.comment.clone()).unwrap_or_default(),
            runtime: config.map(|config| config.runtime.as_str().into()).unwrap_or_default(),
        },
    };
    let metadata = draft.function_metadata.as_ref();
    let arn = metadata.map(|metadata| metadata.function_arn.clone()).unwrap_or_default();
    Ok(owner.live(name, spec, outputs(arn, name)))
}

impl EdgeFunction {
    fn config(&self) -> Result<FunctionConfig> {
        let spec = &self.function_config;
        let config = FunctionConfig::builder().comment(&spec.comment);
        config.runtime(spec.runtime.as_str().into()).build().map_err(unbuilt)
    }

    fn code(&self) -> Blob {
        Blob::new(self.function_code.as_bytes())
    }

    /// Copies the development stage to the live stage: distributions can only use a live function.
    async fn publish(&self, version: Option<String>, aws: &Aws) -> Result<()> {
        let publish = || aws.cloudfront.publish_function().name(&self.name);
        let call = || publish().set_if_match(version.clone()).send();
        aws.safe("cloudfront:PublishFunction", call).await.map(drop)
    }
}
