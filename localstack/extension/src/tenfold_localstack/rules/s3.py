"""S3."""

from localstack.services.s3.constants import DEFAULT_BUCKET_ENCRYPTION
from localstack.services.s3.models import s3_stores

from ..overrides import override


# https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html: resets it to the default, SSE-S3;
# there is no bucket without encryption.
@override("s3", "DeleteBucketEncryption")
def delete_bucket_encryption(call, request):
    answer = call()
    store = s3_stores[call.account][call.region]
    owner = store.global_bucket_map.get(request["Bucket"], call.account)
    for region in s3_stores[owner].values():
        if request["Bucket"] in region.buckets:
            region.buckets[request["Bucket"]].encryption_rule = DEFAULT_BUCKET_ENCRYPTION
    return answer
