//! What a blueprint means: defaults, overlays, variables, the order of routes.

use super::load_texts;

const STARTER: &str = "\
stack: hello
region: us-east-1
preset: dev
load_balancers:
  web: { scheme: internet-facing, insecure: true }
services:
  api:
    user_data: |
      #!/bin/sh
      echo ${HOME}
    port: 8080
    routes: [{ load_balancer: web }]
    health: { path: /healthz }
    scale: { min: 1, max: 3 }
";

#[test]
fn a_starter_is_filled_in() {
    let blueprint = load_texts(&[STARTER])
        .map_err(|report| report.to_text(false))
        .unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&blueprint).expect("json"));
}
