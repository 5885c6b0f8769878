//! From the command line to a cloud.
use super::Session;
use super::env;
use super::error::Error;
use super::look::Stack;
use crate::aws::{self, AwsCloud};
use crate::cloud::Cloud;
use crate::sandbox::Sandbox;

impl Session {
    /// The cloud that was asked for: the sandbox, an emulator, or AWS. The sandbox can be any
    /// account; elsewhere it is the credentials that say which.
    pub async fn connect(
        &self,
        region: &str,
        account: Option<&str>,
    ) -> Result<Box<dyn Cloud>, Error> {
        if let Some(path) = &self.global.sandbox {
            let opened = Sandbox::open(path, region).map_err(Error::cloud("open the sandbox"))?;
            let opened = opened.with_faults(env::faults()?);
            return Ok(match account {
                Some(account) => Box::new(opened.with_account(account)),
                None => Box::new(opened),
            });
        }
        let options = self.global.aws(region, account)?;
        let whom = options.endpoint.clone().unwrap_or_else(|| "AWS".into());
        let _busy = self.output.busy(format!("connecting to {whom}"));
        let aws = aws::connect(&options).await.map_err(Error::cloud(format!("reach {whom}")))?;
        Ok(Box::new(AwsCloud::new(aws)))
    }

    /// The cloud a stack lives in.
    ///
    /// # Errors
    /// It cannot be reached, or the account is not the one the blueprint is for.
    pub async fn cloud_of(&self, stack: &Stack) -> Result<Box<dyn Cloud>, Error> {
        let cloud = self.connect(&stack.region, stack.account.as_deref()).await?;
        check_account(&cloud.place().account, stack.account.as_deref())?;
        Ok(cloud)
    }
}

/// A blueprint that names its account touches no other.
fn check_account(found: &str, wanted: Option<&str>) -> Result<(), Error> {
    match wanted {
        Some(wanted) if wanted != found => {
            Err(Error::Account { wanted: wanted.into(), found: found.into() })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blueprint_that_names_its_account_touches_no_other() {
        assert!(check_account("111122223333", None).is_ok());
        assert!(check_account("111122223333", Some("111122223333")).is_ok());
        let error = check_account("111122223333", Some("444455556666"));
        assert!(matches!(error, Err(Error::Account { .. })));
    }
}
