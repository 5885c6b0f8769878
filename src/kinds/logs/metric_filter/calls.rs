use super::{FilterDimension, MetricFilter, Transformation, outputs};
use crate::aws::{Aws, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::logs::log_group::LogGroup;
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_cloudwatchlogs::types;
use std::collections::HashMap;

impl Calls for MetricFilter {
    /// Metric filters have no tags. One is the stack's if its log group is, and ours by its name.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        // Without a group, those of all groups.
        let call =
            |token| aws.logs.describe_metric_filters().limit(50).set_next_token(token).send();
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
        aws.safe("logs:DeleteMetricFilter", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl MetricFilter {
    /// Sets all of it: what is left out here goes.
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

/// Building one fails without a name, a namespace or a value only.
fn transformation(of: &Transformation) -> Option<types::MetricTransformation> {
    let pair = |one: &FilterDimension| (one.key.clone(), one.value.clone());
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
    // What AWS fills in where no unit was given.
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
    let transformations = filter.metric_transformations.unwrap_or_default();
    Some(Live {
        id: tags::named::<MetricFilter>(&filter_name, stack)?,
        handle: format!("{log_group_name}:{filter_name}"),
        component: group.component.clone(),
        outputs: outputs(&filter_name),
        spec: MetricFilter {
            filter_name,
            log_group_name,
            filter_pattern: filter.filter_pattern.unwrap_or_default(),
            metric_transformations: transformations.into_iter().map(read_transformation).collect(),
        },
        condition: Condition::Ready,
    })
}
