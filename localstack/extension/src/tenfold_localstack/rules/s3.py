"""S3."""

from localstack.services.s3.constants import DEFAULT_BUCKET_ENCRYPTION
from localstack.services.s3.models import s3_stores

from ..overrides import error, override


def _bucket(call, name: str):
    """Returns the bucket, whichever account and region it is in."""
    owner = s3_stores[call.account][call.region].global_bucket_map.get(name)
    for store in s3_stores[owner].values() if owner else ():
        if name in store.buckets:
            return store.buckets[name]
    return None


# https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html: Resets the encryption to the default,
# SSE-S3. Every bucket is encrypted.
@override("s3", "DeleteBucketEncryption")
def delete_bucket_encryption(call, request):
    answer = call()
    _bucket(call, request["Bucket"]).encryption_rule = DEFAULT_BUCKET_ENCRYPTION
    return answer


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html: If-Match on a delete compares the ETag
# of the current version; * requires that the object exists.
@override("s3", "DeleteObject")
def delete_object(call, request):
    wanted, bucket = request.get("IfMatch"), _bucket(call, request["Bucket"])
    if not wanted or bucket is None:
        return call()
    current = bucket.objects.get(request["Key"])
    etag = getattr(current, "etag", None)
    if etag is None:
        raise error("NoSuchKey", "The specified key does not exist.", 404)
    if wanted != "*" and wanted.strip('"') != etag:
        raise error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412)
    return call.parsed({name: value for name, value in request.items() if name != "IfMatch"})
