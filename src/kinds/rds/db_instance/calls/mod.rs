mod change;
mod create;
mod read;

use super::DbInstance;
use crate::aws::Aws;
use crate::error::{Class, CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::resource::{Id, Live, Outputs, Progress};
use aws_sdk_rds::types::DbInstance as Found;
use aws_smithy_types::DateTime;
use std::time::SystemTime;

impl Calls for DbInstance {
    /// Instances being deleted are not listed.
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let aws = listing.aws;
        let call = |marker| aws.rds.describe_db_instances().set_marker(marker).send();
        let found = aws
            .pages("rds:DescribeDBInstances", call, |page| (page.marker, page.db_instances))
            .await?;
        let stays = found.iter().filter(|instance| status(instance) != DELETING);
        Ok(stays.filter_map(|instance| read::live(instance, listing)).collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        let created = match &self.source_db_instance_identifier {
            Some(source) => self.create_replica(source, aws).await,
            None => self.create_primary(aws).await,
        };
        let name = &self.db_instance_identifier;
        match created {
            // The name becomes free once the deletion is complete.
            Err(error) if error.class == Class::Exists && is_being_deleted(name, aws).await? => {
                let message = format!("{name} is being deleted");
                Err(CloudError { class: Class::InUse, message, ..error })
            }
            Err(error) => Err(error),
            Ok(Some(instance)) => Ok(read::outputs(&instance)),
            Ok(None) => Err(CloudError::internal("RDS returned no instance")),
        }
    }

    async fn ready(outputs: &Outputs, aws: &Aws) -> Result<Progress> {
        let Some(instance) = find(&outputs["name"], aws).await? else {
            return Ok(Progress::not_visible());
        };
        if let Some(problem) = read::failure(&instance) {
            return Err(CloudError::refused(format!("the instance failed: {problem}")));
        }
        match read::in_progress(&instance) {
            Some(status) => Ok(Progress::Waiting(status)),
            None => Ok(Progress::Done),
        }
    }

    /// Sets what a replica cannot be created with, and returns outputs that are known only now.
    async fn finish(&self, outputs: &Outputs, aws: &Aws) -> Result<Outputs> {
        let Some(instance) = find(&outputs["name"], aws).await? else {
            return Ok(outputs.clone());
        };
        let known = read::outputs(&instance);
        self.change(&read::spec(&instance, aws), &instance, aws).await?;
        Ok(known)
    }

    async fn update(&self, live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        let name = &live.spec.db_instance_identifier;
        let Some(instance) = find(name, aws).await? else {
            let message = format!("{name} does not exist any more");
            return Err(CloudError::plain(Class::NotFound, message));
        };
        self.change(&live.spec, &instance, aws).await?;
        // The tags that store what was requested are not among the live ones, and are set each time.
        aws.retag_rds(&live.outputs["arn"], &live.spec.tags, &self.tags_with_requested()).await?;
        let mut outputs = read::outputs(&instance);
        outputs.insert("port".into(), self.port.to_string());
        Ok(outputs)
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let name = &live.spec.db_instance_identifier;
        let Some(instance) = find(name, aws).await? else { return Ok(Progress::Done) };
        // Another instance may have this name by now.
        if instance.dbi_resource_id.as_ref() != live.outputs.get("resource_id") {
            return Ok(Progress::Done);
        }
        if status(&instance) == DELETING {
            return Ok(Progress::Waiting(DELETING.into()));
        }
        let snapshot = (!live.spec.is_replica()).then(|| final_snapshot(name));
        let call = || {
            aws.rds
                .delete_db_instance()
                .db_instance_identifier(name)
                .skip_final_snapshot(snapshot.is_none())
                .set_final_db_snapshot_identifier(snapshot.clone())
                .send()
        };
        match aws.safe("rds:DeleteDBInstance", call).await.found()? {
            Some(_) => Ok(Progress::Waiting(DELETING.into())),
            None => Ok(Progress::Done),
        }
    }
}

const DELETING: &str = "deleting";

/// RDS's word for the status of an instance.
fn status(instance: &Found) -> &str {
    instance.db_instance_status.as_deref().unwrap_or_default()
}

async fn find(name: &str, aws: &Aws) -> Result<Option<Found>> {
    let call = || aws.rds.describe_db_instances().db_instance_identifier(name).send();
    let found = aws.safe("rds:DescribeDBInstances", call).await.found()?;
    Ok(found.and_then(|page| page.db_instances?.pop()))
}

async fn is_being_deleted(name: &str, aws: &Aws) -> Result<bool> {
    Ok(find(name, aws).await?.is_some_and(|instance| status(&instance) == DELETING))
}

/// The name of the final snapshot of a primary. It contains the time, because an earlier instance of
/// the same name may have left a snapshot too.
fn final_snapshot(name: &str) -> String {
    let now = DateTime::from(SystemTime::now()).secs();
    format!("{name}-final-{now}")
}
