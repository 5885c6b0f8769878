"""Load balancers, target groups, listeners, rules."""

import json

import pytest


class Elb:
    def __init__(self, aws, net):
        self.aws, self.net, self.elb, self.ec2 = aws, net, aws.elbv2, aws.ec2
        self.interfaces = lambda: self.ec2.describe_network_interfaces(
            Filters=[{"Name": "requester-id", "Values": ["amazon-elb"]}]
        )["NetworkInterfaces"]

    def new_balancer(self, **more):
        settings = {"Name": "api", "Subnets": self.net.subnets, "SecurityGroups": [self.net.group], **more}
        return self.elb.create_load_balancer(**settings)["LoadBalancers"][0]

    def new_group(self, **more):
        settings = {"Name": "api", "Protocol": "HTTP", "Port": 80, "VpcId": self.net.vpc, **more}
        return self.elb.create_target_group(**settings)["TargetGroups"][0]

    def forward(self, group):
        return [{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}]

    def new_listener(self, balancer, group, port=80, **more):
        settings = {"Protocol": "HTTP", "Port": port, "DefaultActions": self.forward(group), **more}
        return self.elb.create_listener(LoadBalancerArn=balancer["LoadBalancerArn"], **settings)["Listeners"][0]


@pytest.fixture
def lb(aws, net):
    return Elb(aws, net)


def test_load_balancer_interfaces_block_deletion_of_the_network(lb, net, refused, until):
    elb, ec2 = lb.elb, lb.ec2
    created = lb.new_balancer()
    arn = created["LoadBalancerArn"]
    assert created["State"]["Code"] == "provisioning"
    until(lambda: elb.describe_load_balancers(Names=["api"])["LoadBalancers"][0]["State"]["Code"] == "active")
    assert created["DNSName"].endswith(".us-east-1.elb.amazonaws.com") and created["Scheme"] == "internet-facing"
    interfaces = lb.interfaces()
    assert sorted(interface["SubnetId"] for interface in interfaces) == sorted(net.subnets)
    for interface in interfaces:
        assert interface["Description"] == "ELB " + arn.split("loadbalancer/")[1] and interface["Status"] == "in-use"
        assert [group["GroupId"] for group in interface["Groups"]] == [net.group]
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=net.group)
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=net.subnets[0])
    with refused("DependencyViolation"):
        ec2.delete_vpc(VpcId=net.vpc)
    with refused("DependencyViolation"):
        ec2.detach_internet_gateway(InternetGatewayId=net.igw, VpcId=net.vpc)
    elb.delete_load_balancer(LoadBalancerArn=arn)
    with refused("LoadBalancerNotFound"):
        elb.describe_load_balancers(Names=["api"])
    assert lb.interfaces()
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=net.group)
    until(lambda: not lb.interfaces())
    elb.delete_load_balancer(LoadBalancerArn=arn)
    ec2.detach_internet_gateway(InternetGatewayId=net.igw, VpcId=net.vpc)
    ec2.delete_security_group(GroupId=net.group)


def test_load_balancer_creation_is_idempotent_and_names_are_unique(lb, refused):
    first = lb.new_balancer(Tags=[{"Key": "a", "Value": "b"}])
    assert lb.new_balancer(Tags=[{"Key": "a", "Value": "b"}])["LoadBalancerArn"] == first["LoadBalancerArn"]
    with refused("DuplicateLoadBalancerName"):
        lb.new_balancer(Scheme="internal")
    assert len(lb.elb.describe_load_balancers()["LoadBalancers"]) == 1


def test_invalid_load_balancers_are_refused(lb, net, refused):
    with refused("ValidationError", "two subnets"):
        lb.new_balancer(Subnets=net.subnets[:1])
    with refused("SubnetNotFound"):
        lb.new_balancer(Subnets=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"])
    with refused("InvalidSecurityGroup"):
        lb.new_balancer(SecurityGroups=["sg-0123456789abcdef0"])
    with refused("ValidationError"):
        lb.new_balancer(Name="internal-api")
    same_zone = lb.ec2.create_subnet(VpcId=net.vpc, CidrBlock="10.0.9.0/24", AvailabilityZone="us-east-1a")["Subnet"][
        "SubnetId"
    ]
    with refused("InvalidConfigurationRequest", "same Availability Zone"):
        lb.new_balancer(Subnets=[net.subnets[0], same_zone])
    lb.ec2.detach_internet_gateway(InternetGatewayId=net.igw, VpcId=net.vpc)
    with refused("InvalidSubnet", "no internet gateway"):
        lb.new_balancer()
    assert lb.new_balancer(Scheme="internal")["DNSName"].startswith("internal-api-")


def test_protected_load_balancer_cannot_be_deleted(lb, refused):
    arn = lb.new_balancer()["LoadBalancerArn"]
    protect = lambda value: lb.elb.modify_load_balancer_attributes(
        LoadBalancerArn=arn, Attributes=[{"Key": "deletion_protection.enabled", "Value": value}]
    )
    protect("true")
    with refused("OperationNotPermitted"):
        lb.elb.delete_load_balancer(LoadBalancerArn=arn)
    protect("false")
    lb.elb.delete_load_balancer(LoadBalancerArn=arn)


def test_load_balancer_groups_subnets_and_address_type_can_change(lb, net, until, refused):
    ec2, arn = lb.ec2, lb.new_balancer()["LoadBalancerArn"]
    third = ec2.create_subnet(VpcId=net.vpc, CidrBlock="10.0.9.0/24", AvailabilityZone="us-east-1c")["Subnet"][
        "SubnetId"
    ]
    other = ec2.create_security_group(GroupName="o", Description="o", VpcId=net.vpc)["GroupId"]
    assert lb.elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[other])["SecurityGroupIds"] == [other]
    ec2.delete_security_group(GroupId=net.group)
    zones = lb.elb.set_subnets(LoadBalancerArn=arn, Subnets=[net.subnets[1], third])["AvailabilityZones"]
    assert [zone["ZoneName"] for zone in zones] == ["us-east-1b", "us-east-1c"]
    with refused("ValidationError"):
        lb.elb.set_subnets(LoadBalancerArn=arn, Subnets=[third])
    until(lambda: sorted(item["SubnetId"] for item in lb.interfaces()) == sorted([net.subnets[1], third]))
    ec2.delete_subnet(SubnetId=net.subnets[0])
    lb.elb.set_ip_address_type(LoadBalancerArn=arn, IpAddressType="dualstack")
    described = lb.elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
    assert (described["SecurityGroups"], described["IpAddressType"]) == ([other], "dualstack")


def attributes(response):
    return {item["Key"]: item["Value"] for item in response["Attributes"]}


def test_load_balancer_attributes_have_defaults_and_ranges(lb, refused):
    arn = lb.new_balancer(Scheme="internal")["LoadBalancerArn"]
    defaults = attributes(lb.elb.describe_load_balancer_attributes(LoadBalancerArn=arn))
    assert len(defaults) == 23
    assert defaults["idle_timeout.timeout_seconds"] == "60" and defaults["routing.http2.enabled"] == "true"
    assert defaults["ipv6.deny_all_igw_traffic"] == "true" and defaults["access_logs.s3.enabled"] == "false"
    change = lambda key, value: lb.elb.modify_load_balancer_attributes(
        LoadBalancerArn=arn, Attributes=[{"Key": key, "Value": value}]
    )
    assert attributes(change("idle_timeout.timeout_seconds", "90"))["idle_timeout.timeout_seconds"] == "90"
    assert (
        attributes(lb.elb.describe_load_balancer_attributes(LoadBalancerArn=arn))["idle_timeout.timeout_seconds"]
        == "90"
    )
    for key, value in (("colour", "red"), ("idle_timeout.timeout_seconds", "4001"), ("routing.http2.enabled", "yes")):
        with refused("ValidationError", key):
            change(key, value)


def test_access_logs_need_a_bucket_that_allows_writing(lb, aws, refused):
    s3, bucket, arn = aws.s3, f"logs-{aws.id}", lb.new_balancer()["LoadBalancerArn"]
    enable = lambda: lb.elb.modify_load_balancer_attributes(
        LoadBalancerArn=arn,
        Attributes=[
            {"Key": f"access_logs.s3.{key}", "Value": value}
            for key, value in (("enabled", "true"), ("bucket", bucket), ("prefix", "api"))
        ],
    )
    with refused("InvalidConfigurationRequest"):
        enable()
    s3.create_bucket(Bucket=bucket)
    with refused("InvalidConfigurationRequest", "Access Denied"):
        enable()
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/other/AWSLogs/{aws.id}/*",
    }
    policy = lambda: s3.put_bucket_policy(
        Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    policy()
    with refused("InvalidConfigurationRequest", "Access Denied"):
        enable()
    statement["Resource"] = f"arn:aws:s3:::{bucket}/api/AWSLogs/{aws.id}/*"
    policy()
    assert attributes(enable())["access_logs.s3.bucket"] == bucket
    kms = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=kms)
    with refused("InvalidConfigurationRequest"):
        enable()


def test_target_group_creation_is_idempotent_and_names_are_unique(lb, refused):
    first = lb.new_group(HealthCheckPath="/h", Matcher={"HttpCode": "200-299"})
    assert (
        lb.new_group(HealthCheckPath="/h", Matcher={"HttpCode": "200-299"})["TargetGroupArn"] == first["TargetGroupArn"]
    )
    for other in ({"HealthCheckPath": "/x", "Matcher": {"HttpCode": "200-299"}}, {"Port": 81}, {}):
        with refused("DuplicateTargetGroupName"):
            lb.new_group(**other)


def test_target_group_settings_have_defaults_and_ranges(lb, refused):
    created = lb.new_group()
    assert (
        created["HealthCheckPath"],
        created["HealthCheckIntervalSeconds"],
        created["HealthCheckTimeoutSeconds"],
    ) == (
        "/",
        30,
        5,
    )
    assert (created["HealthyThresholdCount"], created["UnhealthyThresholdCount"], created["Matcher"]) == (
        5,
        2,
        {"HttpCode": "200"},
    )
    arn = created["TargetGroupArn"]
    changed = lb.elb.modify_target_group(
        TargetGroupArn=arn, HealthCheckPath="/h", HealthCheckIntervalSeconds=10, Matcher={"HttpCode": "204"}
    )
    changed = changed["TargetGroups"][0]
    assert (changed["HealthCheckPath"], changed["HealthCheckIntervalSeconds"], changed["Matcher"]) == (
        "/h",
        10,
        {"HttpCode": "204"},
    )
    assert changed["HealthCheckTimeoutSeconds"] == 5
    with refused("ValidationError"):
        lb.elb.modify_target_group(TargetGroupArn=arn, HealthCheckTimeoutSeconds=10)
    defaults = attributes(lb.elb.describe_target_group_attributes(TargetGroupArn=arn))
    assert len(defaults) == 14
    assert (
        defaults["deregistration_delay.timeout_seconds"] == "300"
        and defaults["load_balancing.algorithm.type"] == "round_robin"
    )
    change = lambda **values: lb.elb.modify_target_group_attributes(
        TargetGroupArn=arn,
        Attributes=[{"Key": key.replace("__", "."), "Value": value} for key, value in values.items()],
    )
    change(deregistration_delay__timeout_seconds="30", slow_start__duration_seconds="30")
    assert (
        attributes(lb.elb.describe_target_group_attributes(TargetGroupArn=arn))["deregistration_delay.timeout_seconds"]
        == "30"
    )
    with refused("InvalidConfigurationRequest"):
        change(load_balancing__algorithm__type="least_outstanding_requests")
    with refused("InvalidConfigurationRequest"):
        change(load_balancing__algorithm__anomaly_mitigation="on")
    with refused("ValidationError"):
        change(deregistration_delay__timeout_seconds="3601")


def test_listener_ports_are_unique_and_defaults_filled_in(lb, refused):
    balancer, group, elb = lb.new_balancer(), lb.new_group(), lb.elb
    created = lb.new_listener(balancer, group, port=8080, Tags=[{"Key": "a", "Value": "b"}])
    assert created["Port"] == 8080 and "SslPolicy" not in created
    assert created["DefaultActions"][0]["ForwardConfig"]["TargetGroups"] == [
        {"TargetGroupArn": group["TargetGroupArn"], "Weight": 1}
    ]
    assert lb.new_listener(balancer, group, port=8080)["ListenerArn"] == created["ListenerArn"]
    redirect = [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}]
    with refused("DuplicateListener"):
        lb.new_listener(balancer, group, port=8080, DefaultActions=redirect)
    lb.new_listener(balancer, group, port=81)
    with refused("DuplicateListener"):
        elb.modify_listener(ListenerArn=created["ListenerArn"], Port=81)
    changed = elb.modify_listener(ListenerArn=created["ListenerArn"], DefaultActions=redirect)["Listeners"][0]
    assert changed["DefaultActions"][0]["RedirectConfig"] == {
        "Protocol": "HTTPS",
        "Port": "443",
        "Host": "#{host}",
        "Path": "/#{path}",
        "Query": "#{query}",
        "StatusCode": "HTTP_301",
    }
    ports = [item["Port"] for item in elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]]
    assert ports == [8080, 81]
    with refused("TargetGroupNotFound"):
        lb.new_listener(balancer, {"TargetGroupArn": group["TargetGroupArn"][:-4] + "ffff"}, port=82)
    with refused("TargetGroupAssociationLimit"):
        lb.new_listener(lb.new_balancer(Name="other"), group, port=80)
    elb.delete_listener(ListenerArn=created["ListenerArn"])
    with refused("ListenerNotFound"):
        elb.delete_listener(ListenerArn=created["ListenerArn"])


def test_https_listener_needs_an_existing_certificate_and_policy(lb, aws, refused):
    balancer, group = lb.new_balancer(), lb.new_group()
    certificate = aws.acm.request_certificate(DomainName="api.example.com", ValidationMethod="DNS")["CertificateArn"]
    secure = lambda **more: lb.new_listener(balancer, group, port=443, Protocol="HTTPS", **more)
    with refused("ValidationError"):
        secure()
    with refused("CertificateNotFound"):
        secure(Certificates=[{"CertificateArn": certificate[:-4] + "ffff"}])
    with refused("SSLPolicyNotFound"):
        secure(Certificates=[{"CertificateArn": certificate}], SslPolicy="ELBSecurityPolicy-nothing")
    post_quantum = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    (policy,) = aws.elbv2.describe_ssl_policies(Names=[post_quantum])["SslPolicies"]
    assert set(policy["SslProtocols"]) == {"TLSv1.2", "TLSv1.3"}
    created = secure(Certificates=[{"CertificateArn": certificate}], SslPolicy=post_quantum)
    assert created["SslPolicy"] == post_quantum
    assert created["Certificates"] == [{"CertificateArn": certificate}] and created["MutualAuthentication"] == {
        "Mode": "off"
    }
    with refused("ResourceInUseException"):
        aws.acm.delete_certificate(CertificateArn=certificate)
    defaults = attributes(lb.elb.describe_listener_attributes(ListenerArn=created["ListenerArn"]))
    assert defaults["routing.http.response.server.enabled"] == "true"


def test_listener_certificates_can_be_added_and_removed(lb, aws, refused):
    first, second, third = (
        aws.acm.request_certificate(DomainName=f"{name}.example.com", ValidationMethod="DNS")["CertificateArn"]
        for name in "abc"
    )
    balancer, group, elb = lb.new_balancer(), lb.new_group(), lb.elb
    listener_arn = lb.new_listener(
        balancer, group, port=443, Protocol="HTTPS", Certificates=[{"CertificateArn": first}]
    )["ListenerArn"]

    def certificates():
        found = elb.describe_listener_certificates(ListenerArn=listener_arn)["Certificates"]
        return [(item["CertificateArn"], item["IsDefault"]) for item in found]

    for _ in range(2):
        elb.add_listener_certificates(ListenerArn=listener_arn, Certificates=[{"CertificateArn": second}])
    assert certificates() == [(first, True), (second, False)]
    elb.modify_listener(ListenerArn=listener_arn, Certificates=[{"CertificateArn": third}])
    assert certificates() == [(third, True), (second, False)]
    with refused("OperationNotPermitted"):
        elb.remove_listener_certificates(ListenerArn=listener_arn, Certificates=[{"CertificateArn": third}])
    elb.remove_listener_certificates(ListenerArn=listener_arn, Certificates=[{"CertificateArn": second}])
    assert certificates() == [(third, True)]


def test_rule_priorities_are_unique_and_can_change(lb, refused):
    elb, group = lb.elb, lb.new_group()
    listener = lb.new_listener(lb.new_balancer(), group)["ListenerArn"]
    path = lambda value: [{"Field": "path-pattern", "PathPatternConfig": {"Values": [value]}}]
    rules = [
        elb.create_rule(
            ListenerArn=listener, Priority=priority, Conditions=path(f"/{priority}"), Actions=lb.forward(group)
        )["Rules"][0]["RuleArn"]
        for priority in (20, 10)
    ]
    with refused("PriorityInUse"):
        elb.create_rule(ListenerArn=listener, Priority=10, Conditions=path("/x"), Actions=lb.forward(group))
    read = lambda: elb.describe_rules(ListenerArn=listener)["Rules"]
    assert [item["Priority"] for item in read()] == ["10", "20", "default"]
    assert read()[0]["Conditions"][0]["Values"] == ["/10"]
    elb.set_rule_priorities(
        RulePriorities=[{"RuleArn": rules[0], "Priority": 10}, {"RuleArn": rules[1], "Priority": 20}]
    )
    assert [item["RuleArn"] for item in read()][:2] == rules
    with refused("PriorityInUse"):
        elb.set_rule_priorities(RulePriorities=[{"RuleArn": rules[0], "Priority": 20}])
    changed = elb.modify_rule(RuleArn=rules[0], Conditions=path("/y"))["Rules"][0]
    assert changed["Conditions"][0]["PathPatternConfig"]["Values"] == ["/y"]
    with refused("OperationNotPermitted"):
        elb.delete_rule(RuleArn=read()[-1]["RuleArn"])
    elb.delete_rule(RuleArn=rules[0])
    with refused("RuleNotFound"):
        elb.delete_rule(RuleArn=rules[0])
    with refused("RuleNotFound"):
        elb.describe_rules(RuleArns=[rules[0]])


def test_target_group_in_use_cannot_be_deleted(lb, refused):
    elb, group, other = lb.elb, lb.new_group(), lb.new_group(Name="other")
    listener = lb.new_listener(lb.new_balancer(), group)["ListenerArn"]
    rule = elb.create_rule(
        ListenerArn=listener,
        Priority=1,
        Conditions=[{"Field": "path-pattern", "Values": ["/a"]}],
        Actions=lb.forward(other),
    )["Rules"][0]["RuleArn"]
    for item in (group, other):
        with refused("ResourceInUse"):
            elb.delete_target_group(TargetGroupArn=item["TargetGroupArn"])
    assert len(elb.describe_target_groups(Names=["other"])["TargetGroups"][0]["LoadBalancerArns"]) == 1
    elb.delete_rule(RuleArn=rule)
    assert elb.describe_target_groups(Names=["other"])["TargetGroups"][0]["LoadBalancerArns"] == []
    elb.delete_target_group(TargetGroupArn=other["TargetGroupArn"])
    elb.delete_listener(ListenerArn=listener)
    elb.delete_target_group(TargetGroupArn=group["TargetGroupArn"])
    with refused("TargetGroupNotFound"):
        elb.describe_target_groups(Names=["other"])


def test_describe_operations_return_pages(lb):
    balancer, groups = lb.new_balancer(), [lb.new_group(Name=f"g-{index}") for index in range(3)]
    lb.new_balancer(Name="b"), lb.new_balancer(Name="c")
    listeners = [lb.new_listener(balancer, groups[0], port=80 + index)["ListenerArn"] for index in range(3)]
    for index in range(2):
        condition = [{"Field": "path-pattern", "Values": [f"/{index}"]}]
        lb.elb.create_rule(
            ListenerArn=listeners[0], Priority=index + 1, Conditions=condition, Actions=lb.forward(groups[0])
        )
    for operation, member, more in (
        ("load_balancers", "LoadBalancers", {}),
        ("target_groups", "TargetGroups", {}),
        ("listeners", "Listeners", {"LoadBalancerArn": balancer["LoadBalancerArn"]}),
        ("rules", "Rules", {"ListenerArn": listeners[0]}),
    ):
        read = getattr(lb.elb, f"describe_{operation}")
        first = read(PageSize=2, **more)
        second = read(PageSize=2, Marker=first["NextMarker"], **more)
        assert (len(first[member]), len(second[member]), "NextMarker" in second) == (2, 1, False), operation


def test_tags_can_be_added_and_removed(lb, refused):
    balancer, group = (
        lb.new_balancer(Tags=[{"Key": "a", "Value": "1"}])["LoadBalancerArn"],
        lb.new_group()["TargetGroupArn"],
    )
    lb.elb.add_tags(ResourceArns=[balancer, group], Tags=[{"Key": f"k{index}", "Value": "v"} for index in range(20)])
    lb.elb.remove_tags(ResourceArns=[group], TagKeys=["k0"])
    read = {
        item["ResourceArn"]: len(item["Tags"])
        for item in lb.elb.describe_tags(ResourceArns=[balancer, group])["TagDescriptions"]
    }
    assert read == {balancer: 21, group: 19}
    with refused("ValidationError"):
        lb.elb.describe_tags(ResourceArns=[balancer] * 21)
    with refused("TargetGroupNotFound"):
        lb.elb.describe_tags(ResourceArns=[group[:-4] + "ffff"])
    with refused("LoadBalancerNotFound"):
        lb.elb.describe_tags(ResourceArns=[balancer[:-4] + "ffff"])
