"""Functions that run in place of LocalStack's operations, and may call them.

    @override("elbv2", "CreateLoadBalancer")
    def create_load_balancer(call, request):
        ...                       # raise error(...) to refuse the request
        response = call()         # runs LocalStack's own operation; call(other_request) changes the parameters
        return response

`call.account`, `call.region` and `call.context` describe the caller. Requests and responses are dicts with the member
names of the service model.
"""

import threading
from collections import defaultdict
from collections.abc import Callable

from localstack.aws.api import CommonServiceException, RequestContext
from localstack.aws.forwarder import create_aws_request_context
from localstack.aws.skeleton import Skeleton
from localstack.services.moto import _proxy_moto
from localstack.utils.patch import patch

from . import clock, settings

_overrides: dict[str, dict[str, Callable]] = defaultdict(dict)

# LocalStack handles requests in threads, and moto's backends are plain dicts that these services share. Running one
# request of these services at a time keeps their responses consistent.
_SERIAL = {
    "apigatewayv2",
    "application-autoscaling",
    "autoscaling",
    "ec2",
    "elasticache",
    "elbv2",
    "rds",
    "wafv2",
}
_lock = threading.RLock()


def override(service: str, *operations: str):
    def register(function):
        for operation in operations:
            assert operation not in _overrides[service], f"{service} {operation} is overridden twice"
            _overrides[service][operation] = function
        return function

    return register


def error(code: str, message: str, status: int = 400) -> CommonServiceException:
    return CommonServiceException(code, message, status_code=status, sender_fault=status < 500)


class Call:
    """LocalStack's own implementation of the operation."""

    def __init__(self, original: Callable, context: RequestContext, request: dict):
        self.original, self.context, self.request = original, context, request
        self.account, self.region = context.account_id, context.region
        self.operation = context.operation.name

    def __call__(self, request: dict | None = None) -> dict:
        if request is None or request == self.request:
            return self.original(self.context, self.request) or {}
        # moto parses the raw request again, so other parameters need a new raw request. See also `parsed`.
        context = create_aws_request_context(
            service_name=self.context.service.service_name,
            action=self.operation,
            parameters=request,
            region=self.region,
            protocol=self.context.protocol,
        )
        changed = context.request.headers
        context.request.headers = self.context.request.headers.__class__(self.context.request.headers)
        context.request.headers.update(changed)
        context.account_id, context.partition = self.account, self.context.partition
        return self.original(context, request) or {}

    def parsed(self, request: dict) -> dict:
        """Runs LocalStack's own provider with other parameters; such providers read only the parsed request."""
        return self.original(self.context, request) or {}


def _wrap(service: str, original: Callable, function: Callable | None) -> Callable:
    from . import lag  # imported here because lag imports this module

    def handle(context: RequestContext, request: dict):
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html: DryRun changes nothing, and
        # returns DryRunOperation if the caller has the permissions.
        if service == "ec2" and (request or {}).get("DryRun"):
            raise error("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
        if function is None:
            return original(context, request)
        return function(Call(original, context, request or {}), request or {})

    def handle_with_lag(context: RequestContext, request: dict):
        with settings.serving(context.account_id, service):
            return lag.respond(context, request or {}, lambda: handle(context, request))

    def handle_serially(context: RequestContext, request: dict):
        with _lock:
            clock.run_due()
            return handle_with_lag(context, request)

    return handle_serially if service in _SERIAL else handle_with_lag


def install() -> None:
    @patch(Skeleton.__init__)
    def init(original, self, service, implementation):
        original(self, service, implementation)
        name = self.service.service_name
        ours = _overrides.get(name, {})
        table = self.dispatch_table
        for operation in ours:
            table.setdefault(operation, _proxy_moto)
        for operation, handler in list(table.items()):
            table[operation] = _wrap(name, handler, ours.get(operation))
