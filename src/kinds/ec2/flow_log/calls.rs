use super::{DEFAULT_FORMAT, FlowLog, outputs};
use crate::aws::{Aws, all_succeeded, tags};
use crate::error::{Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::ec2::calls::{from_ec2, stack_filter, tag_specification};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use aws_sdk_ec2::types::{self, FlowLogsResourceType, LogDestinationType, ResourceType};

impl Calls for FlowLog {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |token| {
            let filter = stack_filter(listing.stack);
            aws.ec2.describe_flow_logs().filter(filter).set_next_token(token).send()
        };
        let found = aws
            .pages("ec2:DescribeFlowLogs", call, |page| (page.next_token, page.flow_logs))
            .await?;
        Ok(found.into_iter().filter_map(|log| read(log, listing.stack)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let operation = "ec2:CreateFlowLogs";
        let token = aws.token();
        let call = || {
            aws.ec2
                .create_flow_logs()
                .resource_ids(&self.resource_id)
                .resource_type(FlowLogsResourceType::from(self.resource_type.as_str()))
                .traffic_type(types::TrafficType::from(self.traffic_type.as_str()))
                .log_destination_type(LogDestinationType::from(self.log_destination_type.as_str()))
                .log_destination(&self.log_destination)
                .max_aggregation_interval(self.max_aggregation_interval)
                .set_log_format(self.log_format.clone())
                .client_token(&token)
                .tag_specifications(tag_specification(&self.tags, ResourceType::VpcFlowLog))
                .send()
        };
        let response = aws.safe(operation, call).await?;
        all_succeeded(operation, response.unsuccessful)?;
        Ok(outputs(response.flow_log_ids.and_then(|mut ids| ids.pop()).unwrap_or_default()))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        aws.retag_ec2(&live.handle, &live.spec.tags, &self.tags).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let operation = "ec2:DeleteFlowLogs";
        let call = || aws.ec2.delete_flow_logs().flow_log_ids(&live.handle).send();
        if let Some(response) = aws.safe(operation, call).await.found()? {
            all_succeeded(operation, response.unsuccessful).found()?;
        }
        Ok(Progress::Done)
    }
}

fn read(log: types::FlowLog, stack: &str) -> Option<Live<FlowLog>> {
    let tags = from_ec2(log.tags.as_deref());
    let owner = tags::owner::<FlowLog>(&tags, stack)?;
    let handle = log.flow_log_id?;
    let text = |value: Option<&str>| value.unwrap_or_default().to_string();
    let resource_id = log.resource_id.unwrap_or_default();
    let condition = match log.deliver_logs_status.as_deref() {
        Some("FAILED") => Condition::Failed(text(log.deliver_logs_error_message.as_deref())),
        _ => Condition::Ready,
    };
    let outputs = outputs(handle.clone());
    let destination_type = log.log_destination_type.as_ref().map(LogDestinationType::as_str);
    let spec = FlowLog {
        resource_type: resource_type(&resource_id).as_str().to_string(),
        resource_id,
        traffic_type: text(log.traffic_type.as_ref().map(types::TrafficType::as_str)),
        log_destination_type: text(destination_type),
        log_destination: log.log_destination.unwrap_or_default(),
        max_aggregation_interval: log.max_aggregation_interval.unwrap_or_default(),
        log_format: log.log_format.filter(|format| format != DEFAULT_FORMAT),
        tags,
    };
    Some(Live { condition, ..owner.live(handle, spec, outputs) })
}

/// The type of the resource with an ID. CreateFlowLogs requires the type, but DescribeFlowLogs does
/// not return it.
fn resource_type(id: &str) -> FlowLogsResourceType {
    match id.split('-').next() {
        Some("subnet") => FlowLogsResourceType::Subnet,
        Some("eni") => FlowLogsResourceType::NetworkInterface,
        _ => FlowLogsResourceType::Vpc,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::ec2::calls::to_ec2;
    use crate::tags::{NAME, STACK};

    #[test]
    fn reads_default_format_as_absent() {
        let tags = [(STACK, "shop"), (NAME, "main")].into_iter().collect();
        let log = |format: &str| {
            let log = types::FlowLog::builder()
                .flow_log_id("fl-1")
                .resource_id("vpc-1")
                .log_format(format)
                .deliver_logs_status("FAILED")
                .deliver_logs_error_message("Access error")
                .set_tags(Some(to_ec2(&tags)))
                .build();
            read(log, "shop").unwrap()
        };
        let default = "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} \
                       ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} \
                       ${log-status}";
        assert_eq!(log(default).spec.log_format, None);
        assert_eq!(log("${srcaddr}").spec.log_format.as_deref(), Some("${srcaddr}"));
        assert_eq!(log(default).spec.resource_type, "VPC");
        assert_eq!(log(default).condition, Condition::Failed("Access error".into()));
    }
}
