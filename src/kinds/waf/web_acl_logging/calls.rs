use super::{ActionCondition, Condition, Filter, FilterRule, WebAclLogging};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::{CloudError, Result};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::waf::calls::built;
use crate::kinds::waf::web_acl::calls::convert;
use crate::kinds::waf::web_acl::{WebAcl, scope_of};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_wafv2::operation::list_logging_configurations::ListLoggingConfigurationsOutput;
use aws_sdk_wafv2::types;
use futures::future::{try_join, try_join_all};

impl Calls for WebAclLogging {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let scopes =
            try_join_all(listing.aws.waf_scopes().iter().map(|scope| in_scope(scope, listing.aws)));
        let (found, acls) = try_join(scopes, listing.of::<WebAcl>()).await?;
        let read = |config| read(config, &acls);
        Ok(found.into_iter().flatten().filter_map(read).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await
    }

    async fn update(&self, _live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let arn = &live.spec.resource_arn;
        let delete = || aws.waf_of(scope_of(arn)).delete_logging_configuration();
        let call = || delete().resource_arn(arn).send();
        aws.delete("wafv2:DeleteLoggingConfiguration", call).await
    }
}

impl WebAclLogging {
    async fn put(&self, aws: &Aws) -> Result<Outputs> {
        let config = self.configuration()?;
        let put = || aws.waf_of(scope_of(&self.resource_arn)).put_logging_configuration();
        let call = || put().logging_configuration(config.clone()).send();
        aws.safe("wafv2:PutLoggingConfiguration", call).await?;
        Ok(Outputs::new())
    }

    fn configuration(&self) -> Result<types::LoggingConfiguration> {
        let redacted: Vec<_> =
            self.redacted_fields.iter().map(convert::field).collect::<Result<_>>()?;
        let filters: Vec<_> =
            self.logging_filter.filters.iter().map(filter).collect::<Result<_>>()?;
        let behavior = self.logging_filter.default_behavior.as_str().into();
        let filter =
            types::LoggingFilter::builder().default_behavior(behavior).set_filters(Some(filters));
        built(
            types::LoggingConfiguration::builder()
                .resource_arn(&self.resource_arn)
                .set_log_destination_configs(Some(self.log_destination_configs.clone()))
                .set_redacted_fields(Some(redacted))
                .logging_filter(built(filter.build())?)
                .build(),
        )
    }
}

fn filter(rule: &FilterRule) -> Result<types::Filter> {
    let condition = |condition: &Condition| {
        let action = condition.action_condition.action.as_str().into();
        let action = built(types::ActionCondition::builder().action(action).build())?;
        Ok(types::Condition::builder().action_condition(action).build())
    };
    let conditions: Vec<_> =
        rule.conditions.iter().map(condition).collect::<std::result::Result<_, CloudError>>()?;
    built(
        types::Filter::builder()
            .behavior(rule.behavior.as_str().into())
            .requirement(rule.requirement.as_str().into())
            .set_conditions(Some(conditions))
            .build(),
    )
}

async fn in_scope(scope: &str, aws: &Aws) -> Result<Vec<types::LoggingConfiguration>> {
    let call = |marker| {
        let list = aws.waf_of(scope).list_logging_configurations().scope(scope.into());
        list.limit(100).set_next_marker(marker).send()
    };
    let take =
        |page: ListLoggingConfigurationsOutput| (page.next_marker, page.logging_configurations);
    aws.pages("wafv2:ListLoggingConfigurations", call, take).await
}

fn read(config: types::LoggingConfiguration, acls: &[Live<WebAcl>]) -> Option<Live<WebAclLogging>> {
    let acl = acls.iter().find(|acl| acl.handle == config.resource_arn)?;
    let redacted = config.redacted_fields.unwrap_or_default().into_iter();
    let spec = WebAclLogging {
        resource_arn: config.resource_arn,
        log_destination_configs: config.log_destination_configs,
        redacted_fields: redacted.map(|field| convert::read_field(Some(field))).collect(),
        logging_filter: read_filter(config.logging_filter),
    };
    let id = Id::new(WebAclLogging::INFO.name, &acl.id.name);
    let owner = Owner { id, component: acl.component.clone() };
    Some(owner.live(spec.resource_arn.clone(), spec, Outputs::new()))
}

fn read_filter(filter: Option<types::LoggingFilter>) -> Filter {
    let Some(filter) = filter else {
        return Filter { default_behavior: "KEEP".into(), filters: Vec::new() };
    };
    let condition = |condition: types::Condition| {
        let action = condition.action_condition?.action.as_str().to_string();
        Some(Condition { action_condition: ActionCondition { action } })
    };
    let rule = |rule: types::Filter| FilterRule {
        behavior: rule.behavior.as_str().to_string(),
        requirement: rule.requirement.as_str().to_string(),
        conditions: rule.conditions.into_iter().filter_map(condition).collect(),
    };
    Filter {
        default_behavior: filter.default_behavior.as_str().to_string(),
        filters: filter.filters.into_iter().map(rule).collect(),
    }
}
