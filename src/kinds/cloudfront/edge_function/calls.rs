use super::{Config, EdgeFunction, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::cloudfront::calls::{CLOUDFRONT_PAGE, unbuilt};
use crate::kinds::contract::{Calls, Listing};
use crate::names::marked;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_cloudfront::primitives::Blob;
use aws_sdk_cloudfront::types::{FunctionConfig, FunctionStage, FunctionSummary};
use futures::future::try_join_all;

impl Calls for EdgeFunction {
    /// One that was made and never published is there too, without code.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let written = summaries(FunctionStage::Development, aws);
        let (written, live) = futures::try_join!(written, summaries(FunctionStage::Live, aws))?;
        let own = |of: &FunctionSummary| Some(marked(comment(of)?, listing.stack)?.to_string());
        let own = written.iter().filter_map(|of| Some((own(of)?, of)));
        let found = own.map(|(name, of)| {
            let live = live.iter().find(|live| live.name == of.name);
            find(name, of, live, aws)
        });
        try_join_all(found).await
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let config = self.config()?;
        let call = || {
            let call = aws.cloudfront.create_function().name(&self.name);
            call.function_config(config.clone()).function_code(self.code()).send()
        };
        let made = aws.once("cloudfront:CreateFunction", call).await?;
        let arn = made.function_summary.and_then(|made| made.function_metadata);
        Ok(outputs(arn.map(|of| of.function_arn).unwrap_or_default(), &self.name))
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
            let call = aws.cloudfront.update_function().name(&self.name);
            let call = call.function_config(config.clone()).function_code(self.code());
            call.set_if_match(version.clone()).send()
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
        aws.safe("cloudfront:DeleteFunction", call).await.found()?;
        Ok(Progress::Done)
    }
}

async fn summaries(stage: FunctionStage, aws: &Aws) -> Result<Vec<FunctionSummary>> {
    let call = |marker| {
        let call = aws.cloudfront.list_functions().stage(stage.clone());
        call.max_items(CLOUDFRONT_PAGE).set_marker(marker).send()
    };
    aws.pages("cloudfront:ListFunctions", call, |page| {
        page.function_list.map_or((None, None), |list| (list.next_marker, list.items))
    })
    .await
}

fn comment(of: &FunctionSummary) -> Option<&str> {
    of.function_config.as_ref().map(|config| config.comment.as_str())
}

/// The version that a change must name: that of what is being written.
async fn version(name: &str, aws: &Aws) -> Result<Option<String>> {
    let call = || aws.cloudfront.describe_function().name(name).send();
    Ok(aws.safe("cloudfront:DescribeFunction", call).await?.e_tag)
}

async fn find(
    name: String,
    of: &FunctionSummary,
    live: Option<&FunctionSummary>,
    aws: &Aws,
) -> Result<Live<EdgeFunction>> {
    let get = || aws.cloudfront.get_function().name(&of.name).stage(FunctionStage::Live);
    let found = aws.safe("cloudfront:GetFunction", || get().send()).await.found()?;
    let code = found.and_then(|found| found.function_code).map(Blob::into_inner);
    let config = live.and_then(|live| live.function_config.as_ref());
    let arn = of.function_metadata.as_ref().map(|of| of.function_arn.clone());
    Ok(Live {
        id: Id::new(EdgeFunction::INFO.name, &name),
        handle: of.name.clone(),
        component: None,
        spec: EdgeFunction {
            name: of.name.clone(),
            auto_publish: true,
            function_code: String::from_utf8_lossy(&code.unwrap_or_default()).into_owned(),
            function_config: Config {
                comment: config.map(|of| of.comment.clone()).unwrap_or_default(),
                runtime: config.map(|of| of.runtime.as_str().into()).unwrap_or_default(),
            },
        },
        outputs: outputs(arn.unwrap_or_default(), &of.name),
        condition: Condition::Ready,
    })
}

impl EdgeFunction {
    fn config(&self) -> Result<FunctionConfig> {
        let of = &self.function_config;
        let config = FunctionConfig::builder().comment(&of.comment);
        config.runtime(of.runtime.as_str().into()).build().map_err(unbuilt)
    }

    fn code(&self) -> Blob {
        Blob::new(self.function_code.as_bytes())
    }

    /// Only what is live can be put to use.
    async fn publish(&self, version: Option<String>, aws: &Aws) -> Result<()> {
        let publish = || aws.cloudfront.publish_function().name(&self.name);
        let call = || publish().set_if_match(version.clone()).send();
        aws.safe("cloudfront:PublishFunction", call).await.map(drop)
    }
}
