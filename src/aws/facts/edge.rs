//! Where CloudFront comes from.
use crate::aws::Aws;
use crate::error::Result;
use aws_sdk_ec2::types::Filter;

/// The list that AWS keeps of these addresses,
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html>.
const LIST: &str = "com.amazonaws.global.cloudfront.origin-facing";

impl Aws {
    /// The id of the region's list of them, if it is `wanted`.
    pub(super) async fn edge_addresses(&self, wanted: bool) -> Result<Option<String>> {
        if !wanted {
            return Ok(None);
        }
        let filter = Filter::builder().name("prefix-list-name").values(LIST).build();
        let call = || self.ec2.describe_managed_prefix_lists().filters(filter.clone()).send();
        let found = self.safe("ec2:DescribeManagedPrefixLists", call).await?;
        let mut found = found.prefix_lists.unwrap_or_default().into_iter();
        Ok(found.find_map(|list| list.prefix_list_id))
    }
}
