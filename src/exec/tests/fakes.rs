use super::*;
use std::sync::Mutex;

/// A cloud that create calls with a lost response never reach.
pub struct Unreached<'a>(pub &'a Sandbox);

#[async_trait::async_trait]
impl Cloud for Unreached<'_> {
    fn place(&self) -> &Place {
        self.0.place()
    }
    async fn facts(&self, query: &Query) -> Result<Facts> {
        self.0.facts(query).await
    }
    async fn survey(&self, stack: &str) -> Result<Survey> {
        self.0.survey(stack).await
    }
    async fn quota(&self, quota: &Quota) -> Result<u32> {
        self.0.quota(quota).await
    }
    async fn list(&self, stack: &str, kind: &str) -> Result<Vec<Live>> {
        self.0.list(stack, kind).await
    }
    async fn stacks(&self) -> Result<Vec<StackSummary>> {
        self.0.stacks().await
    }
    async fn create(&self, stack: &str, id: &Id, spec: &Value) -> Result<Outputs> {
        let made = self.0.create(stack, id, spec).await;
        if made.is_err() {
            for live in self.0.list(stack, &id.kind).await? {
                self.0.delete(&live).await?;
            }
        }
        made
    }
    async fn ready(&self, id: &Id, outputs: &Outputs) -> Result<Progress> {
        self.0.ready(id, outputs).await
    }
    async fn finish(&self, id: &Id, spec: &Value, outputs: &Outputs) -> Result<Outputs> {
        self.0.finish(id, spec, outputs).await
    }
    async fn update(&self, spec: &Value, live: &Live) -> Result<Outputs> {
        self.0.update(spec, live).await
    }
    async fn delete(&self, live: &Live) -> Result<Progress> {
        self.0.delete(live).await
    }
    async fn act(&self, live: &Live, action: &str, arguments: &Value) -> Result<Value> {
        self.0.act(live, action, arguments).await
    }
    async fn pause(&self, seconds: f64) {
        self.0.pause(seconds).await;
    }
}

/// A cloud that stores nothing: calls take the configured time, and some are refused.
#[derive(Default)]
pub struct Fake {
    pub call_s: u64,
    pub ready_s: BTreeMap<Id, u64>,
    pub refused: BTreeSet<Id>,
    /// What `update` returns, in tests that call it.
    pub updated: Option<Outputs>,
    /// Responses of `advance`, the last one first; once empty, nothing is left to change.
    pub answers: Mutex<Vec<Result<Option<Outputs>>>>,
    /// The calls that were made.
    pub calls: Mutex<Vec<&'static str>>,
}

impl Fake {
    fn note(&self, call: &'static str) {
        self.calls.lock().unwrap().push(call);
    }
}

#[async_trait::async_trait]
impl Cloud for Fake {
    fn place(&self) -> &Place {
        unreachable!("no test calls this")
    }
    async fn facts(&self, _: &Query) -> Result<Facts> {
        unreachable!("no test calls this")
    }
    async fn survey(&self, _: &str) -> Result<Survey> {
        unreachable!("no test calls this")
    }
    async fn quota(&self, _: &Quota) -> Result<u32> {
        unreachable!("no test calls this")
    }
    async fn list(&self, _: &str, _: &str) -> Result<Vec<Live>> {
        self.note("list");
        Ok(Vec::new())
    }
    async fn stacks(&self) -> Result<Vec<StackSummary>> {
        unreachable!("no test calls this")
    }
    async fn create(&self, _: &str, id: &Id, _: &Value) -> Result<Outputs> {
        self.note("create");
        tokio::time::sleep(Duration::from_secs(self.call_s)).await;
        match self.refused.contains(id) {
            true => Err(CloudError::refused("no")),
            false => Ok(Outputs::new()),
        }
    }
    async fn ready(&self, id: &Id, _: &Outputs) -> Result<Progress> {
        self.note("ready");
        let seconds = self.ready_s.get(id).copied().unwrap_or_default();
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        Ok(Progress::Done)
    }
    async fn finish(&self, _: &Id, _: &Value, outputs: &Outputs) -> Result<Outputs> {
        self.note("finish");
        Ok(outputs.clone())
    }
    async fn update(&self, _: &Value, _: &Live) -> Result<Outputs> {
        self.note("update");
        Ok(self.updated.clone().expect("the test sets a response"))
    }
    async fn advance(&self, _: &Id, _: &Value, _: &Outputs) -> Result<Option<Outputs>> {
        self.note("advance");
        self.answers.lock().unwrap().pop().unwrap_or(Ok(None))
    }
    async fn delete(&self, _: &Live) -> Result<Progress> {
        unreachable!("no test calls this")
    }
    async fn act(&self, _: &Live, _: &str, _: &Value) -> Result<Value> {
        unreachable!("no test calls this")
    }
    async fn pause(&self, seconds: f64) {
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    }
}
