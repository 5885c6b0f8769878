//! Options that every command accepts.
use super::env;
use super::error::Error;
use crate::sandbox::DEFAULT_FILE;
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Clone, Debug, Default)]
pub struct Global {
    /// Blueprint file; of several, later files are merged over earlier ones
    #[arg(short = 'f', long = "file", value_name = "FILE", global = true, help_heading = BLUEPRINT)]
    pub blueprints: Vec<PathBuf>,

    /// Set a value in the blueprint, such as services.api.scale.max=20
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = pair, global = true,
          help_heading = BLUEPRINT)]
    pub sets: Vec<(String, String)>,

    /// Set a variable of the blueprint
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = pair, global = true,
          help_heading = BLUEPRINT)]
    pub vars: Vec<(String, String)>,

    /// Simulate AWS in a file, `.tenfold/sandbox.json` by default: no account, no network, no costs
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true,
          default_missing_value = DEFAULT_FILE, global = true, help_heading = TARGET,
          conflicts_with_all = ["endpoint", "profile", "assume_role"])]
    pub sandbox: Option<PathBuf>,

    /// Use an AWS emulator at this URL instead of AWS [env: AWS_ENDPOINT_URL]
    #[arg(long, value_name = "URL", global = true, help_heading = TARGET)]
    pub endpoint: Option<String>,

    /// Allow an emulator on this host, if it is another machine
    #[arg(long = "allow-endpoint", value_name = "HOST", global = true, help_heading = TARGET)]
    pub allowed_hosts: Vec<String>,

    /// AWS profile to take credentials from
    #[arg(long, value_name = "NAME", global = true, help_heading = TARGET)]
    pub profile: Option<String>,

    /// Region, if no blueprint sets it [env: AWS_REGION, AWS_DEFAULT_REGION]
    #[arg(long, value_name = "REGION", global = true, help_heading = TARGET)]
    pub region: Option<String>,

    /// IAM role to assume
    #[arg(long, value_name = "ARN", global = true, help_heading = TARGET)]
    pub assume_role: Option<String>,

    /// Maximum number of resources that are changed at the same time
    #[arg(long, value_name = "N", default_value = "16", global = true,
          value_parser = clap::value_parser!(u16).range(1..))]
    pub parallelism: u16,

    /// Print JSON; `apply` and `destroy` print one event per line
    #[arg(long, global = true)]
    pub json: bool,

    /// Also show the properties of resources that a plan creates
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

const BLUEPRINT: &str = "Blueprint";
const TARGET: &str = "Target";

/// Blueprint files as positional arguments, in addition to `-f`.
#[derive(Args, Clone, Debug, Default)]
pub struct Files {
    /// Blueprint files, as with -f
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.into(), value.into())),
        _ => Err("expected KEY=VALUE".into()),
    }
}

impl Global {
    /// All blueprint files: positional ones first, then those of `-f`.
    pub fn all_files(&self, files: &[PathBuf]) -> Vec<PathBuf> {
        files.iter().chain(&self.blueprints).cloned().collect()
    }

    /// The option that makes another command use the same sandbox; empty if there is none.
    pub fn sandbox_option(&self) -> String {
        match &self.sandbox {
            None => String::new(),
            Some(path) if path.as_os_str() == DEFAULT_FILE => " --sandbox".into(),
            Some(path) => format!(" --sandbox={}", path.display()),
        }
    }

    /// The region of a command without a blueprint.
    pub fn region_without_blueprint(&self) -> Result<String, Error> {
        self.region.clone().or_else(env::region).ok_or(Error::NoRegion)
    }
}
