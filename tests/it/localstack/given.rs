//! Resources that a fixture needs and that tenfold does not create: hosted zones, log groups, secrets.
use crate::localstack::connected;
use serde::Deserialize;
use tenfold::aws::Aws;

/// The names of the resources that must exist before the kind is tested.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    #[serde(default)]
    zones: Vec<String>,
    #[serde(default)]
    log_groups: Vec<String>,
    #[serde(default)]
    secrets: Vec<String>,
}

impl Given {
    /// Creates them. Returns placeholders and their values: `${zone:example.com}` for a zone's ID,
    /// `${secret:origin}` for a secret's ARN.
    pub async fn make(&self, account: &str) -> Vec<(String, String)> {
        let aws = connected(account, Vec::new()).await;
        let mut names = Vec::new();
        for name in &self.zones {
            names.push((format!("${{zone:{name}}}"), zone(&aws, name).await));
        }
        for name in &self.log_groups {
            let create = aws.logs.create_log_group().log_group_name(name);
            create.send().await.expect("a log group");
        }
        for name in &self.secrets {
            let create = aws.secrets.create_secret().name(name).secret_string("0a1b2c3d4e5f");
            let made = create.send().await.expect("a secret");
            names.push((format!("${{secret:{name}}}"), made.arn.expect("an ARN")));
        }
        names
    }
}

async fn zone(aws: &Aws, name: &str) -> String {
    let create = aws.route53.create_hosted_zone().name(name).caller_reference(name);
    let made = create.send().await.expect("a hosted zone");
    let id = made.hosted_zone.expect("a zone").id;
    id.trim_start_matches("/hostedzone/").to_string()
}
