"""Distinguishes operations that differ in the value of a query argument: POST /tagging?Operation=Tag or Untag.

LocalStack stores the required values of an operation in an iterator, which the first request exhausts: later requests
match with any value.
"""


def install() -> None:
    from localstack.aws.protocol.op_router import _RequiredArgsRule
    from localstack.utils.patch import patch

    @patch(_RequiredArgsRule.__init__)
    def init(original, self, operation):
        original(self, operation)
        self.required_query_args = {name: list(values) for name, values in self.required_query_args.items()}
