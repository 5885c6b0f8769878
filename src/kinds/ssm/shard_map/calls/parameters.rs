//! Parameters, as far as a map needs them.
use crate::aws::Aws;
use crate::error::{Class, Result, ResultExt};
use crate::kinds::ssm::calls::to_ssm;
use crate::tags::Tags;
use aws_sdk_ssm::types::{ParameterTier, ParameterType};

/// What a standard parameter holds, in bytes; an advanced one, which is paid for, holds twice
/// that. <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html>
const STANDARD: usize = 4096;
/// How many names one deletion takes.
const DELETED_AT_ONCE: usize = 10;

impl Aws {
    /// Names and values of all parameters below a path.
    pub(super) async fn parameters_below(&self, path: &str) -> Result<Vec<(String, String)>> {
        let call = |token| {
            let get = self.ssm.get_parameters_by_path().path(path).recursive(true);
            get.max_results(10).set_next_token(token).send()
        };
        let found = self
            .pages("ssm:GetParametersByPath", call, |page| (page.next_token, page.parameters))
            .await?;
        Ok(found.into_iter().filter_map(|found| Some((found.name?, found.value?))).collect())
    }

    pub(super) async fn parameter(&self, name: &str) -> Result<Option<String>> {
        let call = || self.ssm.get_parameter().name(name).send();
        let found = self.safe("ssm:GetParameter", call).await.found()?;
        Ok(found.and_then(|found| found.parameter?.value))
    }

    /// Writes a parameter unless there is one of that name, and says whether it did. After a lost
    /// answer it may have been this very call that wrote what is there.
    pub(super) async fn new_parameter(&self, name: &str, value: &str, tags: &Tags) -> Result<bool> {
        let tier = match value.len() <= STANDARD {
            true => ParameterTier::Standard,
            false => ParameterTier::Advanced,
        };
        let tags = || Some(to_ssm(tags)).filter(|tags| !tags.is_empty());
        let call = || {
            let put =
                self.ssm.put_parameter().name(name).value(value).r#type(ParameterType::String);
            put.tier(tier.clone()).overwrite(false).set_tags(tags()).send()
        };
        match self.safe("ssm:PutParameter", call).await {
            Ok(_) => Ok(true),
            Err(error) if error.class == Class::Exists => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn overwrite_parameter(&self, name: &str, value: &str) -> Result<()> {
        let call = || {
            let put =
                self.ssm.put_parameter().name(name).value(value).r#type(ParameterType::String);
            put.overwrite(true).send()
        };
        self.safe("ssm:PutParameter", call).await.map(drop)
    }

    /// Those that are not there are gone already.
    pub(super) async fn delete_parameters(&self, names: Vec<String>) -> Result<()> {
        for names in names.chunks(DELETED_AT_ONCE) {
            let call = || self.ssm.delete_parameters().set_names(Some(names.to_vec())).send();
            self.safe("ssm:DeleteParameters", call).await?;
        }
        Ok(())
    }
}
