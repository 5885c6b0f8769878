"""Starts LocalStack with the extension: `python -m tenfold_localstack [--port N]`.

GATEWAY_LISTEN sets the port. `--port` only lets `down` recognise the process.
"""

import contextlib
import functools
import os
import warnings

import typing_extensions

# LocalStack imports warnings.deprecated, which the standard library has only since Python 3.13. Nothing else prevents
# LocalStack from running on 3.12.
if not hasattr(warnings, "deprecated"):
    warnings.deprecated = typing_extensions.deprecated


def bind_loopback() -> None:
    """LocalStack's Twisted server binds every interface, whatever GATEWAY_LISTEN says. Its other server, Hypercorn,
    does not, but spends twice the CPU time on each request."""
    from twisted.internet import endpoints

    endpoints.TCP4ServerEndpoint = functools.partial(endpoints.TCP4ServerEndpoint, interface="127.0.0.1")


def main() -> None:
    with contextlib.suppress(PermissionError):
        os.setsid()  # so that Ctrl-C in the shell that ran `up` does not stop LocalStack
    from localstack.runtime.main import main as run

    from . import install

    bind_loopback()
    install.install()
    run()


main()
