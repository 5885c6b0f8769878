use super::Parameter;
use crate::aws::{Aws, Listing};
use crate::error::{CloudError, Result};
use crate::kind::{Calls, Progress};
use crate::resource::{Id, Live, Outputs};

impl Calls for Parameter {
    async fn list(_listing: &Listing<'_>) -> Result<Vec<Live<Self>>> {
        Ok(Vec::new())
    }
    async fn create(&self, _id: &Id, _aws: &Aws) -> Result<Outputs> {
        Err(CloudError::internal("not yet"))
    }
    async fn update(&self, _live: &Live<Self>, _aws: &Aws) -> Result<Outputs> {
        Err(CloudError::internal("not yet"))
    }
    async fn delete(_live: &Live<Self>, _aws: &Aws) -> Result<Progress> {
        Err(CloudError::internal("not yet"))
    }
}
