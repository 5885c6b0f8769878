//! Widgets of a dashboard, laid out in rows of 24 columns,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html>.
use serde_json::{Value, json};

const COLUMNS: usize = 24;

/// A widget without its position.
pub struct Widget {
    kind: &'static str,
    properties: Value,
}

/// A line of a graph.
pub struct Line(Value);

impl Line {
    pub fn new(
        namespace: &str,
        metric: &str,
        dimensions: &[(&str, String)],
        statistic: &'static str,
        label: impl Into<String>,
    ) -> Self {
        let dimensions = dimensions.iter().flat_map(|(name, value)| [json!(name), json!(value)]);
        let options = json!({ "stat": statistic, "label": label.into() });
        let metric = [json!(namespace), json!(metric)].into_iter().chain(dimensions);
        Line(metric.chain([options]).collect())
    }

    /// A line for each node of a cache, including nodes that are added later.
    pub fn search(cache: &str, metric: &str) -> Self {
        let what = format!("{{AWS/ElastiCache,CacheClusterId}} {cache} MetricName=\"{metric}\"");
        let expression = format!("SEARCH('{what}', 'Average', 60)");
        Line(json!([{ "expression": expression }]))
    }
}

pub fn text(markdown: String) -> Widget {
    Widget {
        kind: "text",
        properties: json!({ "markdown": markdown, "background": "transparent" }),
    }
}

pub fn graph(title: &str, region: &str, lines: &[Line]) -> Widget {
    let metrics: Vec<Value> = lines.iter().map(|line| line.0.clone()).collect();
    let properties = json!({
        "title": title, "region": region, "view": "timeSeries", "stacked": false, "period": 60,
        "metrics": metrics,
    });
    Widget { kind: "metric", properties }
}

pub fn alarms(title: &str, arns: Vec<String>) -> Widget {
    Widget { kind: "alarm", properties: json!({ "title": title, "alarms": arns }) }
}

/// The result of a query over log groups.
pub fn log(title: &str, region: &str, groups: &[String], query: &str) -> Widget {
    let sources: Vec<String> = groups.iter().map(|group| format!("SOURCE '{group}'")).collect();
    let query = format!("{} | {query}", sources.join(" | "));
    let properties = json!({ "title": title, "region": region, "view": "table", "query": query });
    Widget { kind: "log", properties }
}

/// Rows of widgets, from top to bottom.
#[derive(Default)]
pub struct Rows {
    widgets: Vec<Value>,
    y: usize,
}

impl Rows {
    /// Adds widgets side by side, of equal width, up to four a row.
    pub fn add(&mut self, height: usize, widgets: Vec<Widget>) {
        let mut rest = widgets.into_iter().peekable();
        while rest.peek().is_some() {
            let row: Vec<Widget> = rest.by_ref().take(4).collect();
            let width = COLUMNS / row.len().max(1);
            for (at, widget) in row.into_iter().enumerate() {
                self.widgets.push(json!({
                    "type": widget.kind, "x": at * width, "y": self.y, "width": width,
                    "height": height, "properties": widget.properties,
                }));
            }
            self.y += height;
        }
    }

    pub fn body(self) -> Value {
        json!({ "start": "-PT3H", "periodOverride": "inherit", "widgets": self.widgets })
    }
}
