"""Starts LocalStack with the extension: `python -m tenfold_localstack [--port N]`.

The port is set by GATEWAY_LISTEN; the argument only lets `down` recognise the process.
"""

import contextlib
import os
import warnings

import typing_extensions

# LocalStack imports this name, which the standard library has only since Python 3.13; nothing else keeps it from 3.12.
if not hasattr(warnings, "deprecated"):
    warnings.deprecated = typing_extensions.deprecated


def main() -> None:
    with contextlib.suppress(PermissionError):
        os.setsid()  # so that a Ctrl-C meant for the shell that ran `up` does not end it
    from localstack.runtime.main import main as run

    from . import install

    install.install()
    run()


main()
