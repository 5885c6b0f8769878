//! Connects to the cloud that the command line selects.
use super::session::Stack;
use super::{Error, Session, env};
use crate::cloud::Cloud;
use crate::error::ResultExt;
use crate::sandbox::Sandbox;

impl Session {
    /// The selected cloud: the sandbox, an emulator, or AWS. The sandbox accepts any `account`;
    /// elsewhere the credentials decide on the account.
    ///
    /// # Errors
    /// The sandbox cannot be opened, or the connection fails.
    pub async fn connect(
        &self,
        region: &str,
        account: Option<&str>,
    ) -> Result<Box<dyn Cloud>, Error> {
        if let Some(path) = &self.global.sandbox {
            let opened = Sandbox::open(path, region).doing("open the sandbox")?;
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
        let _spinner = self.output.spinner(format!("connecting to {target}"));
        let connected = crate::aws::connect(&options).await;
        let aws = connected.doing(format!("connect to {target}"))?;
        Ok(Box::new(crate::kinds::cloud::AwsCloud::new(aws)))
    }

    /// A light build has no AWS support.
    #[cfg(not(feature = "aws"))]
    async fn connect_aws(
        &self,
        region: &str,
        _account: Option<&str>,
    ) -> Result<Box<dyn Cloud>, Error> {
        let target = self.global.endpoint.as_deref().unwrap_or("AWS");
        let what = format!(
            "cannot connect to {target} in {region}: this is a light build of tenfold, without AWS \
             support"
        );
        let help = "use the sandbox (--sandbox), or build tenfold with AWS support: cargo build";
        Err(Error::usage(what, help))
    }

    /// The cloud of a stack.
    ///
    /// # Errors
    /// The connection fails, or the credentials are for another account than the blueprint.
    pub async fn cloud_of(&self, stack: &Stack) -> Result<Box<dyn Cloud>, Error> {
        let cloud = self.connect(&stack.region, stack.account.as_deref()).await?;
        check_account(&cloud.place().account, stack.account.as_deref())?;
        Ok(cloud)
    }
}

/// Refuses another account than the one in the blueprint.
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
    fn refuses_other_account_than_in_blueprint() {
        assert!(check_account("111122223333", None).is_ok());
        assert!(check_account("111122223333", Some("111122223333")).is_ok());
        let error = check_account("111122223333", Some("444455556666"));
        assert!(matches!(error, Err(Error::Account { .. })));
    }
}
