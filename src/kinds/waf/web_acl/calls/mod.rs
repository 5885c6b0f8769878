pub mod convert;
pub mod read;

use super::{WebAcl, outputs, scope_of};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Found, Listing, RegularKind};
use crate::kinds::waf::calls::to_waf;
use crate::reference::secret_arn;
use crate::resource::{Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_wafv2::types::{self, CustomResponseBody};
use futures::future::try_join_all;
use std::collections::{BTreeSet, HashMap};

/// The most web ACL capacity units (WCU) that the rules of one ACL can use,
/// <https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html>.
const MAX_CAPACITY: i64 = 5000;

impl RegularKind for WebAcl {
    type Item = read::Listed;

    async fn all(listing: &Listing<'_>) -> Result<Vec<Self::Item>> {
        let scopes = listing.aws.waf_scopes().iter().map(|scope| read::in_scope(scope, listing));
        Ok(try_join_all(scopes).await?.into_iter().flatten().collect())
    }

    fn physical_name((_, summary): &Self::Item) -> Option<&str> {
        summary.name()
    }

    async fn read_tags((_, summary): &Self::Item, aws: &Aws) -> Result<Option<Tags>> {
        let Some(arn) = summary.arn() else { return Ok(None) };
        aws.waf_tags(arn).await
    }

    async fn read(item: Self::Item, tags: Tags, aws: &Aws) -> Result<Option<Found<Self>>> {
        read::read(item, tags, aws).await
    }

    async fn create_one(&self, aws: &Aws) -> Result<Outputs> {
        let rules = self.rules(aws).await?;
        let tags = self.all_tags();
        let bodies = self.bodies()?;
        let call = || {
            aws.waf_of(&self.scope)
                .create_web_acl()
                .name(&self.name)
                .scope(self.scope.as_str().into())
                .default_action(convert::default_action(&self.default_action))
                .set_rules(Some(rules.clone()))
                .set_visibility_config(convert::visibility(&self.visibility_config).ok())
                .set_custom_response_bodies(bodies.clone())
                .set_tags(Some(to_waf(&tags)))
                .send()
        };
        let created = aws.once("wafv2:CreateWebACL", call).await?.summary;
        let none = || CloudError::internal("wafv2:CreateWebACL returned no summary");
        let created = created.ok_or_else(none)?;
        let (arn, id) = (created.arn.unwrap_or_default(), created.id.unwrap_or_default());
        Ok(outputs(arn, self.name.clone(), id))
    }

    async fn change(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
        let was = &live.spec;
        if !self.equals_except_tags(was) {
            self.replace(live, aws).await?;
        }
        aws.retag_waf(&live.handle, &was.all_tags(), &self.all_tags()).await
    }

    async fn remove(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let Some(lock_token) = lock_token(live, aws).await? else { return Ok(Progress::Done) };
        let call = || {
            aws.waf_of(scope_of(&live.handle))
                .delete_web_acl()
                .name(&live.spec.name)
                .scope(live.spec.scope.as_str().into())
                .id(&live.outputs["id"])
                .lock_token(&lock_token)
                .send()
        };
        aws.delete("wafv2:DeleteWebACL", call).await
    }
}

impl WebAcl {
    /// The ARNs of the secrets whose values the rules accept in the origin header.
    fn secrets(&self) -> BTreeSet<String> {
        let values = self.rules.iter().filter_map(|rule| rule.statement.origin_secrets()).flatten();
        values.filter_map(|value| secret_arn(&value).map(str::to_string)).collect()
    }

    /// The tags, including those that name the secrets.
    fn all_tags(&self) -> Tags {
        self.tags.with_secrets(&self.secrets())
    }

    /// `None` if there are no bodies: WAF rejects an empty map.
    fn bodies(&self) -> Result<Option<HashMap<String, CustomResponseBody>>> {
        match self.custom_response_bodies.is_empty() {
            true => Ok(None),
            false => convert::bodies(&self.custom_response_bodies).map(Some),
        }
    }

    fn equals_except_tags(&self, live: &Self) -> bool {
        WebAcl { tags: Tags::default(), ..self.clone() }
            == WebAcl { tags: Tags::default(), ..live.clone() }
    }

    /// The rules in the SDK's types, with the values of secrets.
    ///
    /// # Errors
    /// The rules need more capacity than an ACL has. AWS would refuse them too, but without a number.
    async fn rules(&self, aws: &Aws) -> Result<Vec<types::Rule>> {
        let secrets = aws.two_values(self.secrets()).await?;
        let mut rules = self.rules.clone();
        for rule in &mut rules {
            if let Some(values) = rule.statement.origin_secrets() {
                rule.statement = rule.statement.with_origin_secrets(secrets.reveal(&values)?);
            }
        }
        let rules: Vec<types::Rule> = rules.iter().map(convert::rule).collect::<Result<_>>()?;
        let check = || aws.waf_of(&self.scope).check_capacity().scope(self.scope.as_str().into());
        let call = || check().set_rules(Some(rules.clone())).send();
        let capacity = aws.safe("wafv2:CheckCapacity", call).await?.capacity;
        if capacity > MAX_CAPACITY {
            return Err(CloudError::refused(format!(
                "the rules of web ACL {} need {capacity} web ACL capacity units (WCU); the maximum is \
                 {MAX_CAPACITY}: remove rules",
                self.name
            )));
        }
        Ok(rules)
    }

    /// UpdateWebACL replaces all properties except the tags.
    async fn replace(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
        let rules = self.rules(aws).await?;
        let deleted =
            || CloudError::refused(format!("web ACL {} was deleted: plan again", self.name));
        let lock_token = lock_token(live, aws).await?.ok_or_else(deleted)?;
        let visibility = convert::visibility(&self.visibility_config)?;
        let bodies = self.bodies()?;
        let call = || {
            aws.waf_of(&self.scope)
                .update_web_acl()
                .name(&self.name)
                .scope(self.scope.as_str().into())
                .id(&live.outputs["id"])
                .lock_token(&lock_token)
                .default_action(convert::default_action(&self.default_action))
                .set_rules(Some(rules.clone()))
                .visibility_config(visibility.clone())
                .set_custom_response_bodies(bodies.clone())
                .send()
        };
        aws.safe("wafv2:UpdateWebACL", call).await.map(drop)
    }
}

/// The current lock token of the ACL. AWS refuses an update or deletion with an older one. `None` if
/// the ACL does not exist.
async fn lock_token(live: &Live<WebAcl>, aws: &Aws) -> Result<Option<String>> {
    let call = || {
        aws.waf_of(&live.spec.scope)
            .get_web_acl()
            .name(&live.spec.name)
            .scope(live.spec.scope.as_str().into())
            .id(&live.outputs["id"])
            .send()
    };
    let found = aws.safe("wafv2:GetWebACL", call).await.found()?;
    Ok(found.and_then(|found| found.lock_token))
}
