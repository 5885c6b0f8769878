"""KMS."""

from ..overrides import override


# https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html: a key has one policy, `default`, which need
# not be named.
@override("kms", "GetKeyPolicy", "PutKeyPolicy")
def key_policy(call, request):
    return call.parsed({"PolicyName": "default"} | request)
