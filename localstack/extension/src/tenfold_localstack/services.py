"""Registers the services that the free edition lacks, using LocalStack's own dependency moto.

They run in LocalStack's process, so that load balancers find their subnets and Auto Scaling groups their target groups.
"""

APIS = [
    "elbv2",
    "autoscaling",
    "application-autoscaling",
    "cloudfront",
    "elasticache",
    "rds",
    "wafv2",
    "apigatewayv2",
    "service-quotas",
]


def register() -> None:
    from localstack.services.plugins import SERVICE_PLUGINS, ServicePluginAdapter

    known = SERVICE_PLUGINS.api_provider_specs
    missing = [api for api in APIS if api not in known]
    known.update({api: ["default"] for api in missing})
    load = SERVICE_PLUGINS._load_service_plugin

    def load_plugin(name):
        if name not in missing:
            return load(name)
        plugin = ServicePluginAdapter(api=name, create_service=lambda: _service(name))
        plugin.load()
        return plugin

    SERVICE_PLUGINS._load_service_plugin = load_plugin


def _service(api):
    from localstack.aws.skeleton import Skeleton
    from localstack.aws.spec import load_service
    from localstack.services.moto import _proxy_moto
    from localstack.services.plugins import Service

    model = load_service(api)
    return Service(name=api, skeleton=Skeleton(model, {name: _proxy_moto for name in model.operation_names}))
