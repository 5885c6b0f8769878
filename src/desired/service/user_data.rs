//! User data, which an instance runs at its first boot: a prelude that writes the service's
//! environment to a file that only root can read, then the service's own script. Fetching values
//! needs the AWS CLI in the image; Amazon Linux has it.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// The file with the environment, for `source` and for systemd's `EnvironmentFile`.
const ENVIRONMENT_FILE: &str = "/etc/tenfold/environment";
/// Delimits heredocs and MIME parts, unless they contain this text: see [`delimiter`].
const DELIMITER: &str = "==tenfold==";

/// EC2's limit for the decoded text, in bytes.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html>
pub const LIMIT_BYTES: usize = 16 * 1024;

/// The source from which an instance fetches the value of a variable at boot. So launch templates
/// never contain secrets, or values that are only known later.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetched {
    /// A parameter, by its path.
    Parameter(String),
    /// A secret, by its name or ARN.
    Secret(String),
}

/// The text for cloud-init; none if there is nothing to run.
pub fn text(
    own: Option<&str>,
    environment: &BTreeMap<String, String>,
    fetched: &BTreeMap<String, Fetched>,
    region: &str,
) -> Option<String> {
    match (own, environment.is_empty() && fetched.is_empty()) {
        (None, true) => None,
        (Some(own), true) => Some(own.to_string()),
        (own, false) => Some(parts(own, &prelude(environment, fetched, region))),
    }
}

/// User data in base64, as EC2 expects it.
pub fn encode(text: &str) -> String {
    STANDARD.encode(text)
}

/// Several scripts in one MIME document. cloud-init runs them in order.
/// <https://cloudinit.readthedocs.io/en/latest/explanation/format.html>
fn parts(own: Option<&str>, prelude: &str) -> String {
    // Two hyphens precede a MIME delimiter, so the delimiter of the prelude's heredoc is none.
    let boundary = &delimiter(|end| {
        [Some(prelude), own].iter().flatten().any(|t| t.contains(&format!("--{end}")))
    });
    let mut text = format!(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"{boundary}\"\n\n{}",
        part(boundary, "text/x-shellscript", "environment.sh", prelude)
    );
    if let Some(own) = own {
        let kind = if own.starts_with("#cloud-config") {
            "text/cloud-config"
        } else {
            "text/x-shellscript"
        };
        text.push_str(&part(boundary, kind, "user-data", own));
    }
    text.push_str(&format!("--{boundary}--\n"));
    text
}

/// The first of `==tenfold==`, `==tenfold-1==`, ... that does not occur.
fn delimiter(occurs: impl Fn(&str) -> bool) -> String {
    let mut end = DELIMITER.to_string();
    let mut number = 0;
    while occurs(&end) {
        number += 1;
        end = format!("==tenfold-{number}==");
    }
    end
}

fn part(boundary: &str, kind: &str, name: &str, body: &str) -> String {
    let body = body.trim_end_matches('\n');
    format!(
        "--{boundary}\nContent-Type: {kind}; charset=\"utf-8\"\n\
         Content-Disposition: attachment; filename=\"{name}\"\n\n{body}\n\n"
    )
}

/// A script that writes the environment file atomically: if a value cannot be fetched, there is no
/// file.
fn prelude(
    environment: &BTreeMap<String, String>,
    fetched: &BTreeMap<String, Fetched>,
    region: &str,
) -> String {
    let lines: String =
        environment.iter().map(|(key, value)| format!("{key}={}\n", quoted(value))).collect();
    // A value may contain several lines. With the delimiter among them, the shell would run those
    // after it.
    let end = delimiter(|end| lines.contains(end));
    let mut script = format!(
        "#!/bin/sh\nset -eu\numask 077\nmkdir -p /etc/tenfold\n\
         cat > {ENVIRONMENT_FILE}.new <<'{end}'\n{lines}{end}\n"
    );
    if !fetched.is_empty() {
        script.push_str(&format!("export AWS_DEFAULT_REGION={region}\n{FETCH}"));
    }
    for (variable, from) in fetched {
        // Names and ARNs contain no character that needs quoting within single quotes.
        let fetch = match from {
            Fetched::Parameter(path) => format!("parameter '{path}'"),
            Fetched::Secret(id) => format!("secret '{id}'"),
        };
        script.push_str(&format!("value=$({fetch})\nput {variable} \"$value\"\n"));
    }
    script.push_str(&format!("mv {ENVIRONMENT_FILE}.new {ENVIRONMENT_FILE}\n"));
    script
}

/// Shell functions that fetch values. A new role is not effective everywhere at once, so each fetch
/// is retried for two minutes. Values are written in double quotes, as by [`quoted`].
const FETCH: &str = r#"try() {
  left=60
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep 2
  done
}
parameter() { try aws ssm get-parameter --output text --query Parameter.Value --name "$1"; }
secret() { try aws secretsmanager get-secret-value --output text --query SecretString --secret-id "$1"; }
put() { printf '%s="%s"\n' "$1" "$(printf %s "$2" | sed 's/["\\$`]/\\&/g')" >> /etc/tenfold/environment.new; }
"#;

/// A value in double quotes, with the escapes that both a shell and systemd read.
fn quoted(value: &str) -> String {
    let mut text = String::from("\"");
    for letter in value.chars() {
        if matches!(letter, '"' | '\\' | '$' | '`') {
            text.push('\\');
        }
        text.push(letter);
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> BTreeMap<String, Fetched> {
        BTreeMap::new()
    }

    #[test]
    fn script_without_environment_is_unchanged() {
        let environment = BTreeMap::new();
        assert_eq!(text(None, &environment, &none(), "us-east-1"), None);
        let own = text(Some("#!/bin/sh\n"), &environment, &none(), "us-east-1");
        assert_eq!(own.as_deref(), Some("#!/bin/sh\n"));
    }

    /// Runs a prelude with the script `aws` in place of the AWS CLI, then the command `read`.
    fn run(script: &str, aws: &str, read: &str) -> String {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let cli = folder.path().join("aws");
        std::fs::write(&cli, format!("#!/bin/sh\n{aws}\n")).unwrap();
        std::fs::set_permissions(&cli, std::fs::Permissions::from_mode(0o755)).unwrap();
        let script = script.replace("/etc/tenfold", "\"$DIR\"");
        let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
        let run = std::process::Command::new("sh")
            .args(["-c", &format!("{script}\n. \"$DIR\"/environment; {read}")])
            .env("DIR", folder.path())
            .env("PATH", path)
            .output()
            .unwrap();
        assert!(run.status.success(), "{run:?}");
        String::from_utf8_lossy(&run.stdout).into_owned()
    }

    #[test]
    fn shell_reads_the_environment_back() {
        let nasty = "a \"b\" $HOME `id` \\ 'c' \u{fc}";
        let environment = BTreeMap::from([("NASTY".to_string(), nasty.to_string())]);
        let script = prelude(&environment, &none(), "us-east-1");
        assert_eq!(run(&script, "exit 1", "printf %s \"$NASTY\""), nasty);
    }

    #[test]
    fn lines_of_a_value_are_not_run() {
        let nasty = "a\n==tenfold==\n==tenfold-1==\nexit 7\n--==tenfold==\nb";
        let environment = BTreeMap::from([("NASTY".to_string(), nasty.to_string())]);
        let script = prelude(&environment, &none(), "us-east-1");
        assert_eq!(run(&script, "exit 1", "printf %s \"$NASTY\""), nasty);
        let own = "#!/bin/sh\n: --==tenfold-1==\n";
        let text = text(Some(own), &environment, &none(), "us-east-1").unwrap();
        assert_eq!(text.matches("--==tenfold-2==").count(), 3, "{text}");
    }

    #[test]
    fn values_are_fetched_and_quoted() {
        let fetched = BTreeMap::from([
            ("KEY".to_string(), Fetched::Secret("tenfold/shop/session".into())),
            ("URL".to_string(), Fetched::Parameter("/tenfold/shop/queues/orders/url".into())),
        ]);
        let script = prelude(&BTreeMap::new(), &fetched, "eu-west-1");
        // The fake CLI prints the service, the region and the last argument.
        let aws = "eval last=\\${$#}; printf '%s\\n' \"$1 \\$x \\`y \\\"z\\\" \\\\ $AWS_DEFAULT_REGION $last\"";
        let found = run(&script, aws, "printf '%s|%s' \"$KEY\" \"$URL\"");
        let odd = r#"$x `y "z" \ eu-west-1"#;
        let expected = format!(
            "secretsmanager {odd} tenfold/shop/session|ssm {odd} /tenfold/shop/queues/orders/url"
        );
        assert_eq!(found, expected);
    }

    #[test]
    fn service_script_comes_last() {
        let environment = BTreeMap::from([("A".to_string(), "1".to_string())]);
        let own = Some("#cloud-config\npackages: [nginx]\n");
        let text = text(own, &environment, &none(), "us-east-1").unwrap();
        let prelude = text.find("A=\"1\"").unwrap();
        assert!(prelude < text.find("text/cloud-config").unwrap());
    }
}
