//! Secrets in specs: a spec says where one is kept, and the value is fetched within the call that
//! needs it. The notation is CloudFormation's,
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html>.
use super::Aws;
use crate::error::{CloudError, Result};
use crate::reference::secret_arn;

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
