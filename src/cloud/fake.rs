//! A cloud for tests: its listings and the results of `act` are closures, and its pauses take no
//! time.
use super::{Cloud, StackSummary};
use crate::error::{CloudError, Result};
use crate::facts::{Facts, Query};
use crate::resource::{Condition, Id, Live, Outputs, Place, Progress, Survey};
use crate::spec::Quota;
use serde_json::Value;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

type List = dyn Fn(&str, usize) -> Vec<Live> + Send + Sync;
type Surveyed = dyn Fn(usize) -> Survey + Send + Sync;
type Act = dyn Fn(&str, usize) -> Result<Value> + Send + Sync;

/// No test changes resources on it.
pub struct Fake {
    place: Place,
    /// The resources of a kind, by the number of the listing, from 1.
    list: Box<List>,
    /// The survey of a stack, by its number, from 1.
    survey: Box<Surveyed>,
    /// The result of an action, by the number of the call, from 1.
    act: Box<Act>,
    lists: AtomicUsize,
    surveys: AtomicUsize,
    acts: AtomicUsize,
    paused_s: Mutex<f64>,
}

impl Default for Fake {
    fn default() -> Self {
        let target = "fake".to_string();
        Fake {
            place: Place { account: "123456789012".into(), region: "eu-west-1".into(), target },
            list: Box::new(|_, _| Vec::new()),
            survey: Box::new(|_| Survey::default()),
            act: Box::new(|action, _| Err(CloudError::internal(format!("no action {action}")))),
            lists: AtomicUsize::new(0),
            surveys: AtomicUsize::new(0),
            acts: AtomicUsize::new(0),
            paused_s: Mutex::default(),
        }
    }
}

impl Fake {
    pub fn with_list(
        self,
        list: impl Fn(&str, usize) -> Vec<Live> + Send + Sync + 'static,
    ) -> Self {
        Fake { list: Box::new(list), ..self }
    }

    pub fn with_survey(self, survey: impl Fn(usize) -> Survey + Send + Sync + 'static) -> Self {
        Fake { survey: Box::new(survey), ..self }
    }

    pub fn with_act(
        self,
        act: impl Fn(&str, usize) -> Result<Value> + Send + Sync + 'static,
    ) -> Self {
        Fake { act: Box::new(act), ..self }
    }

    /// The seconds paused so far.
    pub fn paused_s(&self) -> f64 {
        *self.paused_s.lock().unwrap()
    }
}

/// A resource that is ready; its handle is its name.
pub fn live(id: &Id, spec: Value) -> Live {
    Live {
        id: id.clone(),
        handle: id.name.clone(),
        component: None,
        spec,
        outputs: Outputs::new(),
        condition: Condition::Ready,
    }
}

#[async_trait::async_trait]
impl Cloud for Fake {
    fn place(&self) -> &Place {
        &self.place
    }
    async fn facts(&self, _: &Query) -> Result<Facts> {
        Ok(Facts::default())
    }
    async fn survey(&self, _: &str) -> Result<Survey> {
        Ok((self.survey)(self.surveys.fetch_add(1, Ordering::Relaxed) + 1))
    }
    async fn quota(&self, quota: &Quota) -> Result<u32> {
        Ok(quota.default)
    }
    async fn list(&self, _: &str, kind: &str) -> Result<Vec<Live>> {
        Ok((self.list)(kind, self.lists.fetch_add(1, Ordering::Relaxed) + 1))
    }
    async fn stacks(&self) -> Result<Vec<StackSummary>> {
        Ok(Vec::new())
    }
    async fn create(&self, _: &str, id: &Id, _: &Value) -> Result<Outputs> {
        unreachable!("create {id}")
    }
    async fn ready(&self, _: &Id, _: &Outputs) -> Result<Progress> {
        Ok(Progress::Done)
    }
    async fn finish(&self, _: &Id, _: &Value, outputs: &Outputs) -> Result<Outputs> {
        Ok(outputs.clone())
    }
    async fn update(&self, _: &Value, live: &Live) -> Result<Outputs> {
        unreachable!("update {}", live.id)
    }
    async fn delete(&self, live: &Live) -> Result<Progress> {
        unreachable!("delete {}", live.id)
    }
    async fn act(&self, _: &Live, action: &str, _: &Value) -> Result<Value> {
        (self.act)(action, self.acts.fetch_add(1, Ordering::Relaxed) + 1)
    }
    async fn pause(&self, seconds: f64) {
        *self.paused_s.lock().unwrap() += seconds;
    }
}
