//! `blueprints/web.yaml` on LocalStack: the binary as a user runs it, checked by the AWS CLI, and
//! interrupted at any call.
use crate::localstack::shell::{Shell, count};
use crate::localstack::{REGION, cloud, requests_are_valid, requests_of};
use crate::support::Stack;
use serde_json::Value;
use tenfold::resource::Observation;

#[test]
fn web_is_created_unchanged_updated_and_destroyed() {
    let shell = Shell::new();
    let web = "blueprints/web.yaml";
    shell.tenfold(2, &["plan", web]);
    shell.tenfold(0, &["apply", web, "--yes"]);
    assert!(shell.tenfold(0, &["plan", web]).contains("No changes"));
    check_with_the_aws_cli(&shell);

    let more = ["--set", "services.api.scale.max=30"];
    let plan = shell.tenfold(2, &[&["plan", web], &more[..]].concat());
    assert!(plan.contains("MaxSize: 24 → 30") && plan.contains("Plan: 1 to update."), "{plan}");
    shell.tenfold(0, &[&["apply", web, "--yes"], &more[..]].concat());
    shell.tenfold(0, &[&["plan", web], &more[..]].concat());

    // A release: new launch template versions, rolled out by instance refresh.
    let release = [&more[..], &["--var", "version=1.1.0"]].concat();
    let plan = shell.tenfold(2, &[&["plan", web], &release[..]].concat());
    assert!(plan.contains("(known after apply)") && plan.contains("Plan: 4 to update."), "{plan}");
    shell.tenfold(0, &[&["apply", web, "--yes"], &release[..]].concat());
    shell.tenfold(0, &[&["plan", web], &release[..]].concat());

    // Another port: a new target group replaces the old one.
    let port = [&release[..], &["--set", "services.site.port=8081"]].concat();
    shell.tenfold(2, &[&["plan", web], &port[..]].concat());
    shell.tenfold(0, &[&["apply", web, "--yes"], &port[..]].concat());
    shell.tenfold(0, &[&["plan", web], &port[..]].concat());
    assert_eq!(count(&shell.aws(&["elbv2", "describe-target-groups"]), "TargetGroups"), 2);

    shell.tenfold(0, &["destroy", "--stack", "web", "--yes"]);
    only_the_log_bucket_remains(&shell);
    requests_are_valid(&shell.account);
}

fn check_with_the_aws_cli(shell: &Shell) {
    let balancers = shell.aws(&["elbv2", "describe-load-balancers"]);
    let balancer = &balancers["LoadBalancers"][0];
    assert_eq!(balancer["Scheme"], "internet-facing");
    let arn = balancer["LoadBalancerArn"].as_str().expect("an ARN");
    let listeners = shell.aws(&["elbv2", "describe-listeners", "--load-balancer-arn", arn]);
    let listener = listeners["Listeners"][0]["ListenerArn"].as_str().expect("an ARN");
    let rules = shell.aws(&["elbv2", "describe-rules", "--listener-arn", listener]);
    let path = |rule: &Value| rule["Conditions"][0]["Values"][0].as_str().map(str::to_string);
    let paths: Vec<String> =
        rules["Rules"].as_array().expect("rules").iter().filter_map(path).collect();
    assert_eq!(paths, ["/v1/*", "/*"]);
    let groups = shell.aws(&["autoscaling", "describe-auto-scaling-groups"]);
    assert_eq!(count(&groups, "AutoScalingGroups"), 2);
    let policies = shell.aws(&["autoscaling", "describe-policies"]);
    assert_eq!(count(&policies, "ScalingPolicies"), 4);
}

fn only_the_log_bucket_remains(shell: &Shell) {
    let left: Value =
        serde_json::from_str(&shell.tenfold(0, &["show", "--stack", "web", "--json"])).unwrap();
    let text = left.to_string();
    assert!(text.contains("bucket.logs") && !text.contains("vpc.main"), "{text}");
    let tagged = ["Name=tag:tenfold:stack,Values=web"];
    let vpcs = shell.aws(&[&["ec2", "describe-vpcs", "--filters"], &tagged[..]].concat());
    assert_eq!(count(&vpcs, "Vpcs"), 0);
    let groups = shell.aws(&["autoscaling", "describe-auto-scaling-groups"]);
    assert_eq!(count(&groups, "AutoScalingGroups"), 0);
    let addresses = shell.aws(&["ec2", "describe-addresses"]);
    assert_eq!(count(&addresses, "Addresses"), 0);
    let roles = shell.aws(&["iam", "list-roles", "--path-prefix", "/tenfold/web/"]);
    assert_eq!(count(&roles, "Roles"), 0);
    assert_eq!(count(&shell.aws(&["s3api", "list-buckets"]), "Buckets"), 1);
}

/// The process is killed before a call or before its response is read, or a response is lost. The
/// same command completes afterwards, without duplicates.
#[tokio::test]
async fn a_run_interrupted_at_any_call_converges_without_duplicates() {
    let starter = "blueprints/starter.yaml";
    let faults = ["kill@", "kill-before@", "lose@"];
    let plan_calls = calls_of_a_plan(starter);
    for (at, fault) in (plan_calls + 2..plan_calls + 83).step_by(9).zip(faults.iter().cycle()) {
        let shell = Shell::new();
        let fault = format!("{fault}{at}");
        let cut = shell.tenfold_with(&fault, &["apply", starter, "--yes"]);
        assert!(
            fault.starts_with("lose") || cut.status.code().is_none(),
            "{fault} did not stop the run"
        );
        shell.tenfold(0, &["apply", starter, "--yes"]);
        assert!(shell.tenfold(0, &["plan", starter]).contains("No changes"), "{fault}");
        let cloud = cloud(&shell.account).await;
        let stack = Stack { cloud: &cloud, name: "hello", only: None };
        let observation = observe_within_the_declared_reads(&stack).await;
        for (id, found) in observation {
            assert_eq!(found.len(), 1, "{fault} left duplicates of {id}");
        }
        let balancers = shell.aws(&["elbv2", "describe-load-balancers"]);
        assert_eq!(count(&balancers, "LoadBalancers"), 1, "{fault}");
        shell.tenfold(0, &["destroy", starter, "--yes"]);
        assert!(stack.observe().await.is_empty(), "{fault}: resources remain");
    }
}

/// The number of calls that a plan of a new stack makes. Later calls of an apply change something.
fn calls_of_a_plan(blueprint: &str) -> usize {
    let shell = Shell::new();
    shell.tenfold(2, &["plan", blueprint]);
    requests_of(&shell.account).len()
}

/// An existing network is used and survives `destroy`. A change made outside tenfold is an ordinary
/// difference.
#[test]
fn uses_an_existing_network_and_plans_drift_as_a_difference() {
    let shell = Shell::new();
    let text = |value: &Value| value.as_str().expect("an id").to_string();
    let vpc = shell.aws(&["ec2", "create-vpc", "--cidr-block", "10.50.0.0/16"]);
    let vpc = text(&vpc["Vpc"]["VpcId"]);
    let subnet = |block: &str, zone: &str| {
        let of = ["--vpc-id", &vpc, "--cidr-block", block, "--availability-zone", zone];
        text(&shell.aws(&[&["ec2", "create-subnet"], &of[..]].concat())["Subnet"]["SubnetId"])
    };
    let (a, b) = (subnet("10.50.1.0/24", "us-east-1a"), subnet("10.50.2.0/24", "us-east-1b"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("guest.yaml");
    let blueprint = format!(
        "stack: guest\nregion: {REGION}\npreset: dev\n\
         network: {{ vpc: {vpc}, subnets: {{ app: [{a}, {b}] }} }}\n\
         load_balancers:\n  main: {{ allow: [10.50.0.0/16] }}\n\
         services:\n  api:\n    port: 8080\n    routes: [{{ load_balancer: main }}]\n"
    );
    std::fs::write(&file, blueprint).unwrap();
    let guest = file.to_str().unwrap();
    shell.tenfold(0, &["apply", guest, "--yes"]);
    shell.tenfold(0, &["plan", guest]);

    let balancers = shell.aws(&["elbv2", "describe-load-balancers"]);
    let arn = text(&balancers["LoadBalancers"][0]["LoadBalancerArn"]);
    let idle = "Key=idle_timeout.timeout_seconds,Value=99";
    let of = ["--load-balancer-arn", &arn, "--attributes", idle];
    shell.aws(&[&["elbv2", "modify-load-balancer-attributes"], &of[..]].concat());
    let plan = shell.tenfold(2, &["plan", guest]);
    assert!(plan.contains("99") && plan.contains("Plan: 1 to update."), "{plan}");
    shell.tenfold(0, &["apply", guest, "--yes"]);
    shell.tenfold(0, &["plan", guest]);

    encrypt(&shell, guest);

    shell.tenfold(0, &["destroy", guest, "--yes"]);
    let left = shell.aws(&["ec2", "describe-subnets", "--subnet-ids", &a, &b]);
    assert_eq!(count(&left, "Subnets"), 2);
    requests_are_valid(&shell.account);
}

/// With a certificate the load balancer listens on 443, and 80 redirects to it.
fn encrypt(shell: &Shell, blueprint: &str) {
    let made = shell.aws(&["acm", "request-certificate", "--domain-name", "api.example.com"]);
    let certificate = made["CertificateArn"].as_str().expect("an ARN");
    let set = format!("load_balancers.main.certificate={certificate}");
    shell.tenfold(0, &["apply", blueprint, "--yes", "--set", &set]);
    shell.tenfold(0, &["plan", blueprint, "--set", &set]);
    let balancers = shell.aws(&["elbv2", "describe-load-balancers"]);
    let arn = balancers["LoadBalancers"][0]["LoadBalancerArn"].as_str().expect("an ARN");
    let listeners = shell.aws(&["elbv2", "describe-listeners", "--load-balancer-arn", arn]);
    let all = listeners["Listeners"].as_array().expect("listeners");
    let on = |port: u16| all.iter().find(|l| l["Port"] == port).expect("a listener");
    assert_eq!(on(80)["DefaultActions"][0]["Type"], "redirect");
    assert_eq!(on(443)["SslPolicy"], "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09");
    let arn = on(443)["ListenerArn"].as_str().expect("an ARN");
    let rules = shell.aws(&["elbv2", "describe-rules", "--listener-arn", arn]);
    assert_eq!(count(&rules, "Rules"), 2);
}

/// Observes a stack, and checks that this takes no more reads than its kinds declare: a fixed number,
/// and a number for each resource.
async fn observe_within_the_declared_reads(stack: &Stack<'_>) -> Observation {
    let made = || stack.cloud.calls().values().sum::<u64>();
    let before = made();
    let observation = stack.observe().await;
    let declared = tenfold::kinds::KINDS.iter().map(|kind| {
        let info = kind.info();
        let found = observation.iter().filter(|(id, _)| id.kind == info.name);
        let number: usize = found.map(|(_, live)| live.len()).sum();
        u64::from(info.reads.fixed) + u64::from(info.reads.each) * number.max(1) as u64
    });
    let (declared, taken) = (declared.sum::<u64>(), made() - before);
    assert!(taken <= declared, "{taken} reads, but the kinds declare {declared}");
    observation
}
