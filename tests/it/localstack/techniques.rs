//! Every technique on LocalStack, with the binary as a user runs it: each alone, and all eight
//! together, checked by the AWS CLI.
use crate::localstack::requests_are_valid;
use crate::localstack::shell::{Shell, count};
use serde_json::Value;

const FULL: &str = "blueprints/million-calls.yaml";
const EVERYTHING: &[&str] = &["--allow-data-loss", "all"];

const SEVENTEEN_SHARDS: &str = "\
stack: ledger
region: us-east-1
network: {}
databases:
  main: { version: \"17\", shards: 17, shard_key: tenant_id }
";

const EDGE: &str = "
stack: pages
region: eu-west-1
preset: dev
cdn: { edge: { routes: [{ paths: [/*], to: buckets.site }] } }
buckets: { site: {} }
rate_limits:
  public: { firewall: { limits: { per-ip: { per: ip, rate: 2000/5m } }, logs: {} } }
monitoring: { notify: [ops@example.com] }
";

/// Applies, plans no change, lists the stack, destroys it, and finds nothing left.
fn creates_and_destroys(blueprint: &str, stack: &str) {
    let shell = Shell::new();
    shell.tenfold(0, &["apply", blueprint, "--yes"]);
    let plan = shell.tenfold(0, &["plan", blueprint]);
    assert!(plan.contains("No changes"), "{plan}");
    // The tagging API may lag behind.
    let mut lists = (0..5).map(|_| shell.tenfold(0, &["stacks"]));
    let found = lists.any(|list| list.contains(&format!("{stack}  ")));
    assert!(found, "{}", shell.tenfold(0, &["stacks"]));
    destroy(&shell, blueprint);
    requests_are_valid(&shell.account);
}

fn destroy(shell: &Shell, blueprint: &str) {
    shell.tenfold(0, &[&["destroy", blueprint, "--yes"], EVERYTHING].concat());
    let left = shell.tenfold(0, &["show", blueprint, "--json"]);
    let left: Value = serde_json::from_str(&left).unwrap();
    assert_eq!(left["resources"], Value::Array(Vec::new()), "{left}");
}

#[test]
fn static_cdn_is_created_and_destroyed() {
    creates_and_destroys("blueprints/static-cdn.yaml", "pages");
}

#[test]
fn async_workers_are_created_and_destroyed() {
    creates_and_destroys("blueprints/async-workers.yaml", "jobs");
}

#[test]
fn sharded_db_is_created_and_destroyed() {
    creates_and_destroys("blueprints/sharded-db.yaml", "ledger");
}

#[test]
fn rate_limited_api_is_created_and_destroyed() {
    creates_and_destroys("blueprints/rate-limited-api.yaml", "partners");
}

#[test]
fn a_stack_in_another_region_is_not_destroyed() {
    let shell = Shell::new();
    shell.tenfold(0, &["apply", "blueprints/static-cdn.yaml", "--yes"]);
    let elsewhere = ["--stack", "pages", "--region", "eu-west-1"];
    let run = shell.tenfold_with("", &[&["destroy", "--yes"], &elsewhere[..], EVERYTHING].concat());
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert!(stderr.contains("the stack is in us-east-1"), "{stderr}");
    assert_eq!(run.status.code(), Some(1), "{stderr}");
    let stacks = shell.tenfold(0, &["stacks", "--region", "eu-west-1"]);
    assert!(!stacks.contains("pages"), "{stacks}");
    destroy(&shell, "blueprints/static-cdn.yaml");
}

/// CloudFront's web ACL logs in us-east-1, whichever region the stack is in.
#[test]
fn an_edge_firewall_logs_in_us_east_1() {
    let shell = Shell::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("edge.yaml");
    std::fs::write(&file, EDGE).unwrap();
    let blueprint = file.to_str().unwrap();
    shell.tenfold(0, &["apply", blueprint, "--yes"]);
    assert!(shell.tenfold(0, &["plan", blueprint]).contains("No changes"));
    let groups = |region| {
        let found = shell.aws(&["logs", "describe-log-groups", "--region", region]);
        let groups = found["logGroups"].as_array().cloned().unwrap_or_default();
        groups.iter().any(|group| group["logGroupName"] == "aws-waf-logs-pages-public")
    };
    assert!(groups("us-east-1") && !groups("eu-west-1"));
    let rows = shell.tenfold(0, &["logs", "waf-blocked", "-f", blueprint, "--json"]);
    assert_eq!(rows.trim(), "[]");
    destroy(&shell, blueprint);
    assert!(!groups("us-east-1"), "the log group in us-east-1 is deleted");
    requests_are_valid(&shell.account);
}

/// From 17 shards on a map is larger than a parameter can be, and is in a bucket of the stack.
#[test]
fn the_map_of_17_shards_is_published() {
    let shell = Shell::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.yaml");
    std::fs::write(&file, SEVENTEEN_SHARDS).unwrap();
    let blueprint = file.to_str().unwrap();
    shell.tenfold(0, &["apply", blueprint, "--yes"]);
    assert!(shell.tenfold(0, &["plan", blueprint]).contains("No changes"));
    let located = shell.tenfold(0, &["shards", "locate", "tenant-1", "-f", blueprint]);
    assert!(located.contains("3854"), "{located}");
    let buckets = shell.aws(&["s3api", "list-buckets"]);
    let names: Vec<&str> =
        buckets["Buckets"].as_array().unwrap().iter().filter_map(|b| b["Name"].as_str()).collect();
    assert!(names.iter().any(|name| name.contains("main-map")), "{names:?}");
    destroy(&shell, blueprint);
    requests_are_valid(&shell.account);
}

#[test]
fn all_eight_techniques_are_created_unchanged_updated_and_destroyed() {
    let shell = Shell::new();
    let zone = ["--name", "example.com", "--caller-reference", &shell.account];
    shell.aws(&[&["route53", "create-hosted-zone"], &zone[..]].concat());
    shell.tenfold(0, &["apply", FULL, "--yes"]);
    assert!(shell.tenfold(0, &["plan", FULL]).contains("No changes"));
    check_all_eight_with_the_aws_cli(&shell);

    let located = shell.tenfold(0, &["shards", "locate", "tenant-1", "-f", FULL]);
    assert!(located.contains("3854"), "{located}");
    let four = ["--set", "databases.ledger.shards=4"];
    let plan = shell.tenfold(2, &[&["plan", FULL], &four[..]].concat());
    assert!(plan.contains("1024"), "{plan}");
    shell.tenfold(0, &[&["apply", FULL, "--yes"], &four[..]].concat());
    let plan = shell.tenfold(0, &[&["plan", FULL], &four[..]].concat());
    assert!(plan.contains("1024"), "slot moves are remaining work, not a difference: {plan}");

    destroy(&shell, FULL);
    requests_are_valid(&shell.account);
}

fn check_all_eight_with_the_aws_cli(shell: &Shell) {
    let seen: &[(&[&str], &str, usize)] = &[
        (&["elbv2", "describe-load-balancers"], "LoadBalancers", 1),
        (&["autoscaling", "describe-auto-scaling-groups"], "AutoScalingGroups", 3),
        (&["elasticache", "describe-replication-groups"], "ReplicationGroups", 1),
        (&["apigateway", "get-rest-apis"], "items", 1),
        (&["apigateway", "get-usage-plans"], "items", 3),
        (&["apigateway", "get-api-keys"], "items", 4),
        (&["wafv2", "list-web-acls", "--scope", "CLOUDFRONT"], "WebACLs", 1),
        (&["sqs", "list-queues"], "QueueUrls", 4),
        (&["rds", "describe-db-instances"], "DBInstances", 6),
        (&["sns", "list-topics"], "Topics", 1),
        (&["cloudwatch", "list-dashboards"], "DashboardEntries", 1),
    ];
    for (words, list, number) in seen {
        let found = shell.aws(words);
        assert_eq!(count(&found, list), *number, "aws {words:?}: {found}");
    }
    let distributions = shell.aws(&["cloudfront", "list-distributions"]);
    assert_eq!(count(&distributions["DistributionList"], "Items"), 1);
}
