use super::{Generate, ROTATE, Secret, outputs};
use crate::aws::{Aws, tags};
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::tags::{STACK, Tags};
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_sdk_secretsmanager::types::{self, Filter, FilterNameStringType, SecretListEntry};
use serde_json::{Value, json};

/// How long a deleted secret can be had back: the longest that AWS grants.
const RECOVERY_DAYS: i64 = 30;
/// The key that AWS manages, which is not told back.
const OWN_KEY: &str = "alias/aws/secretsmanager";

impl Calls for Secret {
    /// Those whose deletion is scheduled are as good as gone, and not listed.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        // Both filters match prefixes, and not one tag together: the tags are looked at again.
        let filter = |key, value| Filter::builder().key(key).values(value).build();
        let by_key = filter(FilterNameStringType::TagKey, STACK);
        let by_value = filter(FilterNameStringType::TagValue, listing.stack);
        let call = |token| {
            let list = aws.secrets.list_secrets().max_results(100).set_next_token(token);
            list.filters(by_key.clone()).filters(by_value.clone()).send()
        };
        let found = aws
            .pages("secretsmanager:ListSecrets", call, |page| (page.next_token, page.secret_list))
            .await?;
        Ok(found.into_iter().filter_map(|secret| read(secret, listing.stack)).collect())
    }

    async fn create(&self, id: &Id, aws: &Aws) -> Result<Outputs> {
        let value = match &self.generate_secret_string {
            Some(generate) => Some(make_up(generate, aws).await?),
            None => None,
        };
        // The token makes it one secret however often it is asked for.
        let token = aws.token();
        let call = || {
            aws.secrets
                .create_secret()
                .name(&self.name)
                .description(&self.description)
                .set_secret_string(value.clone())
                .set_kms_key_id(self.kms_key_id.clone())
                .set_tags(Some(tag_list(&self.tags)))
                .client_request_token(&token)
                .send()
        };
        let arn = match aws.safe("secretsmanager:CreateSecret", call).await {
            Ok(made) => made.arn.unwrap_or_default(),
            // AWS keeps the name until the deletion is done.
            Err(error) if error.is("InvalidRequestException") => {
                self.restore(id, error, aws).await?
            }
            Err(error) => return Err(error),
        };
        Ok(outputs(arn, self.name.clone()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.bring_up(&live.handle, &live.spec, aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let delete = || aws.secrets.delete_secret().secret_id(&live.handle);
        let call = || delete().recovery_window_in_days(RECOVERY_DAYS).send();
        let deleted = aws.safe("secretsmanager:DeleteSecret", call).await.found();
        // It is on its way already.
        deleted.map(drop).allow(&["InvalidRequestException"])?;
        Ok(Progress::Done)
    }

    async fn act(live: &Live<Self>, action: &str, _arguments: &Value, aws: &Aws) -> Result<Value> {
        match action {
            ROTATE => rotate(&live.handle, aws).await,
            _ => Err(CloudError::internal(format!("{} knows no {action}", live.id))),
        }
    }
}

impl Secret {
    /// A secret of this name is about to go. If it is this one, it comes back with its value.
    async fn restore(&self, id: &Id, error: CloudError, aws: &Aws) -> Result<String> {
        let call = || aws.secrets.describe_secret().secret_id(&self.name).send();
        let found = aws.safe("secretsmanager:DescribeSecret", call).await?;
        let was = from_described(&found);
        let stack = self.tags.get(STACK).unwrap_or_default();
        let owner = tags::owner::<Secret>(&was.tags, stack);
        if owner.is_none_or(|owner| owner.id != *id) {
            let message = format!("a secret {} is about to be deleted", self.name);
            return Err(CloudError::taken(&error.operation, &error.code, message));
        }
        let arn = found.arn.unwrap_or_default();
        let call = || aws.secrets.restore_secret().secret_id(&arn).send();
        aws.safe("secretsmanager:RestoreSecret", call).await?;
        self.bring_up(&arn, &was, aws).await?;
        Ok(arn)
    }

    async fn bring_up(&self, arn: &str, was: &Secret, aws: &Aws) -> Result<()> {
        if self.description != was.description || self.kms_key_id != was.kms_key_id {
            let token = aws.token();
            let key = self.kms_key_id.as_deref().unwrap_or(OWN_KEY);
            let call = || {
                let update = aws.secrets.update_secret().secret_id(arn);
                let update = update.description(&self.description).kms_key_id(key);
                update.client_request_token(&token).send()
            };
            aws.safe("secretsmanager:UpdateSecret", call).await?;
        }
        let tag = |tags: &Tags| {
            aws.secrets.tag_resource().secret_id(arn).set_tags(Some(tag_list(tags))).send()
        };
        let untag =
            |keys| aws.secrets.untag_resource().secret_id(arn).set_tag_keys(Some(keys)).send();
        let (tag, untag) =
            (("secretsmanager:TagResource", tag), ("secretsmanager:UntagResource", untag));
        aws.retag((&was.tags, &self.tags), tag, untag).await
    }
}

/// Puts another value in, as long as the one that holds.
async fn rotate(arn: &str, aws: &Aws) -> Result<Value> {
    let held = aws.secret_value(arn).await?;
    let like = Generate {
        password_length: i32::try_from(held.len()).unwrap_or(i32::MAX),
        exclude_punctuation: held.chars().all(char::is_alphanumeric),
    };
    let value = make_up(&like, aws).await?;
    let token = aws.token();
    let call = || {
        let put = aws.secrets.put_secret_value().secret_id(arn);
        put.secret_string(&value).client_request_token(&token).send()
    };
    let put = aws.safe("secretsmanager:PutSecretValue", call).await?;
    Ok(json!({ "version": put.version_id }))
}

/// A value from AWS's own source of chance.
async fn make_up(generate: &Generate, aws: &Aws) -> Result<String> {
    let call = || {
        aws.secrets
            .get_random_password()
            .password_length(generate.password_length.into())
            .exclude_punctuation(generate.exclude_punctuation)
            .send()
    };
    let made = aws.safe("secretsmanager:GetRandomPassword", call).await?;
    let none = || CloudError::refused("Secrets Manager made up no value");
    made.random_password.ok_or_else(none)
}

fn tag_list(tags: &Tags) -> Vec<types::Tag> {
    let tag = |(key, value): (&str, &str)| types::Tag::builder().key(key).value(value).build();
    tags.iter().map(tag).collect()
}

fn from_list(tags: Option<&[types::Tag]>) -> Tags {
    let pair = |tag: &types::Tag| Some((tag.key.clone()?, tag.value.clone()?));
    tags.unwrap_or_default().iter().filter_map(pair).collect()
}

fn from_described(secret: &DescribeSecretOutput) -> Secret {
    Secret {
        name: secret.name.clone().unwrap_or_default(),
        description: secret.description.clone().unwrap_or_default(),
        generate_secret_string: None,
        kms_key_id: secret.kms_key_id.clone(),
        tags: from_list(secret.tags.as_deref()),
    }
}

fn read(secret: SecretListEntry, stack: &str) -> Option<Live<Secret>> {
    let tags = from_list(secret.tags.as_deref());
    let owner = tags::owner::<Secret>(&tags, stack)?;
    let (arn, name) = (secret.arn?, secret.name?);
    let spec = Secret {
        name: name.clone(),
        description: secret.description.unwrap_or_default(),
        generate_secret_string: None,
        kms_key_id: secret.kms_key_id,
        tags,
    };
    let outputs = outputs(arn.clone(), name);
    let (id, component) = (owner.id, owner.component);
    Some(Live { id, handle: arn, component, spec, outputs, condition: Condition::Ready })
}
