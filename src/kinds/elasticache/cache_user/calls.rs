use super::{CacheUser, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::elasticache::calls::to_elasticache;
use crate::reference::{secret, secret_arn};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::tags::{SECRET, Tags};
use aws_sdk_elasticache::types;
use futures::future::try_join_all;
use std::collections::BTreeSet;

const ACTIVE: &str = "active";
const DELETING: &str = "deleting";

impl Calls for CacheUser {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call =
            |marker| aws.elasticache.describe_users().max_records(100).set_marker(marker).send();
        let mut found =
            aws.pages("elasticache:DescribeUsers", call, |page| (page.marker, page.users)).await?;
        let prefix = format!("{}-", listing.stack);
        found.retain(|user| {
            let ours = user.user_id.as_deref().is_some_and(|id| id.starts_with(&prefix));
            ours && user.status.as_deref() != Some(DELETING)
        });
        let live = found.into_iter().map(|user| read(user, listing));
        Ok(try_join_all(live).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
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
                .set_tags(Some(to_elasticache(&self.marked())))
                .send()
        };
        let made = aws.once("elasticache:CreateUser", call).await?;
        Ok(outputs(&self.user_id, made.arn.unwrap_or_default()))
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        Ok(match find(&outputs["id"], aws).await? {
            None => Progress::Waiting("not visible yet".into()),
            Some(user) if user.status.as_deref() == Some(ACTIVE) => Progress::Done,
            Some(user) => Progress::Waiting(user.status.unwrap_or_default()),
        })
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let was = &live.spec;
        if self.settings() != was.settings() {
            let new = self.secrets() != was.secrets();
            let passwords = if new { self.revealed(aws).await? } else { None };
            let open = new && self.no_password_required;
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
        // The tags go last: they tell whose password it is.
        aws.retag_elasticache(&live.handle, &was.marked(), &self.marked()).await?;
        Ok(live.outputs.clone())
    }

    /// That it is not told is no proof that it has gone: the deletion itself says so.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
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
    /// What a modification sets.
    fn settings(&self) -> Self {
        CacheUser { tags: Tags::default(), ..self.clone() }
    }

    fn secrets(&self) -> (&BTreeSet<String>, bool) {
        (&self.passwords, self.no_password_required)
    }

    /// The tags, with the one for the secret.
    fn marked(&self) -> Tags {
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

async fn read(user: types::User, listing: &Listing<'_>) -> Result<Option<Live<CacheUser>>> {
    let (Some(arn), Some(user_id)) = (user.arn, user.user_id) else { return Ok(None) };
    let mut tags = listing.aws.elasticache_tags(&arn).await?.unwrap_or_default();
    let Some(owner) = tags::owner::<CacheUser>(&tags, listing.stack) else { return Ok(None) };
    let authentication = user.authentication;
    let count = authentication.as_ref().and_then(|one| one.password_count).unwrap_or_default();
    let kind = authentication.and_then(|one| one.r#type);
    let kept = tags.get(SECRET).filter(|_| count > 0).map(secret);
    tags.remove(SECRET);
    let status = user.status.unwrap_or_default();
    let condition = match status.as_str() {
        ACTIVE => Condition::Ready,
        _ => Condition::Converging(status),
    };
    let outputs = outputs(&user_id, arn.clone());
    let spec = CacheUser {
        user_id,
        user_name: user.user_name.unwrap_or_default(),
        engine: user.engine.unwrap_or_default().to_lowercase(),
        access_string: user.access_string.unwrap_or_default(),
        passwords: kept.into_iter().collect(),
        no_password_required: kind == Some(types::AuthenticationType::NoPassword),
        tags,
    };
    let (id, component) = (owner.id, owner.component);
    Ok(Some(Live { id, handle: arn, component, spec, outputs, condition }))
}
