//! A user's shell, with LocalStack in place of AWS.
use crate::localstack::{REGION, account, endpoint, script};
use crate::support::root;
use serde_json::Value;
use std::process::{Command, Output};

/// A user's shell: the credentials of one LocalStack account, and nothing else in the environment.
pub struct Shell {
    pub account: String,
}

impl Shell {
    pub fn new() -> Self {
        Shell { account: account() }
    }

    fn environment(&self, command: &mut Command) {
        command
            .env("AWS_ENDPOINT_URL", endpoint())
            .env("AWS_ACCESS_KEY_ID", &self.account)
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", REGION)
            .env("AWS_DEFAULT_REGION", REGION)
            .env("NO_COLOR", "1")
            .current_dir(root());
    }

    pub fn tenfold_with(&self, fault: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenfold"));
        self.environment(&mut command);
        command.env("TENFOLD_FAULT", fault).args(arguments).output().expect("tenfold runs")
    }

    /// Runs tenfold, and returns its stdout.
    ///
    /// # Panics
    /// On another exit code than `code`.
    pub fn tenfold(&self, code: i32, arguments: &[&str]) -> String {
        let run = self.tenfold_with("", arguments);
        let (out, talk) =
            (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        assert_eq!(run.status.code(), Some(code), "tenfold {arguments:?}:\n{out}\n{talk}");
        out.into_owned()
    }

    /// Runs the AWS CLI, and returns its JSON. Its reads do not lag, unlike tenfold's.
    pub fn aws(&self, arguments: &[&str]) -> Value {
        let mut command = script("python");
        self.environment(&mut command);
        let run = command
            .env("AWS_SDK_UA_APP_ID", "witness")
            .args(["-m", "awscli"])
            .args(arguments)
            .args(["--output", "json", "--endpoint-url", endpoint()])
            .output()
            .expect("the AWS CLI runs");
        let talk = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "aws {arguments:?}: {talk}");
        serde_json::from_slice(&run.stdout).unwrap_or(Value::Null)
    }
}

pub fn count(value: &Value, list: &str) -> usize {
    value[list].as_array().map_or(0, Vec::len)
}
