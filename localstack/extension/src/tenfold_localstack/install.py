"""Installs the extension in this process's LocalStack before LocalStack starts."""

import importlib
import pkgutil

from . import overrides, record, routing, rules, services, settings, timing


def install() -> None:
    for module in pkgutil.walk_packages(rules.__path__, rules.__name__ + "."):
        importlib.import_module(module.name)
    routing.install()
    services.register()
    overrides.install()
    timing.install()
    if settings.RECORD:
        record.install(settings.RECORD)
