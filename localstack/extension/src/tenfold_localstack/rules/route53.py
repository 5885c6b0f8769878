"""Route 53 records. LocalStack stores the zones; this module stores their records.

Records have the member names of the service model.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html,
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
"""

import copy
from datetime import UTC, datetime

from moto.route53.models import route53_backends

from ..lists import page
from ..overrides import error, override

# https://docs.aws.amazon.com/general/latest/gr/elb.html and cf_region.html: the hosted zones of AWS services' own
# domains, for alias records.
_ALIAS_ZONES = {"Z2FDTNDATAQYW2": ".cloudfront.net.", "Z35SXDOTRQ7X7K": ".us-east-1.elb.amazonaws.com."}


def zone_of(call, zone_id: str):
    zones = route53_backends[call.account][call.context.partition].zones
    zone = zones.get(zone_id.removeprefix("/hostedzone/"))
    if zone is None:
        raise error("NoSuchHostedZone", f"No hosted zone found with ID: {zone_id}", 404)
    return zone


def _dotted(name: str) -> str:
    return name.rstrip(".").lower() + "."


def records_of(zone) -> dict[tuple, dict]:
    """Returns records by name, type and set identifier. A new zone has its NS and SOA records."""
    if not hasattr(zone, "tenfold_records"):
        apex = _dotted(zone.name)
        servers = [{"Value": f"{name}."} for name in zone.delegation_set.name_servers]
        authority = f"{servers[0]['Value']} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
        first = [
            {"Name": apex, "Type": "NS", "TTL": 172800, "ResourceRecords": servers},
            {"Name": apex, "Type": "SOA", "TTL": 900, "ResourceRecords": [{"Value": authority}]},
        ]
        zone.tenfold_records = {_key(record): record for record in first}
    return zone.tenfold_records


def _key(record: dict) -> tuple:
    return _dotted(record["Name"]), record["Type"], record.get("SetIdentifier")


def _order(key: tuple) -> tuple:
    """Sorts by labels from right to left, as Route 53 lists records, then by type."""
    name, kind, identifier = key
    return tuple(reversed(name.rstrip(".").split("."))), kind, identifier or ""


def find(account: str, name: str, kind: str) -> dict | None:
    """Returns a publicly resolvable record from any public zone of the account."""
    for zones in (backend.zones for backend in route53_backends[account].values()):
        for zone in zones.values():
            record = records_of(zone).get((_dotted(name), kind, None))
            if record and not zone.private_zone:
                return record
    return None


def _normalized(record: dict) -> dict:
    record = copy.deepcopy(record)
    record["Name"] = _dotted(record["Name"])
    if "AliasTarget" in record:
        record["AliasTarget"]["DNSName"] = _dotted(record["AliasTarget"]["DNSName"])
    return record


# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html: Applies all changes or
# none. CREATE refuses an existing record, UPSERT replaces it, DELETE requires the current values.
@override("route53", "ChangeResourceRecordSets")
def change_resource_record_sets(call, request):
    zone = zone_of(call, request["HostedZoneId"])
    records, errors = dict(records_of(zone)), []
    for change in request["ChangeBatch"]["Changes"]:
        record = _normalized(change["ResourceRecordSet"])
        errors += _apply_change(zone, records, change["Action"], record)
    if errors:
        raise error("InvalidChangeBatch", "[" + ", ".join(errors) + "]")
    zone.tenfold_records = records
    now = datetime.now(UTC)
    return {"ChangeInfo": {"Id": "/change/C2682N5HXP0BZ4", "Status": "INSYNC", "SubmittedAt": now}}


def _apply_change(zone, records: dict, action: str, record: dict) -> list[str]:
    key, name, kind = _key(record), record["Name"], record["Type"]
    label = f"[name='{name}', type='{kind}']"
    apex = _dotted(zone.name)
    if name != apex and not name.endswith("." + apex):
        return [f"RRSet with DNS name {name} is not permitted in zone {apex}"]
    if ("AliasTarget" in record) == ("ResourceRecords" in record):
        return [
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
            f"TrafficPolicyInstanceId], but found none in Change with [Action={action}, Name={name}, Type={kind}]"
        ]
    if action == "DELETE":
        if key not in records:
            return [f"Tried to delete resource record set {label} but it was not found"]
        if records[key] != record:
            return [
                f"Tried to delete resource record set {label} but the values provided do not match the current values"
            ]
        del records[key]
        return []
    if action == "CREATE" and key in records:
        return [f"Tried to create resource record set {label} but it already exists"]
    others = {one for one in records if one[0] == name and one != key}
    if others and (kind == "CNAME" or any(one[1] == "CNAME" for one in others)):
        return [
            f"RRSet of type {kind} with DNS name {name} is not permitted as it conflicts with other records with the "
            f"same DNS name in zone {apex}"
        ]
    target = record.get("AliasTarget") or {}
    end = _ALIAS_ZONES.get(target.get("HostedZoneId"))
    if end and not target["DNSName"].endswith(end):
        return [
            f"Tried to create an alias that targets {target['DNSName']}, type {kind} in zone {target['HostedZoneId']}, "
            "but the alias target name does not lie within the target zone"
        ]
    records[key] = record
    return []


# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html: Sorted by name, read from
# right to left, starting at a given name and type, up to 300 a page.
@override("route53", "ListResourceRecordSets")
def list_resource_record_sets(call, request):
    records = records_of(zone_of(call, request["HostedZoneId"]))
    name, kind = request.get("StartRecordName"), request.get("StartRecordType")
    if kind and not name:
        raise error("InvalidInput", "The input is not valid: a type without a name")
    keys = sorted(records, key=_order)
    if name:
        start = _order((_dotted(name), kind or "", request.get("StartRecordIdentifier")))
        keys = [key for key in keys if _order(key) >= start]
    size = min(int(request.get("MaxItems") or 300), 300)
    answer = {
        "ResourceRecordSets": [copy.deepcopy(records[key]) for key in keys[:size]],
        "IsTruncated": len(keys) > size,
        "MaxItems": str(size),
    }
    if len(keys) > size:
        answer["NextRecordName"], answer["NextRecordType"] = keys[size][0], keys[size][1]
        if keys[size][2]:
            answer["NextRecordIdentifier"] = keys[size][2]
    return answer


# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZones.html: Up to 100 zones a page.
@override("route53", "ListHostedZones")
def list_hosted_zones(call, request):
    everything = call({}).get("HostedZones") or []
    size = min(int(request.get("MaxItems") or 100), 100)
    items, token = page(everything, size, request.get("Marker"), bad_token="InvalidInput")
    for item in items:
        zone = zone_of(call, item["Id"])
        item["ResourceRecordSetCount"] = len(records_of(zone))
    answer = {"HostedZones": items, "IsTruncated": bool(token), "MaxItems": str(size)}
    answer["Marker"] = request.get("Marker") or ""
    return answer | ({"NextMarker": token} if token else {})


# https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html: "You must use a unique
# CallerReference string every time you submit a CreateHostedZone request."
@override("route53", "CreateHostedZone")
def create_hosted_zone(call, request):
    zones = route53_backends[call.account][call.context.partition].zones.values()
    if any(getattr(zone, "caller_reference", None) == request["CallerReference"] for zone in zones):
        raise error("HostedZoneAlreadyExists", "A hosted zone has already been created with the caller reference.", 409)
    answer = call()
    zone_of(call, answer["HostedZone"]["Id"]).caller_reference = request["CallerReference"]
    return answer


# https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html: A zone can be deleted only if it
# contains nothing but its own NS and SOA records.
@override("route53", "DeleteHostedZone")
def delete_hosted_zone(call, request):
    zone = zone_of(call, request["Id"])
    if any(kind not in ("NS", "SOA") or name != _dotted(zone.name) for name, kind, _ in records_of(zone)):
        raise error(
            "HostedZoneNotEmpty",
            "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
        )
    return call()
