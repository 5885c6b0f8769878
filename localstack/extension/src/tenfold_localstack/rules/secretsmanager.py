"""Secrets Manager."""

from moto.secretsmanager.models import FakeSecret, secretsmanager_backends

from ..overrides import override


# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html, ClientRequestToken: If a version
# with the same token and the same content exists, the request succeeds and changes nothing.
@override("secretsmanager", "CreateSecret")
def create_secret(call, request):
    secret = secretsmanager_backends[call.account][call.region].secrets.get(request["Name"])
    token = request.get("ClientRequestToken")
    if not isinstance(secret, FakeSecret) or secret.deleted_date is not None or token not in secret.versions:
        return call()
    version, sent = secret.versions[token], (request.get("SecretString"), request.get("SecretBinary"))
    if (version.get("secret_string"), version.get("secret_binary")) != sent:
        return call()
    return {"ARN": secret.arn, "Name": secret.name, "VersionId": token}
