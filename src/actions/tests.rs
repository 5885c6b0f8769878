use super::*;
use crate::cloud::fake::{self, Fake};
use crate::error::CloudError;
use crate::kinds::cloudfront::distribution::{DEPLOYED, STATUS};
use crate::kinds::logs::query_definition::{RESULTS, START};
use crate::kinds::secretsmanager::secret::ROTATE;
use crate::names::ORIGIN_HEADER;
use crate::reference;
use crate::resource::Outputs;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:origin-edge";

/// A cloud whose CDN sends the current value of its secret until the secret is rotated, and whose
/// listings show a rotation after `lag` more listings.
fn with_cdn(lag: usize, status: &'static str) -> Fake {
    let rotated = Arc::new(AtomicBool::new(false));
    let is_rotated = rotated.clone();
    let list = move |kind: &str, call: usize| {
        let mut secret = fake::live(&Id::new("secret", "origin-edge"), json!({}));
        secret.outputs = Outputs::from([("arn".to_string(), ARN.to_string())]);
        // `rotate` lists the CDN and the secret before it rotates the secret.
        let hidden = !is_rotated.load(Ordering::Relaxed) || call <= 2 + lag;
        let value = if hidden { reference::secret(ARN) } else { "(another value)".to_string() };
        let header = json!({ "HeaderName": ORIGIN_HEADER, "HeaderValue": value });
        let origins = json!([{ "OriginCustomHeaders": [header] }]);
        let spec = json!({ "DistributionConfig": { "Origins": origins } });
        match kind {
            "secret" => vec![secret],
            "distribution" => vec![fake::live(&Id::new("distribution", "edge"), spec)],
            _ => Vec::new(),
        }
    };
    let act = move |action: &str, _call: usize| match action {
        STATUS => Ok(json!({ "status": status })),
        ROTATE => {
            rotated.store(true, Ordering::Relaxed);
            Ok(json!({ "version": "v2" }))
        }
        _ => Err(CloudError::internal(format!("no action {action}"))),
    };
    Fake::default().with_list(list).with_act(act)
}

fn query_on(results: impl Fn(usize) -> Value + Send + Sync + 'static) -> (Fake, Live) {
    let act = move |action: &str, call: usize| match action {
        START => Ok(json!({ "query": "q-1" })),
        RESULTS => Ok(results(call)),
        _ => Err(CloudError::internal(format!("no action {action}"))),
    };
    let cloud = Fake::default().with_act(act);
    (cloud, fake::live(&Id::new("query-definition", "errors"), json!({})))
}

#[tokio::test]
async fn query_returns_rows_once_complete() {
    let (cloud, query) = query_on(|call| match call {
        2 => json!({ "status": "Scheduled" }),
        3 => json!({ "status": "Running" }),
        _ => json!({ "status": "Complete", "rows": [[["level", "error"], ["n", "3"]]] }),
    });
    let rows = query::run(&cloud, &query, 0, 3600).await.unwrap();
    let expected = [("level", "error"), ("n", "3")].map(|(f, v)| (f.to_string(), v.to_string()));
    assert_eq!(rows, [expected.to_vec()]);
    assert_eq!(cloud.paused_s(), 2.5);
}

#[tokio::test]
async fn query_that_never_ends_times_out() {
    let (cloud, query) = query_on(|_| json!({ "status": "Running" }));
    let error = query::run(&cloud, &query, 0, 3600).await.unwrap_err();
    let expected =
        "timed out after 60 minutes waiting for the query errors to end (last status: Running)";
    assert_eq!(error.to_string(), expected);
    assert_eq!(error.help(), Some("query a shorter time: tenfold logs errors --since 15m"));
    assert!((cloud.paused_s() - 3600.0).abs() < 1e-6);
}

#[tokio::test]
async fn failed_query_is_an_error() {
    let (cloud, query) = query_on(|_| json!({ "status": "Failed" }));
    let error = query::run(&cloud, &query, 0, 3600).await.unwrap_err();
    assert_eq!(error.to_string(), "the query errors ended with the status Failed");
}

#[tokio::test]
async fn deployment_is_waited_for_with_a_limit() {
    deployment::wait(&with_cdn(0, DEPLOYED), "shop").await.unwrap();
    let cloud = with_cdn(0, "InProgress");
    let error = deployment::wait(&cloud, "shop").await.unwrap_err().to_string();
    assert!(error.starts_with("timed out after 60 minutes waiting for cdn.edge"), "{error}");
    assert!((cloud.paused_s() - 3600.0).abs() < 1e-6);
}

#[tokio::test]
async fn rotation_returns_once_it_is_visible() {
    let cloud = with_cdn(3, DEPLOYED);
    let rotated = rotate::rotate(&cloud, "shop", "edge").await.unwrap();
    assert_eq!(
        (rotated.id.to_string().as_str(), rotated.version.as_str()),
        ("secret.origin-edge", "v2")
    );
    assert!(cloud.paused_s() > 0.0);
}

#[tokio::test]
async fn rotation_that_stays_hidden_times_out() {
    let cloud = with_cdn(usize::MAX - 2, DEPLOYED);
    let error = rotate::rotate(&cloud, "shop", "edge").await.unwrap_err();
    let expected = "timed out after 1 minute waiting for the new value of secret.origin-edge to be \
                    visible in AWS (last status: the old value)";
    assert_eq!(error.to_string(), expected);
    assert!(error.help().is_some_and(|help| help.contains("the secret is rotated")));
}

#[tokio::test]
async fn rotation_waits_for_the_one_before() {
    let error = rotate::rotate(&with_cdn(0, "InProgress"), "shop", "edge").await.unwrap_err();
    let expected = "the last change of cdn.edge is not deployed to all edge locations";
    assert_eq!(error.to_string(), expected);
    let error = rotate::rotate(&with_cdn(0, DEPLOYED), "shop", "other").await.unwrap_err();
    assert_eq!(error.to_string(), "shop has no CDN named `other`");
}

#[test]
fn invalidation_paths_start_at_root_with_one_wildcard_at_the_end() {
    let check = |path: &str| invalidate::check_paths(&[path.to_string()]);
    assert!(check("/*").is_ok() && check("/assets/*").is_ok() && check("/a.html").is_ok());
    for path in ["assets/*", "/*/a", "/a**", ""] {
        let error = check(path).unwrap_err().to_string();
        assert_eq!(error, format!("`{path}` is not a valid invalidation path"));
    }
}
