"""Certificate Manager."""

from moto.elbv2.models import elbv2_backends

from ..overrides import error, override


# https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html: not one that a service uses.
@override("acm", "DeleteCertificate")
def delete_certificate(call, request):
    for balancer in elbv2_backends[call.account][call.region].load_balancers.values():
        for listener in balancer.listeners.values():
            if request["CertificateArn"] in listener.certificates:
                raise error("ResourceInUseException", f"Certificate {request['CertificateArn']} is in use.")
    return call()
