//! `secrets`: values that Secrets Manager generates once, and that services fetch.
use super::build::{Build, Handle, int};
use crate::blueprint::secret::Secret as Wanted;
use crate::kinds::secretsmanager::secret::{Generate, Secret};
use crate::reference::literal;

/// How a secret is fetched, and the ARN that a permission to do so needs.
pub struct Address {
    /// Its name or ARN, known before the secret exists.
    pub id: String,
    pub arn: String,
}

pub fn expand(build: &mut Build, name: &str, wanted: &Wanted) {
    let Wanted::Generate(length) = wanted else { return };
    let component = format!("secrets.{name}");
    generated(build, (&component, name), format!("tenfold {component}"), int(*length));
}

/// Adds a secret whose value AWS generates, with `length` letters and digits.
pub fn generated(
    build: &mut Build,
    (component, name): (&str, &str),
    description: String,
    length: i32,
) -> Handle {
    let spec = Secret {
        name: physical_name(build, name),
        description,
        generate_secret_string: Some(Generate {
            password_length: length,
            exclude_punctuation: true,
        }),
        kms_key_id: None,
        tags: build.tags(component, name),
    };
    build.add(component, name, &spec)
}

pub fn address(build: &Build, name: &str, wanted: &Wanted) -> Address {
    let facts = build.facts;
    match wanted {
        Wanted::Generate(_) => {
            let own = Handle::of::<Secret>(name);
            Address { id: physical_name(build, name), arn: own.output("arn") }
        }
        Wanted::Existing(arn) if arn.starts_with("arn:") => {
            Address { id: arn.clone(), arn: literal(arn) }
        }
        // In the ARN six random characters follow the name.
        // <https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html>
        Wanted::Existing(name) => {
            let (partition, region, account) = (&facts.partition, &facts.region, &facts.account);
            let arn =
                format!("arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-??????");
            Address { id: name.clone(), arn: literal(&arn) }
        }
    }
}

fn physical_name(build: &Build, name: &str) -> String {
    format!("tenfold/{}/{name}", build.blueprint.stack)
}
