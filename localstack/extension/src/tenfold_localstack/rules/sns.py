"""SNS: subscriptions that wait for confirmation."""

from localstack.services.sns.models import sns_stores

from ..overrides import error, override

# https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html and
# https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html: Endpoints of these protocols must confirm a
# subscription.
_CONFIRMED_PROTOCOLS = ("email", "email-json", "http", "https")
_PENDING = "PendingConfirmation"


def _subscription(call, arn: str) -> dict:
    return sns_stores[call.account][call.region].subscriptions.get(arn) or {}


def _is_pending(subscription: dict) -> bool:
    return subscription.get("PendingConfirmation") == "true" and subscription.get("Protocol") in _CONFIRMED_PROTOCOLS


# https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html: The response has no ARN for an unconfirmed endpoint
# unless ReturnSubscriptionArn is set.
@override("sns", "Subscribe")
def subscribe(call, request):
    store = sns_stores[call.account][call.region]
    known = set(store.subscriptions)
    answer = call()
    arn = answer["SubscriptionArn"]
    subscription = _subscription(call, arn)
    if arn not in known and request["Protocol"] in _CONFIRMED_PROTOCOLS:
        subscription["PendingConfirmation"] = "true"
    if _is_pending(subscription) and not request.get("ReturnSubscriptionArn"):
        return {"SubscriptionArn": "pending confirmation"}
    return answer


# https://docs.aws.amazon.com/sns/latest/api/API_Subscription.html
@override("sns", "ListSubscriptions", "ListSubscriptionsByTopic")
def list_subscriptions(call, request):
    answer = call()
    answer["Subscriptions"] = [
        one | {"SubscriptionArn": _PENDING} if _is_pending(_subscription(call, one["SubscriptionArn"])) else one
        for one in answer.get("Subscriptions") or []
    ]
    return answer


# https://docs.aws.amazon.com/sns/latest/dg/sns-delete-subscription-topic.html: A pending subscription cannot be
# deleted.
@override("sns", "Unsubscribe")
def unsubscribe(call, request):
    if _is_pending(_subscription(call, request["SubscriptionArn"])):
        raise error("InvalidParameter", "Invalid parameter: This subscription is pending confirmation")
    return call()
