#[cfg(feature = "aws")]
pub mod convert;
#[cfg(feature = "aws")]
pub mod read;

use super::{WebAcl, outputs, scope_of};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::reference::secret_arn;
use crate::resource::{Id, Live, Outputs, Progress};
use crate::tags::Tags;
use aws_sdk_wafv2::types;
use aws_sdk_wafv2::types::CustomResponseBody;
use std::collections::{BTreeSet, HashMap};

/// Web ACL capacity units that one ACL may take,
/// <https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html>.
const MOST_CAPACITY: i64 = 5000;

impl Calls for WebAcl {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        read::list(listing).await
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
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
                .set_tags(Some(crate::kinds::waf::calls::to_tags(&tags)))
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
        aws.retag_waf(&live.handle, &was.all_tags(), &self.all_tags()).await?;
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
    /// The secrets by which its rules let somebody in.
    fn secrets(&self) -> BTreeSet<String> {
        let values = self.rules.iter().filter_map(|rule| rule.statement.proofs()).flatten();
        values.filter_map(|value| secret_arn(&value).map(str::to_string)).collect()
    }

    /// The tags with those that name the secrets.
    fn all_tags(&self) -> Tags {
        self.tags.with_secrets(&self.secrets())
    }

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
    /// than an ACL has: the same refuse by AWS names no figure.
    async fn rules(&self, aws: &Aws) -> Result<Vec<types::Rule>> {
        let held = aws.two_values(self.secrets()).await?;
        let mut rules = self.rules.clone();
        for rule in &mut rules {
            if let Some(values) = rule.statement.proofs() {
                rule.statement = rule.statement.with_proofs(held.reveal(&values)?);
            }
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
