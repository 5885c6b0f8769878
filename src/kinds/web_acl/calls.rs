use super::calls_convert as convert;
use super::{Rule, WebAcl, outputs, scope_of};
use crate::aws::{Aws, Listing};
use crate::error::{CloudError, Result, ResultExt};
use crate::kind::{Calls, Progress};
use crate::reference::secret_arn;
use crate::resource::{Id, Live, Outputs};
use crate::tags::{SECRET, Tags};
use aws_sdk_wafv2::types;
use aws_sdk_wafv2::types::CustomResponseBody;
use std::collections::HashMap;

/// Web ACL capacity units that one ACL may take,
/// <https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html>.
const MOST_CAPACITY: i64 = 5000;

impl Calls for WebAcl {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        super::calls_read::list(listing).await
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let rules = self.rules(aws).await?;
        let tags = with_secret(&self.tags, &self.rules);
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
                .set_tags(Some(crate::aws::waf::to_tags(&tags)))
                .send()
        };
        let made = aws.once("wafv2:CreateWebACL", call).await?.summary;
        let made = made.ok_or_else(|| CloudError::internal("CreateWebACL answered nothing"))?;
        let (arn, id) = (made.arn.unwrap_or_default(), made.id.unwrap_or_default());
        Ok(outputs(arn, self.name.clone(), id))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let was = &live.spec;
        if !self.is_same_but_for_tags(was) {
            self.replace_rules(live, aws).await?;
        }
        let before = with_secret(&was.tags, &was.rules);
        let after = with_secret(&self.tags, &self.rules);
        aws.retag_waf(&live.handle, &before, &after).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
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
        aws.safe("wafv2:DeleteWebACL", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl WebAcl {
    /// None where there are none: WAF takes no empty map.
    fn bodies(&self) -> Result<Option<HashMap<String, CustomResponseBody>>> {
        match self.custom_response_bodies.is_empty() {
            true => Ok(None),
            false => convert::bodies(&self.custom_response_bodies).map(Some),
        }
    }

    fn is_same_but_for_tags(&self, live: &Self) -> bool {
        WebAcl { tags: Tags::default(), ..self.clone() }
            == WebAcl { tags: Tags::default(), ..live.clone() }
    }

    /// The rules as AWS takes them, secrets revealed. Refused here where they take more capacity
    /// than an ACL has: the same refusal by AWS names no figure.
    async fn rules(&self, aws: &Aws) -> Result<Vec<types::Rule>> {
        let mut rules = self.rules.clone();
        for found in rules.iter_mut().flat_map(|rule| rule.statement.byte_matches()) {
            found.search_string = aws.reveal(&found.search_string).await?;
        }
        let rules: Vec<types::Rule> = rules.iter().map(convert::rule).collect::<Result<_>>()?;
        let check = || aws.waf_of(&self.scope).check_capacity().scope(self.scope.as_str().into());
        let call = || check().set_rules(Some(rules.clone())).send();
        let capacity = aws.safe("wafv2:CheckCapacity", call).await?.capacity;
        if capacity > MOST_CAPACITY {
            return Err(CloudError::refused(format!(
                "the rules of web ACL {} take {capacity} capacity units, and {MOST_CAPACITY} are the most",
                self.name
            )));
        }
        Ok(rules)
    }

    /// An update replaces all of it.
    async fn replace_rules(&self, live: &Live<Self>, aws: &Aws) -> Result<()> {
        let rules = self.rules(aws).await?;
        let gone = || CloudError::refused(format!("web ACL {} has gone", self.name));
        let lock_token = lock_token(live, aws).await?.ok_or_else(gone)?;
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

/// The tags with the one that names the secret, where the rules have one.
fn with_secret(tags: &Tags, rules: &[Rule]) -> Tags {
    let mut tags = tags.clone();
    let mut rules = rules.to_vec();
    let mut found = rules.iter_mut().flat_map(|rule| rule.statement.byte_matches());
    let arn = found.find_map(|found| secret_arn(&found.search_string).map(str::to_string));
    if let Some(arn) = arn {
        tags.set(SECRET, &arn);
    }
    tags
}

/// The token of the ACL as it stands now; an update or deletion by an older one is refused.
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
