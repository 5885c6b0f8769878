//! What an instance runs at its first boot: the service's own script, and before it a prelude
//! that leaves the service's environment in a file only root can read. What is fetched for it
//! needs the AWS CLI in the image, which Amazon Linux has.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// Where the environment is found: `source` reads it, and so does systemd's `EnvironmentFile`.
const ENVIRONMENT_FILE: &str = "/etc/tenfold/environment";
/// Ends what is written out as it is, unless that has this very text: see [`end`].
const END: &str = "==tenfold==";

/// EC2's limit for the decoded text, in bytes.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html>
pub const LIMIT_BYTES: usize = 16 * 1024;

/// Where the value of a variable is fetched from when an instance boots. So a value that is made
/// later, or is secret, never stands in a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetched {
    /// A parameter, by its path.
    Parameter(String),
    /// A secret, by its name or ARN.
    Secret(String),
}

/// The text that cloud-init gets; nothing where there is nothing to run.
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

/// The same in the form that EC2 takes.
pub fn encode(text: &str) -> String {
    STANDARD.encode(text)
}

/// Several scripts in one: cloud-init runs them in order.
/// <https://cloudinit.readthedocs.io/en/latest/explanation/format.html>
fn parts(own: Option<&str>, prelude: &str) -> String {
    // A delimiter stands behind two hyphens, so that of the prelude's heredoc is none.
    let boundary =
        &end(|end| [Some(prelude), own].iter().flatten().any(|t| t.contains(&format!("--{end}"))));
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
fn end(occurs: impl Fn(&str) -> bool) -> String {
    let mut end = END.to_string();
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

/// Writes the file whole or not at all: what cannot be fetched leaves none behind.
fn prelude(
    environment: &BTreeMap<String, String>,
    fetched: &BTreeMap<String, Fetched>,
    region: &str,
) -> String {
    let lines: String =
        environment.iter().map(|(key, value)| format!("{key}={}\n", quoted(value))).collect();
    // A value may have lines of its own: one that were the end would leave those after it to be run.
    let end = end(|end| lines.contains(end));
    let mut script = format!(
        "#!/bin/sh\nset -eu\numask 077\nmkdir -p /etc/tenfold\n\
         cat > {ENVIRONMENT_FILE}.new <<'{end}'\n{lines}{end}\n"
    );
    if !fetched.is_empty() {
        script.push_str(&format!("export AWS_DEFAULT_REGION={region}\n{FETCH}"));
    }
    for (variable, from) in fetched {
        let (how, what) = match from {
            Fetched::Parameter(path) => ("parameter", path),
            Fetched::Secret(id) => ("secret", id),
        };
        // Names and ARNs have no letter that a shell minds.
        script.push_str(&format!("value=$({how} '{what}')\nput {variable} \"$value\"\n"));
    }
    script.push_str(&format!("mv {ENVIRONMENT_FILE}.new {ENVIRONMENT_FILE}\n"));
    script
}

/// A fresh role is not known everywhere at once: each value is asked for again for two minutes.
/// Values are written in double quotes, as [`quoted`] does.
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

/// In double quotes, as both a shell and systemd read them.
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
    fn a_script_alone_is_left_as_it_is() {
        let environment = BTreeMap::new();
        assert_eq!(text(None, &environment, &none(), "us-east-1"), None);
        let own = text(Some("#!/bin/sh\n"), &environment, &none(), "us-east-1");
        assert_eq!(own.as_deref(), Some("#!/bin/sh\n"));
    }

    /// Runs a prelude with `aws` standing for the AWS CLI, and reads variables back.
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
    fn a_shell_reads_the_environment_back() {
        let nasty = "a \"b\" $HOME `id` \\ 'c' \u{fc}";
        let environment = BTreeMap::from([("NASTY".to_string(), nasty.to_string())]);
        let script = prelude(&environment, &none(), "us-east-1");
        assert_eq!(run(&script, "exit 1", "printf %s \"$NASTY\""), nasty);
    }

    #[test]
    fn no_line_of_a_value_is_run() {
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
        // The fake CLI answers with the service, the region and the last argument.
        let aws = "eval last=\\${$#}; printf '%s\\n' \"$1 \\$x \\`y \\\"z\\\" \\\\ $AWS_DEFAULT_REGION $last\"";
        let found = run(&script, aws, "printf '%s|%s' \"$KEY\" \"$URL\"");
        let odd = r#"$x `y "z" \ eu-west-1"#;
        let expected = format!(
            "secretsmanager {odd} tenfold/shop/session|ssm {odd} /tenfold/shop/queues/orders/url"
        );
        assert_eq!(found, expected);
    }

    #[test]
    fn the_service_s_own_part_comes_last() {
        let environment = BTreeMap::from([("A".to_string(), "1".to_string())]);
        let own = Some("#cloud-config\npackages: [nginx]\n");
        let text = text(own, &environment, &none(), "us-east-1").unwrap();
        let prelude = text.find("A=\"1\"").unwrap();
        assert!(prelude < text.find("text/cloud-config").unwrap());
    }
}
