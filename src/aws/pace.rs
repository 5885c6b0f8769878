//! Pacing: a token bucket for each of AWS's throttle budgets, so that a large stack is slowed
//! down here and not by rejections there.
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Calls a second, and how many may come at once.
#[derive(Clone, Copy)]
struct Budget {
    rate_per_s: f64,
    burst: f64,
}

#[derive(Default)]
pub struct Pace {
    buckets: Mutex<BTreeMap<String, (Instant, f64)>>,
}

impl Pace {
    /// Waits until a call of this operation is within its budget.
    pub async fn admit(&self, operation: &str) {
        let shared = budget(operation);
        let own = own_budget(operation).map(|budget| (operation.to_string(), budget));
        let waits = own.into_iter().chain([shared]).map(|(bucket, of)| self.take(bucket, of));
        let wait = waits.max().unwrap_or_default();
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    /// Takes a token, on credit if need be, and says how long that credit must be waited for.
    fn take(&self, bucket: String, budget: Budget) -> Duration {
        let now = Instant::now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let (then, tokens) = buckets.entry(bucket).or_insert((now, budget.burst));
        let earned = now.duration_since(*then).as_secs_f64() * budget.rate_per_s;
        *tokens = (*tokens + earned).min(budget.burst) - 1.0;
        *then = now;
        Duration::from_secs_f64((-*tokens).max(0.0) / budget.rate_per_s)
    }
}

/// The bucket that a call draws from. EC2 has one for reads and one for changes; elsewhere the
/// figures are those AWS publishes for the service, or low enough to stay clear of rejections.
/// <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>,
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html>,
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>,
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html>
fn budget(operation: &str) -> (String, Budget) {
    let (service, name) = operation.split_once(':').unwrap_or((operation, ""));
    let read = ["Describe", "Get", "List"].iter().any(|verb| name.starts_with(verb));
    // Route 53 counts reads and changes alike,
    // <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html>.
    if service == "route53" {
        return ("route53".into(), Budget { rate_per_s: 5.0, burst: 5.0 });
    }
    let (rate_per_s, burst) = match (service, read) {
        ("ec2", true) => (20.0, 100.0),
        ("ec2", false) => (5.0, 50.0),
        ("elasticloadbalancing", true) => (10.0, 40.0),
        ("cloudwatch", false) => (3.0, 3.0),
        ("cloudwatch", true) => (9.0, 9.0),
        ("logs", _) => (5.0, 5.0),
        ("wafv2", false) => (1.0, 5.0),
        ("wafv2", true) => (5.0, 10.0),
        // All calls of API Gateway, old and new, draw from one, which AWS does not raise.
        ("apigateway" | "apigatewayv2", _) => return ("apigateway".into(), API_GATEWAY),
        (_, true) => (10.0, 40.0),
        (_, false) => (5.0, 20.0),
    };
    (format!("{service} {}", if read { "read" } else { "write" }), Budget { rate_per_s, burst })
}

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>
const API_GATEWAY: Budget = Budget { rate_per_s: 10.0, burst: 40.0 };

/// What an operation has to itself beside the budget that it shares: AWS grants some of API
/// Gateway's only one in many seconds.
fn own_budget(operation: &str) -> Option<Budget> {
    let rate_per_s = match operation {
        "apigateway:CreateApiKey" | "apigateway:DeleteApiKey" => 5.0,
        "apigateway:CreateDeployment" => 1.0 / 5.0,
        "apigateway:CreateRestApi" => 1.0 / 3.0,
        "apigateway:PutRestApi" => 1.0,
        "apigateway:UpdateUsagePlan" | "apigateway:UpdateAccount" => 1.0 / 20.0,
        "apigateway:DeleteRestApi" | "apigateway:CreateDomainName" => 1.0 / 30.0,
        "apigatewayv2:CreateVpcLink" => 1.0 / 15.0,
        "apigatewayv2:DeleteVpcLink" => 1.0 / 30.0,
        _ => return None,
    };
    Some(Budget { rate_per_s, burst: 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn some_operations_are_granted_seldom() {
        let pace = Pace::default();
        let start = Instant::now();
        for _ in 0..3 {
            pace.admit("apigateway:UpdateUsagePlan").await;
        }
        let waited_s = start.elapsed().as_secs_f64();
        assert!((39.9..40.2).contains(&waited_s), "{waited_s}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_free_and_the_rest_is_paced() {
        let pace = Pace::default();
        let start = Instant::now();
        for _ in 0..50 {
            pace.admit("ec2:CreateVpc").await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        for _ in 0..10 {
            pace.admit("ec2:CreateVpc").await;
        }
        let waited_s = start.elapsed().as_secs_f64();
        assert!((1.9..2.2).contains(&waited_s), "{waited_s}");
        pace.admit("ec2:DescribeVpcs").await;
        assert!(start.elapsed().as_secs_f64() < 2.2);
    }
}
