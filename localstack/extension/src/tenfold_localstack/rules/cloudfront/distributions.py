"""Distributions, their invalidations and their additional metrics."""

import copy
import time

from ... import settings
from ...overrides import error, override
from . import (
    Item,
    add_tags,
    behaviors,
    check_quantities,
    check_version,
    get,
    items_of,
    new_id,
    now,
    paged,
    store,
)
from .policies import check_behavior

NO_DISTRIBUTION = "NoSuchDistribution"

# Values of members that a request leaves out.
# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html
_DEFAULTS = {
    "Aliases": {"Quantity": 0},
    "DefaultRootObject": "",
    "OriginGroups": {"Quantity": 0},
    "CacheBehaviors": {"Quantity": 0},
    "CustomErrorResponses": {"Quantity": 0},
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    "PriceClass": "PriceClass_All",
    "ViewerCertificate": {"CloudFrontDefaultCertificate": True},
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
    "WebACLId": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": True,
    "ContinuousDeploymentPolicyId": "",
    "Staging": False,
}
_BEHAVIOR = {
    "TrustedSigners": {"Enabled": False, "Quantity": 0},
    "TrustedKeyGroups": {"Enabled": False, "Quantity": 0},
    "AllowedMethods": {
        "Quantity": 2,
        "Items": ["HEAD", "GET"],
        "CachedMethods": {"Quantity": 2, "Items": ["HEAD", "GET"]},
    },
    "SmoothStreaming": False,
    "Compress": False,
    "LambdaFunctionAssociations": {"Quantity": 0},
    "FunctionAssociations": {"Quantity": 0},
    "FieldLevelEncryptionId": "",
    "GrpcConfig": {"Enabled": False},
}
_ORIGIN = {
    "OriginPath": "",
    "CustomHeaders": {"Quantity": 0},
    "ConnectionAttempts": 3,
    "ConnectionTimeout": 10,
    "OriginShield": {"Enabled": False},
    "OriginAccessControlId": "",
}
_CUSTOM_ORIGIN = {"OriginReadTimeout": 30, "OriginKeepaliveTimeout": 5}


def _filled(config: dict) -> dict:
    filled = copy.deepcopy({**_DEFAULTS, **config})
    for behavior in behaviors(filled):
        behavior.update(copy.deepcopy({**_BEHAVIOR, **behavior}))
    for origin in items_of(filled["Origins"]):
        origin.update(copy.deepcopy({**_ORIGIN, **origin}))
        for kind in ("CustomOriginConfig", "VpcOriginConfig"):
            if kind in origin:
                origin[kind] = {**_CUSTOM_ORIGIN, **origin[kind]}
    certificate = filled["ViewerCertificate"]
    if certificate.get("CloudFrontDefaultCertificate"):
        # API_ViewerCertificate.html: With CloudFront's own certificate, the protocol is TLSv1.
        certificate.update(MinimumProtocolVersion="TLSv1", SSLSupportMethod="vip", CertificateSource="cloudfront")
    return filled


def _check(call, config: dict, own: str | None) -> None:
    check_quantities(config)
    everything = store(call)
    origins = items_of(config["Origins"])
    if not origins:
        raise error("InvalidArgument", "A distribution needs an origin.")
    known = {origin["Id"] for origin in origins}
    for behavior in behaviors(config):
        if behavior["TargetOriginId"] not in known:
            raise error("NoSuchOrigin", "One or more of your origins or origin groups do not exist.", 404)
        check_behavior(call, behavior)
        for association in items_of(behavior.get("FunctionAssociations")):
            _check_function(everything, association["FunctionARN"])
    patterns = [behavior["PathPattern"] for behavior in items_of(config.get("CacheBehaviors"))]
    if len(patterns) != len(set(patterns)):
        raise error("InvalidArgument", "The parameter PathPattern contains duplicates.")
    for origin in origins:
        _check_origin(everything, origin)
    for other in everything.distributions.values():
        if other.id != own:
            taken = set(items_of(other.config["Aliases"])) & set(items_of(config.get("Aliases")))
            if taken:
                raise error("CNAMEAlreadyExists", f"One of the CNAMEs is taken: {sorted(taken)[0]}", 409)
    if items_of(config.get("Aliases")) and (config.get("ViewerCertificate") or {}).get("CloudFrontDefaultCertificate"):
        raise error("InvalidViewerCertificate", "To add an alternate domain name, attach a trusted certificate.")


def _check_function(everything, arn: str) -> None:
    # API_FunctionAssociation.html: Only published functions can be associated.
    function = everything.functions.get(arn.rpartition("/")[2])
    if function is None or "live" not in function.extra:
        raise error("InvalidFunctionAssociation", f"The function is not published: {arn}")


def _check_origin(everything, origin: dict) -> None:
    # API_Origin.html: An origin is a bucket, a VPC origin or another server.
    kinds = [kind for kind in ("S3OriginConfig", "CustomOriginConfig", "VpcOriginConfig") if kind in origin]
    if len(kinds) != 1:
        raise error("InvalidOrigin", f"The origin {origin['Id']} must have one configuration, not {len(kinds)}.")
    control = origin.get("OriginAccessControlId")
    if control and control not in everything.access_controls:
        raise error("InvalidOriginAccessControl", f"The origin access control does not exist: {control}")
    if control and kinds != ["S3OriginConfig"]:
        raise error("InvalidDomainNameForOriginAccessControl", "The origin type and the domain name do not match.")
    if kinds == ["VpcOriginConfig"]:
        get(everything.vpc_origins, origin["VpcOriginConfig"]["VpcOriginId"], "EntityNotFound")
    if any(header["HeaderName"].lower() == "host" for header in items_of(origin.get("CustomHeaders"))):
        raise error("InvalidArgument", "The header Host cannot be set.")


def _status(item: Item) -> str:
    return "Deployed" if item.is_deployed else "InProgress"


def _described(item: Item) -> dict:
    return {
        "Id": item.id,
        "ARN": item.arn,
        "Status": _status(item),
        "LastModifiedTime": item.changed,
        "InProgressInvalidationBatches": 0,
        "DomainName": item.extra["domain"],
        "ActiveTrustedSigners": {"Enabled": False, "Quantity": 0},
        "ActiveTrustedKeyGroups": {"Enabled": False, "Quantity": 0},
        "DistributionConfig": copy.deepcopy(item.config),
        "AliasICPRecordals": [],
    }


def _create(call, config: dict, tags: dict | None) -> dict:
    everything = store(call)
    for other in everything.distributions.values():
        if other.config["CallerReference"] == config["CallerReference"]:
            raise error("DistributionAlreadyExists", f"The caller reference is that of {other.id}", 409)
    _check(call, config, None)
    name = new_id()
    item = Item(name, f"arn:aws:cloudfront::{call.account}:distribution/{name}", _filled(config))
    item.extra["domain"] = f"d{new_id().lower()}.cloudfront.net"
    item.propagate()
    everything.distributions[name] = item
    add_tags(call, item.arn, tags)
    location = f"https://cloudfront.amazonaws.com/2020-05-31/distribution/{name}"
    return {"Distribution": _described(item), "ETag": item.etag, "Location": location}


@override("cloudfront", "CreateDistribution")
def create_distribution(call, request):
    return _create(call, request["DistributionConfig"], None)


@override("cloudfront", "CreateDistributionWithTags")
def create_distribution_with_tags(call, request):
    both = request["DistributionConfigWithTags"]
    return _create(call, both["DistributionConfig"], both.get("Tags"))


@override("cloudfront", "GetDistribution")
def get_distribution(call, request):
    item = get(store(call).distributions, request["Id"], NO_DISTRIBUTION)
    return {"Distribution": _described(item), "ETag": item.etag}


@override("cloudfront", "GetDistributionConfig")
def get_distribution_config(call, request):
    item = get(store(call).distributions, request["Id"], NO_DISTRIBUTION)
    return {"DistributionConfig": copy.deepcopy(item.config), "ETag": item.etag}


# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html: The request has the whole
# configuration. The caller reference cannot change.
@override("cloudfront", "UpdateDistribution")
def update_distribution(call, request):
    item = get(store(call).distributions, request["Id"], NO_DISTRIBUTION)
    check_version(item, request)
    config = request["DistributionConfig"]
    if config["CallerReference"] != item.config["CallerReference"]:
        raise error("IllegalUpdate", "The update contains modifications that are not allowed.")
    _check(call, config, item.id)
    item.set(_filled(config))
    return {"Distribution": _described(item), "ETag": item.etag}


# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteDistribution.html: The distribution must be
# disabled, and that change deployed.
@override("cloudfront", "DeleteDistribution")
def delete_distribution(call, request):
    everything = store(call)
    item = get(everything.distributions, request["Id"], NO_DISTRIBUTION)
    check_version(item, request)
    if item.config["Enabled"] or not item.is_deployed:
        raise error("DistributionNotDisabled", "The distribution you are trying to delete has not been disabled.", 409)
    del everything.distributions[item.id]
    everything.tags.pop(item.arn, None)
    return {}


_SUMMARY = [
    "Aliases",
    "Origins",
    "OriginGroups",
    "DefaultCacheBehavior",
    "CacheBehaviors",
    "CustomErrorResponses",
    "Comment",
    "PriceClass",
    "Enabled",
    "ViewerCertificate",
    "Restrictions",
    "WebACLId",
    "HttpVersion",
    "IsIPV6Enabled",
    "Staging",
]


@override("cloudfront", "ListDistributions")
def list_distributions(call, request):
    def summary(item: Item) -> dict:
        described = _described(item)
        parts = {name: described[name] for name in ("Id", "ARN", "Status", "LastModifiedTime", "DomainName")}
        return {**parts, **{name: copy.deepcopy(item.config[name]) for name in _SUMMARY}}

    items = [summary(item) for item in store(call).distributions.values()]
    return {"DistributionList": paged(items, request)}


# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html
@override("cloudfront", "CreateInvalidation")
def create_invalidation(call, request):
    item = get(store(call).distributions, request["DistributionId"], NO_DISTRIBUTION)
    batch = request["InvalidationBatch"]
    check_quantities(batch)
    if not items_of(batch["Paths"]):
        raise error("InvalidArgument", "Your request contains no paths to invalidate.")
    for path in items_of(batch["Paths"]):
        if not path.startswith("/") or "*" in path[:-1]:
            raise error("InvalidArgument", f"Your request contains one or more invalid invalidation paths: {path}")
    invalidations = item.extra.setdefault("invalidations", {})
    for one in invalidations.values():
        if one["InvalidationBatch"]["CallerReference"] == batch["CallerReference"]:
            if one["InvalidationBatch"] != batch:
                raise error("InvalidArgument", "The caller reference was used with other paths.")
            return {"Invalidation": _invalidation(item, one["Id"])}
    name = "I" + new_id()[1:]
    invalidations[name] = {
        "Id": name,
        "Status": "InProgress",
        "CreateTime": now(),
        "InvalidationBatch": copy.deepcopy(batch),
    }
    item.extra.setdefault("due", {})[name] = time.monotonic() + settings.delay()
    return {"Invalidation": invalidations[name]}


@override("cloudfront", "GetInvalidation")
def get_invalidation(call, request):
    item = get(store(call).distributions, request["DistributionId"], NO_DISTRIBUTION)
    invalidations = item.extra.get("invalidations", {})
    if request["Id"] not in invalidations:
        raise error("NoSuchInvalidation", "The specified invalidation does not exist.", 404)
    return {"Invalidation": _invalidation(item, request["Id"])}


def _invalidation(item: Item, name: str) -> dict:
    done = time.monotonic() >= item.extra["due"][name]
    return {**item.extra["invalidations"][name], "Status": "Completed" if done else "InProgress"}


@override("cloudfront", "ListInvalidations")
def list_invalidations(call, request):
    item = get(store(call).distributions, request["DistributionId"], NO_DISTRIBUTION)
    keys = ("Id", "CreateTime", "Status")
    everything = [_invalidation(item, name) for name in reversed(item.extra.get("invalidations", {}))]
    invalidations = [{key: one[key] for key in keys} for one in everything]
    return {"InvalidationList": paged(invalidations, request)}


# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateMonitoringSubscription.html: One subscription per
# distribution.
@override("cloudfront", "CreateMonitoringSubscription")
def create_subscription(call, request):
    item = get(store(call).distributions, request["DistributionId"], NO_DISTRIBUTION)
    if "subscription" in item.extra:
        raise error("MonitoringSubscriptionAlreadyExists", "A monitoring subscription already exists.", 409)
    item.extra["subscription"] = copy.deepcopy(request["MonitoringSubscription"])
    return {"MonitoringSubscription": item.extra["subscription"]}


def _subscription(call, request) -> Item:
    item = get(store(call).distributions, request["DistributionId"], NO_DISTRIBUTION)
    if "subscription" not in item.extra:
        raise error("NoSuchMonitoringSubscription", "A monitoring subscription does not exist.", 404)
    return item


@override("cloudfront", "GetMonitoringSubscription")
def get_subscription(call, request):
    return {"MonitoringSubscription": _subscription(call, request).extra["subscription"]}


@override("cloudfront", "DeleteMonitoringSubscription")
def delete_subscription(call, request):
    del _subscription(call, request).extra["subscription"]
    return {}
