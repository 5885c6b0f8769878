//! One look at a stack: each kind is listed once, whoever asks for it.
use super::Aws;
use crate::error::Result;
use crate::kind::Calls;
use crate::resource::{Live, Others};
use crate::spec::Spec;
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

type Slot = Arc<OnceCell<Arc<dyn Any + Send + Sync>>>;

/// What has been listed so far, in one look at one stack.
pub struct Listing<'a> {
    pub aws: &'a Aws,
    pub stack: &'a str,
    found: Mutex<HashMap<TypeId, Slot>>,
    others: Mutex<Others>,
}

impl<'a> Listing<'a> {
    pub fn new(aws: &'a Aws, stack: &'a str) -> Self {
        Listing { aws, stack, found: Mutex::default(), others: Mutex::default() }
    }

    /// The live resources of a kind: listed now, or by whoever asked first.
    pub async fn of<K: Calls>(&self) -> Result<Arc<Vec<Live<K>>>> {
        let slot = self.slot::<K>();
        let list = || async {
            let listed: Result<Vec<Live<K>>> = K::list(self).await;
            Ok(Arc::new(listed?) as Arc<dyn Any + Send + Sync>)
        };
        let found = slot.get_or_try_init(list).await?.clone();
        found
            .downcast()
            .map_err(|_| crate::error::CloudError::internal("a listing of another kind"))
    }

    /// Notes one of a kind that is not the stack's, by its physical name or AWS's identifier.
    pub fn other<K: Spec>(&self, name: Option<&str>) {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let of_kind = others.entry(K::INFO.name.to_string()).or_default();
        of_kind.extend(name.map(str::to_string));
    }

    /// What else was seen so far.
    pub fn others(&self) -> Others {
        self.others.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn slot<K: Calls>(&self) -> Slot {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.entry(TypeId::of::<K>()).or_default().clone()
    }
}
