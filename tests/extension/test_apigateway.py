"""REST APIs with their stages, usage plans, API keys and domain names; VPC links and HTTP APIs."""

import json

import pytest

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def document(title="public", **more):
    integration = {"type": "http_proxy", "httpMethod": "ANY", "uri": "https://example.com/"}
    paths = {"/": {"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": integration}}}
    return json.dumps({"openapi": "3.0.1", "info": {"title": title, "version": "1"}, "paths": paths, **more}).encode()


class Api:
    """An API with a stage."""

    def __init__(self, aws, name="public"):
        client = aws.apigateway
        created = client.create_rest_api(
            name=name,
            endpointConfiguration={"types": ["REGIONAL"]},
            tags={"team": "api"},
            disableExecuteApiEndpoint=True,
        )
        self.id = created["id"]
        self.arn = f"arn:aws:apigateway:us-east-1::/restapis/{self.id}"
        client.put_rest_api(restApiId=self.id, mode="overwrite", body=document(name))
        self.deployment = client.create_deployment(restApiId=self.id, description="first")["id"]
        client.create_stage(restApiId=self.id, stageName="live", deploymentId=self.deployment, tags={"team": "api"})


@pytest.fixture
def api(aws):
    return Api(aws)


def patch(path, value=None, op="replace"):
    return {"op": op, "path": path} | ({} if value is None else {"value": value})


def stage(aws, api, *patches):
    if patches:
        aws.apigateway.update_stage(restApiId=api.id, stageName="live", patchOperations=list(patches))
    return aws.apigateway.get_stage(restApiId=api.id, stageName="live")


def test_overwrite_renames_the_api_and_keeps_settings_outside_the_definition(aws, api):
    client = aws.apigateway
    client.update_rest_api(
        restApiId=api.id,
        patchOperations=[
            patch("/apiKeySource", "AUTHORIZER"),
            patch("/endpointConfiguration/ipAddressType", "dualstack"),
        ],
    )
    client.put_rest_api(restApiId=api.id, mode="overwrite", body=document("other"))
    found = client.get_rest_api(restApiId=api.id)
    assert (found["name"], found["apiKeySource"], found["tags"]) == ("other", "HEADER", {"team": "api"})
    assert found["endpointConfiguration"] == {"types": ["REGIONAL"], "ipAddressType": "dualstack"}
    assert found["disableExecuteApiEndpoint"] is True
    client.update_rest_api(restApiId=api.id, patchOperations=[patch("/disableExecuteApiEndpoint", "false")])
    assert client.get_rest_apis()["items"][0]["disableExecuteApiEndpoint"] is False


def test_document_must_be_openapi_3_0(aws, api, refused):
    with refused("BadRequestException"):
        aws.apigateway.put_rest_api(restApiId=api.id, mode="overwrite", body=document(openapi="3.1.0"))


def test_tags_are_returned_with_their_resource(aws, api):
    client = aws.apigateway
    client.tag_resource(resourceArn=api.arn, tags={"a": "1"})
    client.tag_resource(resourceArn=f"{api.arn}/stages/live", tags={"b": "2"})
    client.untag_resource(resourceArn=api.arn, tagKeys=["team"])
    assert client.get_rest_apis()["items"][0]["tags"] == {"a": "1"}
    assert stage(aws, api)["tags"] == {"team": "api", "b": "2"}
    plan = client.create_usage_plan(name="free", tags={"c": "3"})["id"]
    client.tag_resource(resourceArn=f"arn:aws:apigateway:us-east-1::/usageplans/{plan}", tags={"d": "4"})
    assert client.get_usage_plans()["items"][0]["tags"] == {"c": "3", "d": "4"}


def test_rest_apis_are_listed_in_pages(aws):
    for index in range(3):
        aws.apigateway.create_rest_api(name=f"api-{index}")
    first = aws.apigateway.get_rest_apis(limit=2)
    rest = aws.apigateway.get_rest_apis(limit=2, position=first["position"])
    assert (len(first["items"]), len(rest["items"]), "position" in rest) == (2, 1, False)


def test_method_settings_can_be_set_and_removed(aws, api):
    found = stage(
        aws, api, patch("/~1v1~1{proxy+}/ANY/throttling/rateLimit", "0.5"), patch("/*/*/metrics/enabled", "true")
    )
    settings = found["methodSettings"]
    assert settings["~1v1~1{proxy+}/ANY"]["throttlingRateLimit"] == 0.5
    assert settings["*/*"]["metricsEnabled"] is True
    found = stage(aws, api, patch("/~1v1~1{proxy+}/ANY", op="remove"), patch("/tracingEnabled", "true"))
    assert set(found["methodSettings"]) == {"*/*"} and found["tracingEnabled"] is True


def test_access_logs_need_the_account_role(aws, api, refused):
    client, arn = aws.apigateway, f"arn:aws:logs:us-east-1:{aws.id}:log-group:x"
    log = [patch("/accessLogSettings/destinationArn", arn), patch("/accessLogSettings/format", "$context.requestId")]
    assert "cloudwatchRoleArn" not in client.get_account()
    with refused("BadRequestException", "role ARN"):
        stage(aws, api, *log)
    with refused("BadRequestException", "role ARN"):
        client.update_account(patchOperations=[patch("/cloudwatchRoleArn", f"arn:aws:iam::{aws.id}:role/none")])
    role = aws.iam.create_role(RoleName="logs", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    assert client.update_account(patchOperations=[patch("/cloudwatchRoleArn", role)])["cloudwatchRoleArn"] == role
    assert stage(aws, api, *log)["accessLogSettings"] == {"destinationArn": arn, "format": "$context.requestId"}
    assert "accessLogSettings" not in stage(aws, api, patch("/accessLogSettings", op="remove"))


def test_deployment_of_a_stage_cannot_be_deleted(aws, api, refused):
    client = aws.apigateway
    with refused("BadRequestException", "Active stages"):
        client.delete_deployment(restApiId=api.id, deploymentId=api.deployment)
    second = client.create_deployment(restApiId=api.id, description="second")["id"]
    assert stage(aws, api, patch("/deploymentId", second))["deploymentId"] == second
    client.delete_deployment(restApiId=api.id, deploymentId=api.deployment)
    assert [item["description"] for item in client.get_deployments(restApiId=api.id)["items"]] == ["second"]


def test_usage_plan_can_be_patched_and_not_deleted_while_in_use(aws, api, refused):
    client, name = aws.apigateway, f"{api.id}:live"
    plan = client.create_usage_plan(
        name="free",
        apiStages=[{"apiId": api.id, "stage": "live", "throttle": {"/v1/ANY": {"rateLimit": 1, "burstLimit": 2}}}],
        throttle={"rateLimit": 5, "burstLimit": 10},
        quota={"limit": 10, "period": "DAY"},
    )["id"]

    def update(*patches):
        return client.update_usage_plan(usagePlanId=plan, patchOperations=list(patches))

    update(
        patch("/apiStages", name, "remove"),
        patch("/apiStages", name, "add"),
        patch(f"/apiStages/{name}/throttle//v1/POST/rateLimit", "0.5"),
        patch(f"/apiStages/{name}/throttle//v1/POST/burstLimit", "1"),
        patch("/throttle/rateLimit", "2.5"),
        patch("/quota", op="remove"),
    )
    found = client.get_usage_plan(usagePlanId=plan)
    assert found["apiStages"][0]["throttle"] == {"/v1/POST": {"rateLimit": 0.5, "burstLimit": 1}}
    assert found["throttle"] == {"rateLimit": 2.5, "burstLimit": 10} and "quota" not in found
    with refused("BadRequestException"):
        client.delete_usage_plan(usagePlanId=plan)
    with refused("BadRequestException"):
        client.delete_rest_api(restApiId=api.id)
    update(patch("/apiStages", name, "remove"))
    client.delete_usage_plan(usagePlanId=plan)
    client.delete_rest_api(restApiId=api.id)
    with refused("NotFoundException"):
        client.delete_rest_api(restApiId=api.id)
    with refused("NotFoundException"):
        client.delete_usage_plan(usagePlanId=plan)


def test_api_key_has_one_usage_plan_per_stage(aws, api, refused):
    client = aws.apigateway
    stages = [{"apiId": api.id, "stage": "live"}]
    free, paid = (client.create_usage_plan(name=name, apiStages=stages)["id"] for name in ("free", "paid"))
    key = client.create_api_key(name="shop-a", value="x" * 20, enabled=True, tags={"a": "1"})["id"]
    with refused("ConflictException"):
        client.create_api_key(name="shop-b", value="x" * 20)
    client.create_usage_plan_key(usagePlanId=free, keyId=key, keyType="API_KEY")
    for plan in (free, paid):
        with refused("ConflictException"):
            client.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
    assert [item["id"] for item in client.get_usage_plans(keyId=key)["items"]] == [free]
    listed = client.get_api_keys(nameQuery="shop-")["items"][0]
    assert "value" not in listed and listed["tags"] == {"a": "1"}
    assert client.get_api_keys(nameQuery="shop-", includeValues=True)["items"][0]["value"] == "x" * 20
    assert client.get_api_key(apiKey=key, includeValue=True)["value"] == "x" * 20
    assert [item["id"] for item in client.get_usage_plan_keys(usagePlanId=free)["items"]] == [key]
    client.delete_usage_plan_key(usagePlanId=free, keyId=key)
    with refused("NotFoundException"):
        client.delete_usage_plan_key(usagePlanId=free, keyId=key)
    client.create_usage_plan_key(usagePlanId=paid, keyId=key, keyType="API_KEY")
    client.delete_api_key(apiKey=key)
    assert client.get_usage_plans(keyId=key)["items"] == []


def test_domain_name_maps_to_an_existing_stage(aws, api, refused):
    client, name = aws.apigateway, f"api.{aws.id}.example.com"
    arn = f"arn:aws:acm:us-east-1:{aws.id}:certificate/one"
    created = client.create_domain_name(
        domainName=name,
        regionalCertificateArn=arn,
        endpointConfiguration={"types": ["REGIONAL"]},
        securityPolicy="TLS_1_2",
        tags={"a": "1"},
    )
    assert (
        created["regionalDomainName"].endswith(".execute-api.us-east-1.amazonaws.com")
        and created["regionalHostedZoneId"]
    )
    with refused("BadRequestException"):
        client.create_base_path_mapping(domainName=name, restApiId=api.id, stage="none")
    client.create_base_path_mapping(domainName=name, restApiId=api.id, stage="live")
    with refused("ConflictException"):
        client.create_base_path_mapping(domainName=name, restApiId=api.id, stage="live")
    with refused("BadRequestException", "base path mappings"):
        client.delete_rest_api(restApiId=api.id)
    client.update_domain_name(domainName=name, patchOperations=[patch("/regionalCertificateArn", arn[:-3] + "two")])
    found = client.get_domain_names()["items"][0]
    assert found["regionalCertificateArn"].endswith("two") and found["tags"] == {"a": "1"}
    assert client.get_base_path_mappings(domainName=name)["items"] == [
        {"basePath": "(none)", "restApiId": api.id, "stage": "live"}
    ]
    client.delete_domain_name(domainName=name)
    client.delete_rest_api(restApiId=api.id)


def test_certificate_of_a_domain_name_cannot_be_deleted(aws, refused):
    name = f"api.{aws.id}.example.com"
    arn = aws.acm.request_certificate(DomainName=name, ValidationMethod="DNS")["CertificateArn"]
    aws.apigateway.create_domain_name(
        domainName=name, regionalCertificateArn=arn, endpointConfiguration={"types": ["REGIONAL"]}
    )
    with refused("ResourceInUseException"):
        aws.acm.delete_certificate(CertificateArn=arn)
    aws.apigateway.delete_domain_name(domainName=name)
    aws.acm.delete_certificate(CertificateArn=arn)


def test_vpc_link_is_created_and_deleted_asynchronously(aws, net, refused, until):
    client = aws.apigatewayv2
    with refused("BadRequestException", "subnet"):
        client.create_vpc_link(Name="public", SubnetIds=["subnet-none"])
    created = client.create_vpc_link(
        Name="public", SubnetIds=net.subnets, SecurityGroupIds=[net.group], Tags={"a": "1"}
    )
    link, arn = created["VpcLinkId"], f"arn:aws:apigateway:us-east-1::/vpclinks/{created['VpcLinkId']}"
    assert created["VpcLinkStatus"] == "PENDING"
    until(lambda: client.get_vpc_link(VpcLinkId=link)["VpcLinkStatus"] == "AVAILABLE")
    client.update_vpc_link(VpcLinkId=link, Name="open")
    client.tag_resource(ResourceArn=arn, Tags={"b": "2"})
    client.untag_resource(ResourceArn=arn, TagKeys=["a"])
    found = client.get_vpc_links()["Items"][0]
    assert (found["Name"], found["Tags"]) == ("open", {"b": "2"})
    client.delete_vpc_link(VpcLinkId=link)
    assert client.get_vpc_link(VpcLinkId=link)["VpcLinkStatus"] == "DELETING"
    until(lambda: client.get_vpc_links()["Items"] == [])
    with refused("NotFoundException"):
        client.delete_vpc_link(VpcLinkId=link)


def test_http_api_stage_update_keeps_other_settings(aws, refused):
    v2, rates = aws.apigatewayv2, {"ThrottlingRateLimit": 100.0, "ThrottlingBurstLimit": 50}
    api_id = v2.create_api(Name="h", ProtocolType="HTTP")["ApiId"]
    v2.create_stage(ApiId=api_id, StageName="live", AutoDeploy=True, DefaultRouteSettings=rates)
    slow = {"ThrottlingRateLimit": 7.0, "ThrottlingBurstLimit": 3}
    variables = {"Backend": "b"}
    updated = v2.update_stage(ApiId=api_id, StageName="live", DefaultRouteSettings=slow, StageVariables=variables)
    read = v2.get_stage(ApiId=api_id, StageName="live")
    assert updated["DefaultRouteSettings"] == read["DefaultRouteSettings"] == slow
    assert read["AutoDeploy"] and read["StageVariables"] == variables
    with refused("NotFoundException"):
        v2.update_stage(ApiId=api_id, StageName="dead", AutoDeploy=False)


def test_api_without_methods_cannot_be_deployed(aws, refused):
    empty = aws.apigateway.create_rest_api(name="empty")["id"]
    with refused("BadRequestException"):
        aws.apigateway.create_deployment(restApiId=empty)
