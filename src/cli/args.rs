//! What every verb takes.
use super::env;
use super::error::Error;
use clap::Args;
use std::path::PathBuf;

/// Where the sandbox is kept unless told otherwise.
const SANDBOX: &str = ".tenfold/sandbox.json";

#[derive(Args, Clone, Debug, Default)]
pub struct Global {
    /// A blueprint; of several, each is laid over those before it
    #[arg(short = 'f', long = "file", value_name = "FILE", global = true, help_heading = BLUEPRINT)]
    pub blueprints: Vec<PathBuf>,

    /// Set a value of the blueprint: services.api.scale.max=20
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = pair, global = true,
          help_heading = BLUEPRINT)]
    pub sets: Vec<(String, String)>,

    /// Give a variable of the blueprint its value
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = pair, global = true,
          help_heading = BLUEPRINT)]
    pub vars: Vec<(String, String)>,

    /// Work on a cloud in a file instead of AWS: no account, no network, no costs
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true,
          default_missing_value = SANDBOX, global = true, help_heading = PLACE,
          conflicts_with_all = ["endpoint", "profile", "assume_role"])]
    pub sandbox: Option<PathBuf>,

    /// Talk to an emulator at this address instead of AWS [env: AWS_ENDPOINT_URL]
    #[arg(long, value_name = "URL", global = true, help_heading = PLACE)]
    pub endpoint: Option<String>,

    /// Allow an emulator on another machine than this one
    #[arg(long = "allow-endpoint", value_name = "HOST", global = true, help_heading = PLACE)]
    pub allowed_hosts: Vec<String>,

    /// The AWS profile to take credentials from
    #[arg(long, value_name = "NAME", global = true, help_heading = PLACE)]
    pub profile: Option<String>,

    /// The region, where no blueprint says it [env: AWS_REGION, AWS_DEFAULT_REGION]
    #[arg(long, value_name = "REGION", global = true, help_heading = PLACE)]
    pub region: Option<String>,

    /// A role to assume
    #[arg(long, value_name = "ARN", global = true, help_heading = PLACE)]
    pub assume_role: Option<String>,

    /// How many steps may run at once
    #[arg(long, value_name = "N", default_value = "16", global = true,
          value_parser = clap::value_parser!(u16).range(1..))]
    pub parallelism: u16,

    /// Answer in JSON; of a run, one event a line
    #[arg(long, global = true)]
    pub json: bool,

    /// Show the properties of what is created
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

const BLUEPRINT: &str = "Blueprint";
const PLACE: &str = "Where";

/// Blueprints as arguments of their own, beside those of `-f`.
#[derive(Args, Clone, Debug, Default)]
pub struct Files {
    /// Blueprints, as with -f
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.into(), value.into())),
        _ => Err("write it as key=value".into()),
    }
}

impl Global {
    /// The blueprint files, those without `-f` first.
    pub fn all_files(&self, files: &[PathBuf]) -> Vec<PathBuf> {
        files.iter().chain(&self.blueprints).cloned().collect()
    }

    /// The words that lead another verb to the same sandbox; none where there is none.
    pub fn sandbox_again(&self) -> String {
        match &self.sandbox {
            None => String::new(),
            Some(path) if path.as_os_str() == SANDBOX => " --sandbox".into(),
            Some(path) => format!(" --sandbox={}", path.display()),
        }
    }

    /// The region that a verb without a blueprint works in.
    pub fn region_without_blueprint(&self) -> Result<String, Error> {
        self.region.clone().or_else(env::region).ok_or(Error::NoRegion)
    }
}
