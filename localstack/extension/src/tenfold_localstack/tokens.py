"""Client tokens make requests idempotent: the same token with the same parameters returns the same response.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Run_Instance_Idempotency.html: AWS refuses the same token with
other parameters as IdempotentParameterMismatch.
"""

import copy

from .overrides import error

_answers: dict[tuple, tuple[dict, dict]] = {}


def once(call, request: dict, create, member: str = "ClientToken", refresh=None) -> dict:
    """Returns `create()`, or the stored response for this token, updated with `refresh(answer)` if given."""
    token = request.get(member)
    if not token:
        return create()
    key = (call.account, call.region, call.context.service.service_name, call.operation, token)
    if key in _answers:
        parameters, answer = _answers[key]
        if parameters != request:
            raise error(
                "IdempotentParameterMismatch",
                f"The client token '{token}' was used before with other parameters in the request.",
            )
        answer = copy.deepcopy(answer)
        return refresh(answer) if refresh else answer
    parameters = copy.deepcopy(dict(request))
    answer = create()
    _answers[key] = (parameters, copy.deepcopy(answer))
    return answer
