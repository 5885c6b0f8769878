"""CloudWatch Logs, SNS, KMS, dashboards."""

import json

GROUP = "/tenfold/shop/api"
FILTER = {
    "filterPattern": '{ $.level = "ERROR" }',
    "metricTransformations": [{"metricName": "errors", "metricNamespace": "Tenfold/shop", "metricValue": "1"}],
}


def _create_group(aws, **more) -> str:
    aws.logs.create_log_group(logGroupName=GROUP, **more)
    return f"arn:aws:logs:us-east-1:{aws.id}:log-group:{GROUP}"


def test_log_group_tags_can_change_and_are_deleted_with_the_group(aws, refused):
    logs, arn = aws.logs, _create_group(aws)
    logs.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
    logs.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2"}
    with refused("InvalidParameterException"):
        logs.tag_resource(resourceArn=f"{arn}:*", tags={"a": "1"})
    with refused("ResourceNotFoundException"):
        logs.list_tags_for_resource(resourceArn=f"{arn}-other")
    logs.delete_log_group(logGroupName=GROUP)
    _create_group(aws)
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {}


def test_log_group_retention_and_key_can_be_set(aws, refused):
    logs, _ = aws.logs, _create_group(aws)
    with refused("InvalidParameterException"):
        logs.put_retention_policy(logGroupName=GROUP, retentionInDays=31)
    with refused("ResourceNotFoundException"):
        logs.put_retention_policy(logGroupName="/other", retentionInDays=30)
    logs.put_retention_policy(logGroupName=GROUP, retentionInDays=30)
    key = f"arn:aws:kms:us-east-1:{aws.id}:key/k"
    logs.associate_kms_key(logGroupName=GROUP, kmsKeyId=key)
    (group,) = logs.describe_log_groups()["logGroups"]
    assert (group["kmsKeyId"], group["retentionInDays"]) == (key, 30)
    logs.disassociate_kms_key(logGroupName=GROUP)
    (group,) = logs.describe_log_groups()["logGroups"]
    assert "kmsKeyId" not in group


def test_metric_filters_need_a_log_group_and_are_listed_in_pages(aws, refused):
    logs = aws.logs
    with refused("ResourceNotFoundException"):
        logs.put_metric_filter(logGroupName=GROUP, filterName="a", **FILTER)
    _create_group(aws)
    for name in "abc":
        logs.put_metric_filter(logGroupName=GROUP, filterName=name, **FILTER)
    logs.put_metric_filter(logGroupName=GROUP, filterName="a", **FILTER | {"filterPattern": "other"})
    first = logs.describe_metric_filters(limit=2)
    second = logs.describe_metric_filters(limit=2, nextToken=first["nextToken"])
    found = first["metricFilters"] + second["metricFilters"]
    assert [item["filterName"] for item in found] == ["a", "b", "c"]
    assert found[0]["filterPattern"] == "other"
    transformation = FILTER["metricTransformations"][0] | {"defaultValue": 0.0, "dimensions": {"Route": "$.route"}}
    with refused("InvalidParameterException", "exclude each other"):
        logs.put_metric_filter(
            logGroupName=GROUP, filterName="d", filterPattern="", metricTransformations=[transformation]
        )
    logs.delete_metric_filter(logGroupName=GROUP, filterName="a")
    with refused("ResourceNotFoundException"):
        logs.delete_metric_filter(logGroupName=GROUP, filterName="a")


def test_query_definition_names_need_not_be_unique(aws, refused):
    logs = aws.logs
    query = {"name": "shop/errors", "queryString": "limit 1", "logGroupNames": [GROUP]}
    token = "t" * 36
    first = logs.put_query_definition(**query, clientToken=token)["queryDefinitionId"]
    assert logs.put_query_definition(**query, clientToken=token)["queryDefinitionId"] == first
    second = logs.put_query_definition(**query)["queryDefinitionId"]
    assert first != second
    logs.put_query_definition(name="shop/errors", queryString="limit 2", queryDefinitionId=second)
    found = logs.describe_query_definitions(queryDefinitionNamePrefix="shop/")["queryDefinitions"]
    by_id = {query["queryDefinitionId"]: query for query in found}
    assert by_id[second]["queryString"] == "limit 2"
    assert "logGroupNames" not in by_id[second]
    logs.delete_query_definition(queryDefinitionId=second)
    with refused("ResourceNotFoundException"):
        logs.delete_query_definition(queryDefinitionId=second)


def test_query_needs_existing_log_groups(aws, refused):
    logs = aws.logs
    span = {"startTime": 0, "endTime": 10, "queryString": "fields @message"}
    with refused("ResourceNotFoundException"):
        logs.start_query(logGroupNames=[GROUP], **span)
    _create_group(aws)
    query = logs.start_query(logGroupNames=[GROUP], **span)["queryId"]
    assert logs.get_query_results(queryId=query)["status"] == "Complete"
    with refused("MalformedQueryException"):
        logs.start_query(logGroupNames=[GROUP], **span | {"startTime": 11})


def test_email_subscription_is_pending_until_confirmed(aws, refused):
    sns = aws.sns
    topic = sns.create_topic(Name="shop-alerts")["TopicArn"]
    response = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    assert response["SubscriptionArn"] == "pending confirmation"
    arn = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com", ReturnSubscriptionArn=True)[
        "SubscriptionArn"
    ]
    assert arn.startswith(topic)
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed["SubscriptionArn"] == "PendingConfirmation"
    with refused("InvalidParameter", "pending"):
        sns.unsubscribe(SubscriptionArn=arn)
    queue = f"arn:aws:sqs:us-east-1:{aws.id}:orders"
    confirmed = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)["SubscriptionArn"]
    sns.unsubscribe(SubscriptionArn=confirmed)


def test_scheduled_key_deletion_can_be_cancelled(aws, refused):
    kms = aws.kms
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    assert policy["Statement"]
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=30)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    with refused("KMSInvalidStateException"):
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=30)
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"


def test_dashboard_body_is_validated(aws, refused):
    cloudwatch = aws.cloudwatch
    text = {"type": "text", "x": 0, "y": 0, "width": 24, "height": 1, "properties": {"markdown": "shop"}}

    def put(*widgets):
        cloudwatch.put_dashboard(DashboardName="shop", DashboardBody=json.dumps({"widgets": widgets}))

    put(text)
    body = json.loads(cloudwatch.get_dashboard(DashboardName="shop")["DashboardBody"])
    assert body["widgets"] == [text]
    assert [item["DashboardName"] for item in cloudwatch.list_dashboards()["DashboardEntries"]] == ["shop"]
    with refused("InvalidParameterInput"):
        cloudwatch.put_dashboard(DashboardName="shop", DashboardBody="{")
    with refused("InvalidParameterInput", "24 columns"):
        put(text | {"x": 1})
    with refused("InvalidParameterInput", "region"):
        put(text | {"type": "metric"})
    cloudwatch.delete_dashboards(DashboardNames=["shop"])
    for call in (cloudwatch.get_dashboard, cloudwatch.delete_dashboards):
        with refused("ResourceNotFound"):
            call(**({"DashboardName": "shop"} if call == cloudwatch.get_dashboard else {"DashboardNames": ["shop"]}))
