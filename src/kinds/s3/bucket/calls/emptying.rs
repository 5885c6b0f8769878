//! Empties a bucket, because S3 deletes only an empty one: page by page, one step per call.
use crate::aws::Aws;
use crate::error::{CloudError, Result, ResultExt};
use aws_sdk_s3::types::{Delete, MultipartUpload, ObjectIdentifier};
use futures::future::try_join_all;

/// The maximum number of objects in one s3:DeleteObjects call.
const PAGE: i32 = 1000;

/// The result of one step.
pub enum Step {
    /// Nothing was left to delete, or the bucket does not exist.
    Empty,
    /// The number of object versions and delete markers, or of incomplete uploads.
    Deleted(usize),
}

/// Deletes one page of object versions and delete markers or, once there are none, of incomplete
/// uploads.
pub async fn step(bucket: &str, aws: &Aws) -> Result<Step> {
    let objects = objects(bucket, aws).await?;
    if !objects.is_empty() {
        let count = objects.len();
        delete(bucket, objects, aws).await?;
        return Ok(Step::Deleted(count));
    }
    let uploads = uploads(bucket, aws).await?;
    let abort = |upload: &MultipartUpload| {
        let key = upload.key.clone().unwrap_or_default();
        let upload_id = upload.upload_id.clone().unwrap_or_default();
        async move {
            let call = || {
                let call = aws.s3.abort_multipart_upload().bucket(bucket);
                call.key(&key).upload_id(&upload_id).send()
            };
            aws.safe("s3:AbortMultipartUpload", call).await.allow(&["NoSuchUpload"])
        }
    };
    try_join_all(uploads.iter().map(abort)).await?;
    Ok(if uploads.is_empty() { Step::Empty } else { Step::Deleted(uploads.len()) })
}

async fn objects(bucket: &str, aws: &Aws) -> Result<Vec<ObjectIdentifier>> {
    let call = || aws.s3.list_object_versions().bucket(bucket).max_keys(PAGE).send();
    let Some(page) = aws.safe("s3:ListObjectVersions", call).await.found()? else {
        return Ok(Vec::new());
    };
    let versions = page.versions.unwrap_or_default().into_iter();
    let versions = versions.map(|version| (version.key, version.version_id));
    let markers = page.delete_markers.unwrap_or_default().into_iter();
    let all = versions.chain(markers.map(|marker| (marker.key, marker.version_id)));
    // Building an identifier fails only without a key.
    let object = |(key, version): (Option<String>, Option<String>)| {
        ObjectIdentifier::builder().key(key?).set_version_id(version).build().ok()
    };
    Ok(all.filter_map(object).collect())
}

async fn delete(bucket: &str, objects: Vec<ObjectIdentifier>, aws: &Aws) -> Result<()> {
    let delete = Delete::builder().set_objects(Some(objects)).quiet(true).build();
    let delete = delete.map_err(|error| CloudError::internal(error.to_string()))?;
    let call = || aws.s3.delete_objects().bucket(bucket).delete(delete.clone()).send();
    let Some(answer) = aws.safe("s3:DeleteObjects", call).await.found()? else {
        return Ok(());
    };
    let Some(error) = answer.errors.and_then(|errors| errors.into_iter().next()) else {
        return Ok(());
    };
    Err(CloudError {
        operation: "s3:DeleteObjects".into(),
        code: error.code.unwrap_or_default(),
        ..CloudError::refused(format!(
            "{} ({})",
            error.message.unwrap_or_default(),
            error.key.unwrap_or_default()
        ))
    })
}

async fn uploads(bucket: &str, aws: &Aws) -> Result<Vec<MultipartUpload>> {
    let call = || aws.s3.list_multipart_uploads().bucket(bucket).max_uploads(PAGE).send();
    let found = aws.safe("s3:ListMultipartUploads", call).await.found()?;
    Ok(found.and_then(|page| page.uploads).unwrap_or_default())
}
