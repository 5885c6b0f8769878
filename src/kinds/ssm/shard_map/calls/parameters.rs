//! The Parameter Store calls of a map.
use crate::aws::Aws;
use crate::error::{Class, Result, ResultExt};
use crate::kinds::ssm::calls::to_ssm;
use crate::tags::Tags;
use aws_sdk_ssm::types::{ParameterTier, ParameterType};

/// The maximum size of a standard parameter's value, in bytes. An advanced parameter, which AWS
/// charges for, can store twice as much,
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html>.
const MAX_STANDARD_BYTES: usize = 4096;
/// The most names that one ssm:DeleteParameters call takes.
const NAMES_PER_DELETE: usize = 10;

impl Aws {
    /// The value of a parameter. `None` if it does not exist.
    pub(super) async fn parameter(&self, name: &str) -> Result<Option<String>> {
        let call = || self.ssm.get_parameter().name(name).send();
        let found = self.safe("ssm:GetParameter", call).await.found()?;
        Ok(found.and_then(|found| found.parameter?.value))
    }

    /// Creates a parameter unless one of that name exists. Returns whether it did. `false` after a
    /// lost response can also mean that this call created it.
    pub(super) async fn create_parameter(
        &self,
        name: &str,
        value: &str,
        tags: &Tags,
    ) -> Result<bool> {
        let tier = match value.len() <= MAX_STANDARD_BYTES {
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

    /// Replaces the value of an existing parameter.
    pub(super) async fn overwrite_parameter(&self, name: &str, value: &str) -> Result<()> {
        let call = || {
            let put =
                self.ssm.put_parameter().name(name).value(value).r#type(ParameterType::String);
            put.overwrite(true).send()
        };
        self.safe("ssm:PutParameter", call).await.map(drop)
    }

    /// Deletes parameters. AWS ignores names that do not exist.
    pub(super) async fn delete_parameters(&self, names: Vec<String>) -> Result<()> {
        for names in names.chunks(NAMES_PER_DELETE) {
            let call = || self.ssm.delete_parameters().set_names(Some(names.to_vec())).send();
            self.safe("ssm:DeleteParameters", call).await?;
        }
        Ok(())
    }
}
