//! Secrets in specs: a spec says where one is kept, and the value is fetched within the call that
//! needs it. The notation is CloudFormation's,
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html>.
use super::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::reference::{ANOTHER_VALUE, secret, secret_arn};

impl Aws {
    /// A property as AWS takes it: the secret's value where it names a secret, itself otherwise.
    ///
    /// # Errors
    /// The secret is not there, or holds no text.
    pub async fn reveal(&self, property: &str) -> Result<String> {
        match secret_arn(property) {
            Some(arn) => self.secret_value(arn).await,
            None => Ok(property.to_string()),
        }
    }

    /// What stands in a spec for a live value that must not be shown: its secret where it is what
    /// that holds now, else that it is not.
    pub async fn conceal(&self, value: &str, arn: Option<&str>) -> Result<String> {
        let Some(arn) = arn else { return Ok(ANOTHER_VALUE.into()) };
        let held = self.secret_value(arn).await.found()?;
        Ok(match held.as_deref() == Some(value) {
            true => secret(arn),
            false => ANOTHER_VALUE.into(),
        })
    }

    /// The value that a secret holds now.
    ///
    /// # Errors
    /// The secret is not there, or holds no text.
    pub async fn secret_value(&self, arn: &str) -> Result<String> {
        let call = || self.secrets.get_secret_value().secret_id(arn).send();
        let found = self.safe("secretsmanager:GetSecretValue", call).await?;
        let none = || CloudError::refused(format!("the secret {arn} holds no text"));
        found.secret_string.ok_or_else(none)
    }
}
