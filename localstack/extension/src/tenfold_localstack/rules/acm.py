"""Certificate Manager."""

import time

from localstack.services.apigateway.models import apigateway_stores
from moto.acm.models import CertBundle, acm_backends
from moto.elbv2.models import elbv2_backends

from .. import settings
from ..lists import answer as paged
from ..overrides import error, override
from . import cloudfront, route53


def _certificate(call, arn: str):
    found = acm_backends[call.account][call.region]._certificates.get(arn)
    if found is None:
        raise error("ResourceNotFoundException", f"Could not find certificate {arn}.")
    return found


def _record(certificate) -> dict:
    options = certificate.describe()["Certificate"]["DomainValidationOptions"]
    return options[0]["ResourceRecord"]


# https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html: A certificate is pending until its validation
# record exists in DNS, then issued. (LocalStack itself issues it after some seconds, with or without the record.)
def _issue_if_validated(call, certificate) -> None:
    if certificate.type != "AMAZON_ISSUED" or certificate.status != "PENDING_VALIDATION":
        return
    record = _record(certificate)
    found = route53.find(call.account, record["Name"], "CNAME")
    values = [one["Value"].rstrip(".") for one in (found or {}).get("ResourceRecords") or []]
    if record["Value"].rstrip(".") not in values:
        return
    # ACM checks for the record periodically.
    since = certificate.__dict__.setdefault("record_found_at", time.monotonic())
    if time.monotonic() - since >= settings.delay():
        certificate.status = "ISSUED"


CertBundle.check = lambda self: None


@override("acm", "RequestCertificate")
def request_certificate(call, request):
    answer = call()
    _certificate(call, answer["CertificateArn"]).__dict__.setdefault("requested_at", time.monotonic())
    return answer


# https://docs.aws.amazon.com/acm/latest/APIReference/API_DescribeCertificate.html: The response has no validation
# record for the first seconds.
@override("acm", "DescribeCertificate")
def describe_certificate(call, request):
    certificate = _certificate(call, request["CertificateArn"])
    _issue_if_validated(call, certificate)
    answer = call()
    answer["Certificate"]["InUseBy"] = _used_by(call, request["CertificateArn"])
    if time.monotonic() - getattr(certificate, "requested_at", 0) < settings.delay():
        for option in answer["Certificate"].get("DomainValidationOptions") or []:
            option.pop("ResourceRecord", None)
    return answer


# https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html: Up to 1000 certificates a page. Without
# Includes, only those with RSA keys of 1024 or 2048 bits.
@override("acm", "ListCertificates")
def list_certificates(call, request):
    for certificate in acm_backends[call.account][call.region]._certificates.values():
        _issue_if_validated(call, certificate)
    answer = call()
    everything = answer.get("CertificateSummaryList") or []
    size = request.get("MaxItems") or 1000
    return paged("CertificateSummaryList", everything, request, size, "NextToken", "ValidationException")


def _used_by(call, arn: str) -> list[str]:
    users = [
        balancer.arn
        for balancer in elbv2_backends[call.account][call.region].load_balancers.values()
        if any(arn in listener.certificates for listener in balancer.listeners.values())
    ]
    of = lambda config: (config.get("ViewerCertificate") or {}).get("ACMCertificateArn")  # noqa: E731
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains-prerequisites.html
    for name, domain in apigateway_stores[call.account][call.region].domain_names.items():
        if arn in (domain.get("regionalCertificateArn"), domain.get("certificateArn")):
            users.append(f"arn:aws:apigateway:{call.region}::/domainnames/{name}")
    return users + cloudfront.arns_using(call.account, lambda config: of(config) == arn)


# https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html: A certificate in use by another
# service cannot be deleted.
@override("acm", "DeleteCertificate")
def delete_certificate(call, request):
    if _used_by(call, request["CertificateArn"]):
        raise error("ResourceInUseException", f"Certificate {request['CertificateArn']} is in use.")
    return call()
