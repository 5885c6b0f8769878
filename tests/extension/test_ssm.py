"""Parameter Store."""

PATH = "/tenfold/shop/databases/ledger/map"
TAGS = [{"Key": "tenfold:stack", "Value": "shop"}]


def put(aws, name, value="x", **more):
    return aws.ssm.put_parameter(Name=name, Value=value, Type="String", **more)


def test_existing_parameter_changes_only_with_overwrite(aws, refused):
    put(aws, f"{PATH}/v/1", "one", Overwrite=False)
    with refused("ParameterAlreadyExists"):
        put(aws, f"{PATH}/v/1", "two", Overwrite=False)
    with refused("ParameterAlreadyExists"):
        put(aws, f"{PATH}/v/1", "two")
    assert aws.ssm.get_parameter(Name=f"{PATH}/v/1")["Parameter"]["Value"] == "one"
    assert put(aws, f"{PATH}/v/1", "two", Overwrite=True)["Version"] == 2
    with refused("ParameterNotFound"):
        aws.ssm.get_parameter(Name=f"{PATH}/v/2")


def test_tiers_limit_the_value_size_and_cannot_be_downgraded(aws, refused):
    with refused("ValidationException", "4096"):
        put(aws, "large", "x" * 4097)
    with refused("ValidationException", "8192"):
        put(aws, "large", "x" * 8193, Tier="Advanced")
    with refused("ValidationException", "4096"):
        put(aws, "large", "ü" * 2049)
    assert put(aws, "large", "x" * 4096)["Tier"] == "Standard"
    assert put(aws, "large", "x" * 4097, Tier="Advanced", Overwrite=True)["Tier"] == "Advanced"
    with refused("ValidationException", "downgrade"):
        put(aws, "large", "x", Tier="Standard", Overwrite=True)
    assert put(aws, "large", "x", Overwrite=True)["Tier"] == "Advanced"
    assert put(aws, "clever", "x" * 5000, Tier="Intelligent-Tiering")["Tier"] == "Advanced"


def test_invalid_names_and_values_are_refused(aws, refused):
    for name in ("/aws/x", "ssm-x", "/a//b", "/a b", "/a/", "a/b"):
        with refused("ValidationException"):
            put(aws, name)
    with refused("HierarchyLevelLimitExceededException"):
        put(aws, "/x" * 16)
    with refused("ValidationException", "type is required"):
        aws.ssm.put_parameter(Name="typeless", Value="x")
    with refused("ValidationException", "nest"):
        put(aws, "nested", "{{ssm:other}}")


def test_tags_can_change_and_are_deleted_with_the_parameter(aws, refused):
    put(aws, f"{PATH}/current", Tags=TAGS)
    with refused("ValidationException", "overwrite"):
        put(aws, f"{PATH}/current", Tags=TAGS, Overwrite=True)
    put(aws, f"{PATH}/current", "y", Overwrite=True)
    resource = {"ResourceType": "Parameter", "ResourceId": f"{PATH}/current"}
    assert aws.ssm.list_tags_for_resource(**resource)["TagList"] == TAGS
    aws.ssm.add_tags_to_resource(**resource, Tags=[{"Key": "team", "Value": "data"}])
    aws.ssm.remove_tags_from_resource(**resource, TagKeys=["tenfold:stack"])
    assert aws.ssm.list_tags_for_resource(**resource)["TagList"] == [{"Key": "team", "Value": "data"}]
    with refused("TooManyTagsError"):
        aws.ssm.add_tags_to_resource(**resource, Tags=[{"Key": f"k{number}", "Value": ""} for number in range(50)])
    with refused("InvalidResourceId"):
        aws.ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=f"{PATH}/v/9")
    aws.ssm.delete_parameters(Names=[f"{PATH}/current"])
    put(aws, f"{PATH}/current")
    assert aws.ssm.list_tags_for_resource(**resource)["TagList"] == []


def test_pages_and_deletions_are_limited_to_ten_parameters(aws, refused):
    names = [f"{PATH}/v/{number}" for number in range(1, 12)] + [f"{PATH}/current"]
    for name in names:
        put(aws, name)
    put(aws, "/tenfold/shop-eu/databases/ledger/map/current")
    subtree = {"Path": "/tenfold/shop/databases", "Recursive": True}
    first = aws.ssm.get_parameters_by_path(**subtree)
    assert len(first["Parameters"]) == 10
    second = aws.ssm.get_parameters_by_path(**subtree, NextToken=first["NextToken"])
    assert sorted(item["Name"] for item in first["Parameters"] + second["Parameters"]) == sorted(names)
    assert "NextToken" not in second
    assert aws.ssm.get_parameters_by_path(Path=PATH)["Parameters"][0]["Name"] == f"{PATH}/current"
    with refused("ValidationException"):
        aws.unchecked("ssm").get_parameters_by_path(**subtree, MaxResults=11)
    with refused("ValidationException"):
        aws.unchecked("ssm").delete_parameters(Names=names)
    response = aws.ssm.delete_parameters(Names=[*names[:9], "other"])
    assert (len(response["DeletedParameters"]), response["InvalidParameters"]) == (9, ["other"])
    rest = aws.ssm.get_parameters_by_path(**subtree)
    assert len(rest["Parameters"]) == 3 and "NextToken" not in rest
