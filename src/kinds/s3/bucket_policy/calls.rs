use super::{BucketPolicy, outputs};
use crate::aws::Aws;
use crate::aws::tags::Owner;
use crate::error::{CloudError, Result, ResultExt};
use crate::kinds::contract::{Calls, Listing};
use crate::kinds::s3::bucket::Bucket;
use crate::policy::Policy;
use crate::resource::{Id, Live, Outputs, Progress};
use crate::spec::Spec;
use futures::future::try_join_all;

impl Calls for BucketPolicy {
    async fn list(listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        let buckets = listing.of::<Bucket>().await?;
        let found = buckets.iter().map(|bucket| read(bucket, listing.aws));
        Ok(try_join_all(found).await?.into_iter().flatten().collect())
    }

    async fn create(&self, _id: &Id, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await
    }

    async fn update(&self, _live: &Live<Self>, aws: &Aws) -> Result<Outputs> {
        self.put(aws).await
    }

    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<Progress> {
        let call = || aws.s3.delete_bucket_policy().bucket(&live.spec.bucket).send();
        aws.delete("s3:DeleteBucketPolicy", call).await
    }
}

impl BucketPolicy {
    async fn put(&self, aws: &Aws) -> Result<Outputs> {
        let text = self.policy_document.to_string();
        let call = || aws.s3.put_bucket_policy().bucket(&self.bucket).policy(&text).send();
        aws.safe("s3:PutBucketPolicy", call).await?;
        Ok(outputs(self))
    }
}

async fn read(bucket: &Live<Bucket>, aws: &Aws) -> Result<Option<Live<BucketPolicy>>> {
    let name = &bucket.spec.bucket_name;
    let call = || aws.s3.get_bucket_policy().bucket(name).send();
    let found = aws.safe("s3:GetBucketPolicy", call).await.found()?;
    let Some(text) = found.and_then(|found| found.policy) else { return Ok(None) };
    let explain =
        |error| CloudError::refused(format!("the policy of bucket {name} is not valid: {error}"));
    let policy_document = Policy::parse(&text).map_err(explain)?;
    let spec = BucketPolicy { bucket: name.clone(), policy_document };
    let id = Id::new(BucketPolicy::INFO.name, &bucket.id.name);
    let owner = Owner { id, component: bucket.component.clone() };
    let outputs = outputs(&spec);
    Ok(Some(owner.live(name, spec, outputs)))
}
