use super::{CacheUser, outputs};
use crate::aws::Aws;
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Found, Listing, RegularKind};
use crate::kinds::elasticache::calls::{DELETING, condition, progress, to_elasticache};
use crate::reference::{secret, secret_arn};
use crate::resource::{Live, Outputs, Progress};
use crate::tags::{SECRET, Tags};
use aws_sdk_elasticache::types;
use futures::future::try_join_all;
use std::collections::BTreeSet;

impl RegularKind for CacheUser {
    type Item = types::User;

    async fn all(listing: &Listing<'_>) -> Result<Vec<Self::Item>> {
        let aws = listing.aws;
        let call =
            |marker| aws.elasticache.describe_users().max_records(100).set_marker(marker).send();
        let mut found =
            aws.pages("elasticache:DescribeUsers", call, |page| (page.marker, page.users)).await?;
        found.retain(|user| user.status() != Some(DELETING));
        Ok(found)
    }

    fn physical_name(item: &Self::Item) -> Option<&str> {
        item.user_id()
    }

    async fn read_tags(item: &Self::Item, aws: &Aws) -> Result<Option<Tags>> {
        let Some(arn) = item.arn() else { return Ok(None) };
        aws.elasticache_tags(arn).await
    }

    async fn read(item: Self::Item, mut tags: Tags, _aws: &Aws) -> Result<Option<Found<Self>>> {
        let authentication = item.authentication;
        let count = authentication.as_ref().and_then(|one| one.password_count).unwrap_or_default();
        let method = authentication.and_then(|one| one.r#type);
        let password = tags.get(SECRET).filter(|_| count > 0).map(secret);
        tags.remove(SECRET);
        let (handle, user_id) = (item.arn.unwrap_or_default(), item.user_id.unwrap_or_default());
        let outputs = outputs(&user_id, handle.clone());
        let spec = CacheUser {
            user_id,
            user_name: item.user_name.unwrap_or_default(),
            engine: item.engine.unwrap_or_default().to_lowercase(),
            access_string: item.access_string.unwrap_or_default(),
            passwords: password.into_iter().collect(),
            no_password_required: method == Some(types::AuthenticationType::NoPassword),
            tags,
        };
        Ok(Some(Found { handle, spec, outputs, condition: condition(item.status) }))
    }

    async fn create_one(&self, aws: &Aws) -> Result<Outputs> {
        let passwords = self.revealed(aws).await?;
        let call = || {
            aws.elasticache
                .create_user()
                .user_id(&self.user_id)
                .user_name(&self.user_name)
                .engine(&self.engine)
                .access_string(&self.access_string)
                .set_passwords(passwords.clone())
                .set_no_password_required(self.no_password_required.then_some(true))
                .set_tags(Some(to_elasticache(&self.with_secret())))
                .send()
        };
        let created = aws.once("elasticache:CreateUser", call).await?;
        Ok(outputs(&self.user_id, created.arn.unwrap_or_default()))
    }

    async fn is_ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let found = find(&outputs["id"], aws).await?;
        Ok(progress(found.map(|user| user.status.unwrap_or_default())))
    }

    async fn change(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
        let was = &live.spec;
        if self.settings() != was.settings() {
            let differs = self.secrets() != was.secrets();
            let passwords = if differs { self.revealed(aws).await? } else { None };
            let open = differs && self.no_password_required;
            let call = || {
                aws.elasticache
                    .modify_user()
                    .user_id(&self.user_id)
                    .access_string(&self.access_string)
                    .set_passwords(passwords.clone())
                    .set_no_password_required(open.then_some(true))
                    .send()
            };
            aws.safe("elasticache:ModifyUser", call).await?;
        }
        // The tags are last: one of them names the secret whose password is set by then.
        aws.retag_elasticache(&live.handle, &was.with_secret(), &self.with_secret()).await
    }

    /// Absence from a listing does not prove deletion, so the delete call itself has to report it.
    async fn remove(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let id = &live.spec.user_id;
        match find(id, aws).await? {
            Some(user) if user.status.as_deref() == Some(DELETING) => {}
            _ => {
                let call = || aws.elasticache.delete_user().user_id(id).send();
                if aws.safe("elasticache:DeleteUser", call).await.found()?.is_none() {
                    return Ok(Progress::Done);
                }
            }
        }
        Ok(Progress::Waiting(DELETING.into()))
    }
}

impl CacheUser {
    /// The properties that a modification sets.
    fn settings(&self) -> Self {
        CacheUser { tags: Tags::default(), ..self.clone() }
    }

    fn secrets(&self) -> (&BTreeSet<String>, bool) {
        (&self.passwords, self.no_password_required)
    }

    /// The tags, with the one that names the secret.
    fn with_secret(&self) -> Tags {
        let mut tags = self.tags.clone();
        if let Some(arn) = self.passwords.iter().find_map(|password| secret_arn(password)) {
            tags.set(SECRET, arn);
        }
        tags
    }

    async fn revealed(&self, aws: &Aws) -> Result<Option<Vec<String>>> {
        let passwords = try_join_all(self.passwords.iter().map(|one| aws.reveal(one))).await?;
        Ok((!passwords.is_empty()).then_some(passwords))
    }
}

async fn find(id: &str, aws: &Aws) -> Result<Option<types::User>> {
    let call = || aws.elasticache.describe_users().user_id(id).send();
    let found = aws.safe("elasticache:DescribeUsers", call).await.found()?;
    Ok(found.and_then(|page| page.users?.pop()))
}
