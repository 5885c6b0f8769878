//! Which versions of the cache engines there are.
use crate::aws::Aws;
use crate::error::Result;
use crate::facts::CacheVersions;
use futures::future::try_join_all;
use std::collections::BTreeSet;

impl Aws {
    pub(super) async fn cache_versions(&self, engines: &BTreeSet<String>) -> Result<CacheVersions> {
        let each = engines.iter().map(|engine| async move {
            let call = |marker| {
                let describe = self.elasticache.describe_cache_engine_versions().engine(engine);
                describe.max_records(100).set_marker(marker).send()
            };
            let found = self
                .pages("elasticache:DescribeCacheEngineVersions", call, |page| {
                    (page.marker, page.cache_engine_versions)
                })
                .await?;
            let pair = |version: aws_sdk_elasticache::types::CacheEngineVersion| {
                Some((version.engine_version?, version.cache_parameter_group_family?))
            };
            Ok((engine.clone(), found.into_iter().filter_map(pair).collect()))
        });
        Ok(try_join_all(each).await?.into_iter().collect())
    }
}
