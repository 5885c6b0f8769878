//! An update that a cloud takes one change of at a time.
use super::*;
use std::sync::Mutex;

/// Answers to `advance`, the last first; without any left nothing is left to change.
struct Stepwise {
    answers: Mutex<Vec<Result<Option<Outputs>>>>,
    calls: Mutex<Vec<&'static str>>,
}

impl Stepwise {
    fn new(answers: Vec<Result<Option<Outputs>>>) -> Self {
        Stepwise { answers: Mutex::new(answers), calls: Mutex::default() }
    }

    fn note(&self, call: &'static str) {
        self.calls.lock().unwrap().push(call);
    }
}

fn outputs(endpoint: &str) -> Outputs {
    Outputs::from([("endpoint".into(), endpoint.into())])
}

#[async_trait::async_trait]
impl Cloud for Stepwise {
    fn place(&self) -> &Place {
        unreachable!("no test asks for it")
    }
    async fn facts(&self, _: &Query) -> Result<Facts> {
        unreachable!("no test asks for it")
    }
    async fn survey(&self, _: &str) -> Result<Survey> {
        unreachable!("no test asks for it")
    }
    async fn quota(&self, _: &Quota) -> Result<u32> {
        unreachable!("no test asks for it")
    }
    async fn list(&self, _: &str, _: &str) -> Result<Vec<Live>> {
        unreachable!("no test asks for it")
    }
    async fn stacks(&self) -> Result<Vec<StackSummary>> {
        unreachable!("no test asks for it")
    }
    async fn create(&self, _: &str, _: &Id, _: &Value) -> Result<Outputs> {
        unreachable!("no test asks for it")
    }
    async fn ready(&self, _: &Id, _: &Outputs) -> Result<Progress> {
        self.note("ready");
        Ok(Progress::Done)
    }
    async fn finish(&self, _: &Id, _: &Value, _: &Outputs) -> Result<Outputs> {
        unreachable!("no test asks for it")
    }
    async fn update(&self, _: &Value, _: &Live) -> Result<Outputs> {
        self.note("update");
        Ok(outputs("first"))
    }
    async fn advance(&self, _: &Id, _: &Value, _: &Outputs) -> Result<Option<Outputs>> {
        self.note("advance");
        self.answers.lock().unwrap().pop().unwrap_or(Ok(None))
    }
    async fn delete(&self, _: &Live) -> Result<Progress> {
        unreachable!("no test asks for it")
    }
    async fn act(&self, _: &Live, _: &str, _: &Value) -> Result<Value> {
        unreachable!("no test asks for it")
    }
    async fn pause(&self, seconds: f64) {
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    }
}

/// Updates one resource; gives back how it went, and which calls were made.
fn updated(answers: Vec<Result<Option<Outputs>>>) -> (Outcome, Vec<&'static str>) {
    let cloud = Stepwise::new(answers);
    let live = Live {
        id: "part.a".parse().unwrap(),
        handle: "part-1".into(),
        component: None,
        spec: part(&[]),
        outputs: outputs("first"),
        condition: Default::default(),
    };
    let draft = Draft::default().add(Verb::Update, "part.a", part(&[]), Some(live), &[]);
    let (outcome, _) = runtime().unwrap().block_on(walk(draft, &cloud));
    let calls = cloud.calls.lock().unwrap().clone();
    (outcome, calls)
}

#[test]
fn each_change_waits_for_the_last() {
    let lost = Err(CloudError::plain(Class::Lost, "no answer"));
    let (outcome, calls) = updated(vec![lost, Ok(Some(outputs("second")))]);
    assert!(outcome.is_complete(), "{outcome:?}");
    let expected = ["update", "ready", "advance", "ready", "advance", "ready", "advance"];
    assert_eq!(calls, expected);
    assert_eq!(outcome.outputs[&"part.a".parse::<Id>().unwrap()], outputs("second"));
}

#[test]
fn a_refused_change_ends_it() {
    let (outcome, calls) = updated(vec![Err(CloudError::refused("no"))]);
    assert_eq!(calls, ["update", "ready", "advance"]);
    assert_eq!(outcome.failed.len(), 1);
}

#[test]
fn changes_that_change_nothing_end() {
    let (outcome, calls) = updated((0..100).map(|_| Ok(Some(outputs("same")))).collect());
    assert_eq!(calls.iter().filter(|call| **call == "advance").count(), 50);
    assert!(outcome.failed[0].1.message.contains("not as it should be"));
}
