//! Stack `con` with component `form-main` and stack `con-form` with component `main` use the same
//! physical names: the second must not take the first one's resources for its own, and a plan must
//! find out that the names are taken.
use crate::localstack::connected;
use crate::localstack::fixture::{Fixture, graph};
use tenfold::kinds::contract::Listing;
use tenfold::kinds::{self, KINDS};
use tenfold::plan::{PlanOptions, capacity, plan};
use tenfold::resource::Observation;

/// Kinds whose listings cannot contain another stack's names.
const NEVER_TAKEN: &[(&str, &str)] = &[
    ("security-group", "unique within its VPC"),
    ("lifecycle-hook", "unique within its group"),
    ("scheduled-action", "unique within its group"),
    ("scaling-policy", "unique within its group"),
    ("scalable-policy", "unique within its target"),
    ("metric-filter", "unique within its log group"),
    ("dashboard", "the stack's name is followed by _, which no stack's name contains"),
    ("parameter", "in the path of the stack"),
    ("secret", "in the path of the stack"),
    ("shard-map", "in the path of the stack"),
];

/// Looks at the resources of stack `con-form` as stack `con`.
pub async fn are_foreign(account: &str, other: &str, fixture: &Fixture) -> Result<(), String> {
    let subject = &fixture.subject;
    let found = KINDS.iter().find(|kind| kind.info().name == subject.kind);
    let kind = found.ok_or_else(|| format!("no kind {}", subject.kind))?;
    let aws = connected(account, Vec::new()).await;
    let listing = Listing::new(&aws, other);
    let listed = kind.list(&listing).await.map_err(|error| error.to_string())?;
    if let Some(live) = listed.first() {
        return Err(format!("stack {other} takes {} for its own", live.id));
    }
    let has_name = !kind.info().name_property.is_empty();
    if !has_name || NEVER_TAKEN.iter().any(|(never, _)| *never == kind.info().name) {
        return Ok(());
    }
    let wanted = graph(&fixture.resources, other);
    let kinds = kinds::registry();
    let plan = plan(other, &wanted, &Observation::new(), &PlanOptions::default(), kinds);
    let taken = capacity::taken(&plan, &listing.all_foreign(), kinds);
    let is_taken = taken.iter().any(|finding| finding.id == *subject);
    is_taken.then_some(()).ok_or_else(|| format!("{other} does not see that {subject} is taken"))
}
