"""KMS."""

from ..overrides import override


# https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html: A key has one policy, `default`, whose name
# is optional in requests.
@override("kms", "GetKeyPolicy", "PutKeyPolicy")
def key_policy(call, request):
    return call.parsed({"PolicyName": "default"} | request)
