//! Secrets in specs. A spec names the secret, and the value is fetched within the call that needs
//! it. The notation is CloudFormation's,
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html>.
//!
//! CloudFront and its origins share a secret: the origins accept the current and the previous
//! value, so that a rotation causes no downtime.
use super::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::reference::{ANOTHER_VALUE, secret, secret_arn};
use futures::future::try_join_all;
use std::collections::{BTreeMap, BTreeSet};

/// The stage of the value that came before the one that holds,
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html>.
const PREVIOUS: &str = "AWSPREVIOUS";

/// The current and the previous value of secrets, by the ARN of the secret.
#[derive(Default)]
pub struct TwoValues(BTreeMap<String, BTreeSet<String>>);

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

    /// Reads each secret once. One that is not there holds nothing.
    ///
    /// # Errors
    /// A secret cannot be read.
    pub async fn two_values(&self, arns: BTreeSet<String>) -> Result<TwoValues> {
        let values = arns.into_iter().map(|arn| async {
            let Some(now) = self.secret_value(&arn).await.found()? else { return Ok(None) };
            let get = || self.secrets.get_secret_value().secret_id(&arn);
            let call = || get().version_stage(PREVIOUS).send();
            let before = self.safe("secretsmanager:GetSecretValue", call).await.found()?;
            let before = before.and_then(|before| before.secret_string);
            Ok(Some((arn, before.into_iter().chain([now]).collect())))
        });
        Ok(TwoValues(try_join_all(values).await?.into_iter().flatten().collect()))
    }
}

impl TwoValues {
    /// Properties as AWS takes them: the values of a secret where one is named.
    ///
    /// # Errors
    /// A secret is not there.
    pub fn reveal(&self, properties: &BTreeSet<String>) -> Result<BTreeSet<String>> {
        let mut all = BTreeSet::new();
        for property in properties {
            match secret_arn(property) {
                None => drop(all.insert(property.clone())),
                Some(arn) => {
                    let none = || CloudError::refused(format!("the secret {arn} is not there"));
                    all.extend(self.0.get(arn).ok_or_else(none)?.iter().cloned());
                }
            }
        }
        Ok(all)
    }

    /// The form in which a spec contains live values that must not be shown: the secrets all of whose
    /// values are among them, and that there is more, where there is.
    pub fn conceal(&self, values: &BTreeSet<String>) -> BTreeSet<String> {
        let known = self.0.iter().filter(|(_, held)| held.is_subset(values));
        let (mut shown, mut told) = (BTreeSet::new(), BTreeSet::new());
        for (arn, held) in known {
            shown.insert(secret(arn));
            told.extend(held.iter());
        }
        if values.iter().any(|value| !told.contains(value)) {
            shown.insert(ANOTHER_VALUE.into());
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(values: &[&str]) -> BTreeSet<String> {
        values.iter().map(|value| value.to_string()).collect()
    }

    #[test]
    fn a_secret_stands_for_what_it_holds_and_held() {
        let held = TwoValues(BTreeMap::from([
            ("arn:a".to_string(), set(&["new", "old"])),
            ("arn:b".to_string(), set(&["only"])),
        ]));
        let (a, b) = (secret("arn:a"), secret("arn:b"));
        let both = set(&["new", "old", "only"]);
        assert_eq!(held.reveal(&set(&[&a, &b])).ok(), Some(both.clone()));
        assert_eq!(held.conceal(&both), set(&[&a, &b]));
        assert_eq!(held.conceal(&set(&["new", "old"])), set(&[&a]));
        // A missing or additional value is a difference, and is not shown.
        assert_eq!(held.conceal(&set(&["new"])), set(&[ANOTHER_VALUE]));
        assert_eq!(held.conceal(&set(&["only", "older"])), set(&[&b, ANOTHER_VALUE]));
        assert!(held.reveal(&set(&[&secret("arn:c")])).is_err());
        assert_eq!(held.reveal(&set(&["/v1"])).ok(), Some(set(&["/v1"])));
    }
}
