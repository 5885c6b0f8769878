pub mod run;

use super::{QueryDefinition, RESULTS, START, outputs};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::{CloudError, Result};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_cloudwatchlogs::operation::describe_query_definitions::DescribeQueryDefinitionsOutput;
use aws_sdk_cloudwatchlogs::types;
use futures::future::try_join_all;
use serde_json::Value;

impl Calls for QueryDefinition {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let prefix = format!("{}/", listing.stack);
        let of = |region| named(&prefix, region, listing.aws);
        let regions = listing.aws.logs_regions();
        let found = try_join_all(regions.iter().copied().map(of)).await?;
        let found = regions.iter().zip(found).flat_map(|(region, found)| {
            found.into_iter().filter_map(|query| read(query, *region, &prefix))
        });
        Ok(found.collect())
    }

    /// AWS allows several queries of one name. If an earlier run created the query and crashed
    /// before it could record the ID, this updates that query. Within this run, the client token
    /// keeps a repeated call from creating a second one.
    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let found = named(&self.name, self.region.as_deref(), aws).await?;
        let same = found.into_iter().find(|query| query.name.as_deref() == Some(&self.name));
        let id = self.put(same.and_then(|query| query.query_definition_id), aws).await?;
        Ok(outputs(id, &self.name))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.put(Some(live.handle.clone()), aws).await?;
        Ok(outputs(live.handle.clone(), &self.name))
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let logs = aws.logs_in(live.spec.region.as_deref());
        let call = || logs.delete_query_definition().query_definition_id(&live.handle).send();
        aws.delete("logs:DeleteQueryDefinition", call).await
    }

    async fn act(live: &Live<Self>, action: &str, arguments: &Value, aws: &Aws) -> Result<Value> {
        match action {
            START => live.spec.start(arguments, aws).await,
            RESULTS => live.spec.results(arguments, aws).await,
            _ => Err(CloudError::internal(format!("{} has no action {action}", live.id))),
        }
    }
}

impl QueryDefinition {
    /// Sets all properties of the query with this ID, or of a new one. Returns the ID.
    async fn put(&self, id: Option<String>, aws: &Aws) -> Result<String> {
        // CloudWatch Logs rejects tokens of fewer than 36 characters.
        let token = format!("tenfold-{}", aws.token());
        let call = || {
            aws.logs_in(self.region.as_deref())
                .put_query_definition()
                .name(&self.name)
                .query_string(&self.query_string)
                .set_log_group_names(Some(self.log_group_names.iter().cloned().collect()))
                .set_query_definition_id(id.clone())
                .client_token(&token)
                .send()
        };
        let response = aws.safe("logs:PutQueryDefinition", call).await?;
        Ok(response.query_definition_id.unwrap_or_default())
    }
}

/// The queries whose names start with a prefix.
async fn named(
    prefix: &str,
    region: Option<&str>,
    aws: &Aws,
) -> Result<Vec<types::QueryDefinition>> {
    let call = |token| {
        let logs = aws.logs_in(region);
        let describe = logs.describe_query_definitions().query_definition_name_prefix(prefix);
        describe.max_results(1000).set_next_token(token).send()
    };
    let take = |page: DescribeQueryDefinitionsOutput| (page.next_token, page.query_definitions);
    aws.pages("logs:DescribeQueryDefinitions", call, take).await
}

fn read(
    query: types::QueryDefinition,
    region: Option<&str>,
    prefix: &str,
) -> Option<Live<QueryDefinition>> {
    let (name, handle) = (query.name?, query.query_definition_id?);
    let id = Id::new(QueryDefinition::INFO.name, name.strip_prefix(prefix)?);
    let outputs = outputs(handle.clone(), &name);
    let spec = QueryDefinition {
        name,
        query_string: query.query_string.unwrap_or_default(),
        log_group_names: query.log_group_names.unwrap_or_default().into_iter().collect(),
        region: region.map(str::to_string),
    };
    Some(Owner { id, component: Some("monitoring".into()) }.live(handle, spec, outputs))
}
