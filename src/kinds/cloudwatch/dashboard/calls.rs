use super::{Body, Dashboard, outputs, prefix};
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Condition, Id, Live, Outputs, Progress};
use crate::spec::Spec;
use futures::future::try_join_all;

impl Calls for Dashboard {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let prefix = prefix(listing.stack, &aws.place.region);
        let call = |token| {
            let list = aws.cloudwatch.list_dashboards().dashboard_name_prefix(&prefix);
            list.set_next_token(token).send()
        };
        let take = |page: aws_sdk_cloudwatch::operation::list_dashboards::ListDashboardsOutput| {
            (page.next_token, page.dashboard_entries)
        };
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
        aws.safe("cloudwatch:DeleteDashboards", call).await.found()?;
        Ok(Progress::Done)
    }
}

impl Dashboard {
    /// AWS keeps a body that it finds fault with, and says so in a success: a widget that shows
    /// nothing would go unnoticed.
    async fn put(&self, aws: &Aws) -> Result<()> {
        let call = || {
            let put = aws.cloudwatch.put_dashboard().dashboard_name(&self.dashboard_name);
            put.dashboard_body(self.dashboard_body.text()).send()
        };
        let answer = aws.safe("cloudwatch:PutDashboard", call).await?;
        let faults = answer.dashboard_validation_messages.unwrap_or_default();
        let faults: Vec<String> = faults
            .into_iter()
            .map(|fault| {
                let (path, message) = (fault.data_path, fault.message);
                format!("{} {}", path.unwrap_or_default(), message.unwrap_or_default())
            })
            .collect();
        if faults.is_empty() {
            return Ok(());
        }
        let message = format!("CloudWatch finds fault with the body: {}", faults.join("; "));
        Err(CloudError::refused(message))
    }
}

async fn read(name: String, prefix: &str, aws: &Aws) -> Result<Option<Live<Dashboard>>> {
    let call = || aws.cloudwatch.get_dashboard().dashboard_name(&name).send();
    let found = aws.safe("cloudwatch:GetDashboard", call).await.found()?;
    let (Some(found), Some(own)) = (found, name.strip_prefix(prefix)) else { return Ok(None) };
    Ok(Some(Live {
        id: Id::new(Dashboard::INFO.name, own),
        handle: name.clone(),
        component: Some("monitoring".into()),
        outputs: outputs(&name, &aws.place.region),
        spec: Dashboard {
            dashboard_body: Body::parse(found.dashboard_body.unwrap_or_default()),
            dashboard_name: name,
        },
        condition: Condition::Ready,
    }))
}
