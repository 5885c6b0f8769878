use super::{Generate, ROTATE, Secret, outputs};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::tags::{STACK, Tags};
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_sdk_secretsmanager::types::{self, Filter, FilterNameStringType, SecretListEntry};
use serde_json::{Value, json};

/// The days during which a deleted secret can be restored: the maximum that AWS allows.
const RECOVERY_DAYS: i64 = 30;
/// The AWS managed key. AWS returns no key ID for a secret that uses it.
const AWS_MANAGED_KEY: &str = "alias/aws/secretsmanager";

impl Calls for Secret {
    /// ListSecrets omits secrets whose deletion is scheduled, and they count as deleted.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        // Names of secrets and of `resources`. The filter matches prefixes,
        // <https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_search-secret.html>.
        let by_name = Filter::builder()
            .key(FilterNameStringType::Name)
            .values(format!("tenfold/{}/", listing.stack))
            .values(listing.prefix())
            .build();
        let call = |token| {
            let list = aws.secrets.list_secrets().max_results(100).set_next_token(token);
            list.filters(by_name.clone()).send()
        };
        let found = aws
            .pages("secretsmanager:ListSecrets", call, |page| (page.next_token, page.secret_list))
            .await?;
        Ok(found.into_iter().filter_map(|secret| read(secret, listing)).collect())
    }

    async fn create(&self, id: &Id, aws: &Aws) -> Result<Outputs> {
        let value = match &self.generate_secret_string {
            Some(generate) => Some(random_value(generate, aws).await?),
            None => None,
        };
        // The token makes repeated calls create only one secret.
        let token = aws.token();
        let call = || {
            aws.secrets
                .create_secret()
                .name(&self.name)
                .description(&self.description)
                .set_secret_string(value.clone())
                .set_kms_key_id(self.kms_key_id.clone())
                .set_tags(Some(to_secretsmanager(&self.tags)))
                .client_request_token(&token)
                .send()
        };
        let arn = match aws.safe("secretsmanager:CreateSecret", call).await {
            Ok(created) => created.arn.unwrap_or_default(),
            // A secret of this name is scheduled for deletion. AWS reserves the name until then.
            Err(error) if error.is("InvalidRequestException") => {
                self.restore(id, error, aws).await?
            }
            Err(error) => return Err(error),
        };
        Ok(outputs(arn, self.name.clone()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.change_from(&live.spec, &live.handle, aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let delete = || aws.secrets.delete_secret().secret_id(&live.handle);
        let call = || delete().recovery_window_in_days(RECOVERY_DAYS).send();
        let deleted = aws.safe("secretsmanager:DeleteSecret", call).await.found();
        // The deletion is scheduled already.
        deleted.map(drop).allow(&["InvalidRequestException"])?;
        Ok(Progress::Done)
    }

    async fn act(live: &Live<Self>, action: &str, _arguments: &Value, aws: &Aws) -> Result<Value> {
        match action {
            ROTATE => rotate(&live.handle, aws).await,
            _ => Err(CloudError::internal(format!("{} has no action {action}", live.id))),
        }
    }
}

impl Secret {
    /// Restores the secret of this name and its value after its deletion was scheduled. Returns its
    /// ARN.
    ///
    /// # Errors
    /// The secret is not this resource. CreateSecret returned `error`.
    async fn restore(&self, id: &Id, error: CloudError, aws: &Aws) -> Result<String> {
        let call = || aws.secrets.describe_secret().secret_id(&self.name).send();
        let found = aws.safe("secretsmanager:DescribeSecret", call).await?;
        let was = from_described(&found);
        let stack = self.tags.get(STACK).unwrap_or_default();
        let owner = tags::owner::<Secret>(&was.tags, stack);
        if owner.is_none_or(|owner| owner.id != *id) {
            let message =
                format!("a secret named {} exists already, with its deletion scheduled", self.name);
            return Err(CloudError::taken(&error.operation, &error.code, message));
        }
        let arn = found.arn.unwrap_or_default();
        let call = || aws.secrets.restore_secret().secret_id(&arn).send();
        aws.safe("secretsmanager:RestoreSecret", call).await?;
        self.change_from(&was, &arn, aws).await?;
        Ok(arn)
    }

    async fn change_from(&self, was: &Secret, arn: &str, aws: &Aws) -> Result<()> {
        if self.description != was.description || self.kms_key_id != was.kms_key_id {
            let token = aws.token();
            let key = self.kms_key_id.as_deref().unwrap_or(AWS_MANAGED_KEY);
            let call = || {
                let update = aws.secrets.update_secret().secret_id(arn);
                let update = update.description(&self.description).kms_key_id(key);
                update.client_request_token(&token).send()
            };
            aws.safe("secretsmanager:UpdateSecret", call).await?;
        }
        aws.retag_secretsmanager(arn, &was.tags, &self.tags).await
    }
}

impl Aws {
    /// Brings the tags of a secret from `live` to `desired`.
    async fn retag_secretsmanager(&self, arn: &str, live: &Tags, desired: &Tags) -> Result<()> {
        let tag = |tags: &Tags| {
            let tag = self.secrets.tag_resource().secret_id(arn);
            tag.set_tags(Some(to_secretsmanager(tags))).send()
        };
        let untag =
            |keys| self.secrets.untag_resource().secret_id(arn).set_tag_keys(Some(keys)).send();
        let (tag, untag) =
            (("secretsmanager:TagResource", tag), ("secretsmanager:UntagResource", untag));
        self.retag((live, desired), tag, untag).await
    }
}

/// Stores a new random value of the same length as the current one. Returns its version ID.
async fn rotate(arn: &str, aws: &Aws) -> Result<Value> {
    let current = aws.secret_value(arn).await?;
    let like = Generate {
        password_length: i32::try_from(current.len()).unwrap_or(i32::MAX),
        exclude_punctuation: current.chars().all(char::is_alphanumeric),
    };
    let value = random_value(&like, aws).await?;
    let token = aws.token();
    let call = || {
        let put = aws.secrets.put_secret_value().secret_id(arn);
        put.secret_string(&value).client_request_token(&token).send()
    };
    let put = aws.safe("secretsmanager:PutSecretValue", call).await?;
    Ok(json!({ "version": put.version_id }))
}

/// A random value that AWS generates.
async fn random_value(generate: &Generate, aws: &Aws) -> Result<String> {
    let call = || {
        aws.secrets
            .get_random_password()
            .password_length(generate.password_length.into())
            .exclude_punctuation(generate.exclude_punctuation)
            .send()
    };
    let generated = aws.safe("secretsmanager:GetRandomPassword", call).await?;
    let missing = || CloudError::refused("secretsmanager:GetRandomPassword returned no value");
    generated.random_password.ok_or_else(missing)
}

/// Tags in Secrets Manager's shape.
fn to_secretsmanager(tags: &Tags) -> Vec<types::Tag> {
    let tag = |(key, value): (&str, &str)| types::Tag::builder().key(key).value(value).build();
    tags.iter().map(tag).collect()
}

/// Tags from Secrets Manager's shape.
fn from_secretsmanager(tags: Option<&[types::Tag]>) -> Tags {
    let pair = |tag: &types::Tag| Some((tag.key.clone()?, tag.value.clone()?));
    tags.unwrap_or_default().iter().filter_map(pair).collect()
}

fn from_described(secret: &DescribeSecretOutput) -> Secret {
    Secret {
        name: secret.name.clone().unwrap_or_default(),
        description: secret.description.clone().unwrap_or_default(),
        generate_secret_string: None,
        kms_key_id: secret.kms_key_id.clone(),
        tags: from_secretsmanager(secret.tags.as_deref()),
    }
}

fn read(secret: SecretListEntry, listing: &Listing<'_>) -> Option<Live<Secret>> {
    let (arn, name) = (secret.arn?, secret.name?);
    let tags = from_secretsmanager(secret.tags.as_deref());
    let owner = listing.owner::<Secret>(Some(&name), &tags)?;
    let spec = Secret {
        name: name.clone(),
        description: secret.description.unwrap_or_default(),
        generate_secret_string: None,
        kms_key_id: secret.kms_key_id,
        tags,
    };
    let outputs = outputs(arn.clone(), name);
    Some(owner.live(arn, spec, outputs))
}
