"""Tells operations apart that differ in the value of a query argument: POST /tagging?Operation=Tag, or Untag.

LocalStack holds the values that an operation asks for in an iterator, which is used up by the first request: from then
on any value will do.
"""


def install() -> None:
    from localstack.aws.protocol.op_router import _RequiredArgsRule
    from localstack.utils.patch import patch

    @patch(_RequiredArgsRule.__init__)
    def init(original, self, operation):
        original(self, operation)
        self.required_query_args = {name: list(values) for name, values in self.required_query_args.items()}
