//! A dashboard: a page of graphs,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html>.
#[cfg(feature = "aws")]
mod calls;

use crate::resource::{Id, Outputs};
use crate::spec::{KindInfo, Mint, Reads, Spec};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// All regions of an account share one set of dashboards, and dashboards do not support tags. The name
/// therefore contains the region too. The separator `_` occurs in neither stack nor region names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Dashboard {
    pub dashboard_name: String,
    pub dashboard_body: Body,
}

/// The prefix of the names of a stack's dashboards in a region.
pub fn prefix(stack: &str, region: &str) -> String {
    format!("{stack}_{region}_")
}

/// JSON text in canonical form: sorted keys, no spaces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Body(String);

impl Body {
    pub fn new(body: &Value) -> Self {
        Body(sorted(body).to_string())
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    /// Text that is not valid JSON stays unchanged.
    fn parse(text: String) -> Self {
        match serde_json::from_str(&text) {
            Ok(body) => Body::new(&body),
            Err(_) => Body(text),
        }
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Body::parse)
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            let fields = fields.into_iter().map(|(key, value)| (key.clone(), sorted(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

impl Spec for Dashboard {
    const INFO: KindInfo = KindInfo {
        name: "dashboard",
        type_name: "AWS::CloudWatch::Dashboard",
        name_property: "DashboardName",
        create_only: &["DashboardName"],
        reads: Reads { fixed: 1, each: 1 },
        ..KindInfo::PLAIN
    };

    fn outputs(&self, _id: &Id, mint: &mut Mint) -> Outputs {
        outputs(&self.dashboard_name, mint.region)
    }
}

/// The name, and the address of the dashboard in the AWS console.
fn outputs(name: &str, region: &str) -> Outputs {
    let console = "console.aws.amazon.com/cloudwatch/home";
    let url = format!("https://{region}.{console}?region={region}#dashboards/dashboard/{name}");
    Outputs::from([("name".into(), name.into()), ("url".into(), url)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_bodies_have_the_same_text() {
        let dashboard: Dashboard = serde_json::from_value(serde_json::json!({
            "DashboardName": "shop_us-east-1_main",
            "DashboardBody": "{ \"widgets\": [ {\"y\": 1, \"x\": 0} ], \"start\": \"-PT3H\" }",
        }))
        .unwrap();
        let text = r#"{"start":"-PT3H","widgets":[{"x":0,"y":1}]}"#;
        assert_eq!(dashboard.dashboard_body.text(), text);
        assert_eq!(Body::parse(text.into()), dashboard.dashboard_body);
    }
}
