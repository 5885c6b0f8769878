use super::{FilterDimension, MetricFilter, Transformation, outputs};
use crate::aws::Aws;
use crate::aws::tags::{self, Owner};
use crate::error::Result;
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::logs::calls::LOGS_PAGE;
use crate::kinds::logs::log_group::LogGroup;
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_cloudwatchlogs::types;
use std::collections::HashMap;

impl Calls for MetricFilter {
    /// Metric filters do not support tags. A filter is the stack's if its log group is the stack's and
    /// its name has the stack's prefix.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        // Without the name of a group, AWS lists the filters of all groups.
        let call = |token| {
            aws.logs.describe_metric_filters().limit(LOGS_PAGE).set_next_token(token).send()
        };
        let filters = aws.pages("logs:DescribeMetricFilters", call, |page| {
            (page.next_token, page.metric_filters)
        });
        let (filters, groups) = futures::try_join!(filters, listing.of::<LogGroup>())?;
        let read = |filter| read(filter, &groups, listing.stack);
        Ok(filters.into_iter().filter_map(read).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await?;
        Ok(outputs(&self.filter_name))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || {
            let delete = aws.logs.delete_metric_filter().filter_name(&live.spec.filter_name);
            delete.log_group_name(&live.spec.log_group_name).send()
        };
        aws.delete("logs:DeleteMetricFilter", call).await
    }
}

impl MetricFilter {
    /// Sets all properties: AWS removes those that the call omits.
    async fn put(&self, aws: &Aws) -> Result<()> {
        let call = || {
            let transformations = self.metric_transformations.iter().filter_map(transformation);
            aws.logs
                .put_metric_filter()
                .filter_name(&self.filter_name)
                .log_group_name(&self.log_group_name)
                .filter_pattern(&self.filter_pattern)
                .set_metric_transformations(Some(transformations.collect()))
                .send()
        };
        aws.safe("logs:PutMetricFilter", call).await.map(drop)
    }
}

/// Building one fails only without a name, a namespace or a value.
fn transformation(of: &Transformation) -> Option<types::MetricTransformation> {
    let pair = |dimension: &FilterDimension| (dimension.key.clone(), dimension.value.clone());
    let dimensions: HashMap<_, _> = of.dimensions.iter().map(pair).collect();
    types::MetricTransformation::builder()
        .metric_namespace(&of.metric_namespace)
        .metric_name(&of.metric_name)
        .metric_value(&of.metric_value)
        .set_default_value(of.default_value)
        .set_unit(of.unit.as_deref().map(Into::into))
        .set_dimensions((!dimensions.is_empty()).then_some(dimensions))
        .build()
        .ok()
}

fn read_transformation(of: types::MetricTransformation) -> Transformation {
    let pairs = of.dimensions.unwrap_or_default().into_iter();
    let mut dimensions: Vec<FilterDimension> =
        pairs.map(|(key, value)| FilterDimension { key, value }).collect();
    dimensions.sort_by(|a, b| a.key.cmp(&b.key));
    // AWS returns `None` if no unit was set.
    let unit = of.unit.filter(|unit| *unit != types::StandardUnit::None);
    Transformation {
        metric_namespace: of.metric_namespace,
        metric_name: of.metric_name,
        metric_value: of.metric_value,
        default_value: of.default_value,
        unit: unit.map(|unit| unit.as_str().to_string()),
        dimensions,
    }
}

fn read(
    filter: types::MetricFilter,
    groups: &[Live<LogGroup>],
    stack: &str,
) -> Option<Live<MetricFilter>> {
    let log_group_name = filter.log_group_name?;
    let group = groups.iter().find(|group| group.handle == log_group_name)?;
    let filter_name = filter.filter_name?;
    let owner = tags::owner_by_name::<MetricFilter>(&filter_name, stack)?;
    let transformations = filter.metric_transformations.unwrap_or_default();
    let (handle, outputs) = (format!("{log_group_name}:{filter_name}"), outputs(&filter_name));
    let spec = MetricFilter {
        filter_name,
        log_group_name,
        filter_pattern: filter.filter_pattern.unwrap_or_default(),
        metric_transformations: transformations.into_iter().map(read_transformation).collect(),
    };
    let component = group.component.clone();
    Some(Owner { component, ..owner }.live(handle, spec, outputs))
}
