use super::{Body, Dashboard, outputs, prefix};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use crate::spec::Spec;
use aws_sdk_cloudwatch::operation::list_dashboards::ListDashboardsOutput;
use aws_sdk_cloudwatch::types::DashboardValidationMessage;
use futures::future::try_join_all;

impl Calls for Dashboard {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let prefix = prefix(listing.stack, &aws.place.region);
        let call = |token| {
            let list = aws.cloudwatch.list_dashboards().dashboard_name_prefix(&prefix);
            list.set_next_token(token).send()
        };
        let take = |page: ListDashboardsOutput| (page.next_token, page.dashboard_entries);
        let found = aws.pages("cloudwatch:ListDashboards", call, take).await?;
        let names = found.into_iter().filter_map(|entry| entry.dashboard_name);
        let found = names.map(|name| read(name, &prefix, aws));
        Ok(try_join_all(found).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await?;
        Ok(outputs(&self.dashboard_name, &aws.place.region))
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await?;
        Ok(live.outputs.clone())
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.dashboard_name;
        let call = || aws.cloudwatch.delete_dashboards().dashboard_names(name).send();
        aws.delete("cloudwatch:DeleteDashboards", call).await
    }
}

impl Dashboard {
    /// Sets the body. CloudWatch stores a body with errors too, and reports them in a successful
    /// response. This returns them as an error, because the widget in question would show nothing.
    async fn put(&self, aws: &Aws) -> Result<()> {
        let call = || {
            let put = aws.cloudwatch.put_dashboard().dashboard_name(&self.dashboard_name);
            put.dashboard_body(self.dashboard_body.text()).send()
        };
        let response = aws.safe("cloudwatch:PutDashboard", call).await?;
        let problem = |found: DashboardValidationMessage| {
            let (path, message) = (found.data_path, found.message);
            format!("{} {}", path.unwrap_or_default(), message.unwrap_or_default())
        };
        let found = response.dashboard_validation_messages.unwrap_or_default();
        let problems: Vec<String> = found.into_iter().map(problem).collect();
        if problems.is_empty() {
            return Ok(());
        }
        let (name, problems) = (&self.dashboard_name, problems.join("; "));
        let message = format!("CloudWatch found errors in the body of {name}: {problems}");
        Err(CloudError::refused(message))
    }
}

async fn read(name: String, prefix: &str, aws: &Aws) -> Result<Option<Live<Dashboard>>> {
    let call = || aws.cloudwatch.get_dashboard().dashboard_name(&name).send();
    let found = aws.safe("cloudwatch:GetDashboard", call).await.found()?;
    let (Some(found), Some(own)) = (found, name.strip_prefix(prefix)) else { return Ok(None) };
    let id = Id::new(Dashboard::INFO.name, own);
    let outputs = outputs(&name, &aws.place.region);
    let dashboard_body = Body::parse(found.dashboard_body.unwrap_or_default());
    let spec = Dashboard { dashboard_name: name.clone(), dashboard_body };
    Ok(Some(Owner { id, component: Some("monitoring".into()) }.live(name, spec, outputs)))
}
