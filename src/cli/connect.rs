//! From the command line to a cloud.
use super::look::Stack;
use super::{Error, Session, env};
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
        self.connect_aws(region, account).await
    }

    /// AWS, or the emulator whose endpoint is configured. Some emulators accept any account ID, so
    /// `account` is sent to them as the access key.
    #[cfg(feature = "aws")]
    async fn connect_aws(
        &self,
        region: &str,
        account: Option<&str>,
    ) -> Result<Box<dyn Cloud>, Error> {
        let options = crate::aws::Options {
            region: region.into(),
            profile: self.global.profile.clone(),
            assume_role: self.global.assume_role.clone(),
            endpoint: self.global.endpoint.clone().or_else(env::endpoint),
            allowed_hosts: self.global.allowed_hosts.clone(),
            emulator_key: account.map(str::to_string),
            faults: env::faults()?,
        };
        let target = options.endpoint.clone().unwrap_or_else(|| "AWS".into());
        let _busy = self.output.busy(format!("connecting to {target}"));
        let connected = crate::aws::connect(&options).await;
        let aws = connected.map_err(Error::cloud(format!("reach {target}")))?;
        Ok(Box::new(crate::kinds::cloud::AwsCloud::new(aws)))
    }

    /// A light build cannot reach AWS.
    #[cfg(not(feature = "aws"))]
    async fn connect_aws(
        &self,
        _region: &str,
        _account: Option<&str>,
    ) -> Result<Box<dyn Cloud>, Error> {
        Err(Error::usage(
            "this build of tenfold has no AWS support",
            "use the sandbox (--sandbox), or build with AWS support: cargo build",
        ))
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
