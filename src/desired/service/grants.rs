//! The permissions, security group rules and variables that a service needs for the components it
//! uses.
//!
//! Reads resources of other sections, so it runs after they were added.
use super::user_data::Fetched;
use crate::blueprint::Service;
use crate::blueprint::service::connection::{Access, Section, Target, Use};
use crate::desired::build::{Build, Handle};
use crate::desired::shared::connections::{parameter, path};
use crate::desired::shared::{access, data_stores};
use crate::desired::{queue, secret};
use crate::kinds::ec2::security_group::SecurityGroup;
use crate::kinds::elasticache::replication_group::PORT;
use crate::kinds::rds::db_instance::DbInstance;
use crate::kinds::s3::bucket::Bucket;
use crate::kinds::secretsmanager::secret::Secret;
use crate::kinds::ssm::parameter::Parameter;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const CACHE_PORT: u16 = PORT as u16;

/// What a service gets for the components it uses.
pub struct Grants {
    /// Statements for the policy of its role.
    pub statements: Vec<Value>,
    /// Variables whose values are known before the resources exist.
    pub environment: BTreeMap<String, String>,
    /// Variables whose values the instances fetch at boot.
    pub fetched: BTreeMap<String, Fetched>,
    /// ARNs of the parameters that the instances fetch.
    parameters: Vec<String>,
}

/// The service that gets it, and the security group of its instances.
pub struct User<'a> {
    pub component: &'a str,
    pub name: &'a str,
    pub group: &'a Handle,
}

pub fn expand(build: &mut Build, user: &User, service: &Service) -> Grants {
    let mut grants = Grants {
        statements: Vec::new(),
        environment: service.environment.clone(),
        fetched: BTreeMap::new(),
        parameters: Vec::new(),
    };
    for used in &service.uses {
        match used.to.section {
            Section::Buckets => grants.bucket(build, used),
            Section::Caches => grants.cache(build, user, &used.to),
            Section::Databases => grants.database(build, user, &used.to),
            Section::Queues if used.access == Access::Read => grants.receive(build, &used.to),
            Section::Queues => grants.send(build, &used.to),
            Section::Secrets => grants.secret(build, &used.to),
        }
    }
    for queue in service.consumes.keys() {
        grants.receive(build, &Target::queue(queue));
    }
    for (variable, secret) in &service.secrets {
        if let Some(wanted) = build.blueprint.secrets.get(secret) {
            let address = secret::address(build, secret, wanted);
            grants.fetched.insert(variable.clone(), Fetched::Secret(address.id));
            grants.read_secret(address.arn);
        }
    }
    if !grants.parameters.is_empty() {
        let parameters = std::mem::take(&mut grants.parameters);
        grants.allow(&["ssm:GetParameter"], parameters);
    }
    grants
}

impl Grants {
    fn allow(&mut self, actions: &[&str], resources: Vec<String>) {
        let statement = json!({ "Effect": "Allow", "Action": actions, "Resource": resources });
        if !self.statements.contains(&statement) {
            self.statements.push(statement);
        }
    }

    fn read_secret(&mut self, arn: String) {
        self.allow(&["secretsmanager:GetSecretValue"], vec![arn]);
    }

    /// Adds a variable for each fact of a component that a parameter contains. The instances read
    /// the parameters at boot.
    fn fetch_facts(&mut self, build: &Build, target: &Target) {
        target.section.facts().iter().for_each(|fact| self.fetch_fact(build, target, fact));
    }

    fn fetch_fact(&mut self, build: &Build, target: &Target, fact: &str) {
        let parameter = parameter(target, fact);
        if build.has::<Parameter>(&parameter.name) {
            let path = path(&build.blueprint.stack, target, fact);
            self.fetched.insert(target.variable(fact), Fetched::Parameter(path));
            self.parameters.push(parameter.output("arn"));
        }
    }

    /// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-iam-policies.html>
    fn send(&mut self, build: &Build, target: &Target) {
        let actions = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"];
        self.queue(build, target, &actions, &["kms:Decrypt", "kms:GenerateDataKey"]);
    }

    fn receive(&mut self, build: &Build, target: &Target) {
        let actions = [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
        ];
        self.queue(build, target, &actions, &["kms:Decrypt"]);
    }

    fn queue(&mut self, build: &Build, target: &Target, actions: &[&str], key: &[&str]) {
        let Some(wanted) = build.blueprint.queues.get(&target.name) else { return };
        let address = queue::address(build, &target.name, wanted);
        self.allow(actions, vec![address.arn]);
        if wanted.kms_key.is_some() {
            self.statements.push(through_sqs(build, key));
        }
        self.fetch_facts(build, target);
    }

    fn bucket(&mut self, build: &Build, used: &Use) {
        if !build.has::<Bucket>(&used.to.name) {
            return;
        }
        let arn = Handle::of::<Bucket>(used.to.name.as_str()).output("arn");
        let objects: &[&str] = match used.access {
            Access::Read => &["s3:GetObject"],
            Access::Write => {
                &["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
            }
        };
        self.allow(objects, vec![format!("{arn}/*")]);
        self.allow(&["s3:ListBucket"], vec![arn]);
        self.fetch_facts(build, &used.to);
    }

    fn cache(&mut self, build: &mut Build, user: &User, target: &Target) {
        let own = data_stores::cache(&target.name);
        connect_to(build, user, &own, CACHE_PORT);
        if build.has::<Secret>(&own) {
            self.read_secret(Handle::of::<Secret>(own).output("arn"));
        }
        self.fetch_facts(build, target);
    }

    /// The service reads the shard map, and the secrets with the passwords of the shards'
    /// primaries.
    fn database(&mut self, build: &mut Build, user: &User, target: &Target) {
        let name = &target.name;
        if let Some(database) = build.blueprint.databases.get(name) {
            connect_to(build, user, &data_stores::database(name), database.port);
        }
        let map = data_stores::map_path(&build.blueprint.stack, name);
        let facts = build.facts;
        let (partition, region, account) = (&facts.partition, &facts.region, &facts.account);
        let arn = format!("arn:{partition}:ssm:{region}:{account}:parameter{map}");
        let actions = ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"];
        self.allow(&actions, vec![arn.clone(), format!("{arn}/*")]);
        let bucket = data_stores::map_bucket(name);
        if build.has::<Bucket>(&bucket) {
            let arn = Handle::of::<Bucket>(bucket).output("arn");
            self.allow(&["s3:GetObject"], vec![format!("{arn}/*")]);
        }
        self.environment.insert(target.variable("map"), format!("{map}/current"));
        let passwords = passwords(build, &target.to_string());
        if !passwords.is_empty() {
            self.allow(&["secretsmanager:GetSecretValue"], passwords);
        }
    }

    fn secret(&mut self, build: &Build, target: &Target) {
        let Some(wanted) = build.blueprint.secrets.get(&target.name) else { return };
        let address = secret::address(build, &target.name, wanted);
        self.read_secret(address.arn);
        self.environment.insert(target.variable("arn"), address.id);
    }
}

/// Allows a service to connect to the security group of a cache or database, if it has been added.
fn connect_to(build: &mut Build, user: &User, group: &str, port: u16) {
    if build.has::<SecurityGroup>(group) {
        let to = Handle::of::<SecurityGroup>(group);
        access::connect(build, user.component, (user.name, user.group), (group, &to), port);
    }
}

/// References to the secrets in which RDS keeps the passwords of a database's primaries.
fn passwords(build: &Build, component: &str) -> Vec<String> {
    let instances = build.all::<DbInstance>().filter(|instance| instance.component() == component);
    let managed = instances.filter(|one| one.spec.manage_master_user_password == Some(true));
    managed.map(|instance| instance.output("secret_arn")).collect()
}

/// SQS encrypts and decrypts with a KMS key using the permissions of the sender or receiver.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html>
fn through_sqs(build: &Build, actions: &[&str]) -> Value {
    let facts = build.facts;
    let (partition, region, account) = (&facts.partition, &facts.region, &facts.account);
    json!({
        "Effect": "Allow",
        "Action": actions,
        "Resource": format!("arn:{partition}:kms:{region}:{account}:key/*"),
        "Condition": { "StringEquals": { "kms:ViaService": format!("sqs.{region}.amazonaws.com") } },
    })
}
