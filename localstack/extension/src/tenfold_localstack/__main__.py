"""Starts LocalStack with the extension: `python -m tenfold_localstack [--port N]`.

GATEWAY_LISTEN sets the port. `--port` only lets `down` recognise the process.
"""

import contextlib
import os
import warnings

import typing_extensions

# LocalStack imports warnings.deprecated, which the standard library has only since Python 3.13. Nothing else prevents
# LocalStack from running on 3.12.
if not hasattr(warnings, "deprecated"):
    warnings.deprecated = typing_extensions.deprecated


def main() -> None:
    with contextlib.suppress(PermissionError):
        os.setsid()  # so that Ctrl-C in the shell that ran `up` does not stop LocalStack
    from localstack.runtime.main import main as run

    from . import install

    install.install()
    run()


main()
