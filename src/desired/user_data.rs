//! What an instance runs at its first boot: the service's own script, and before it a prelude
//! that leaves the service's environment in a file only root can read.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// Where the environment is found: `source` reads it, and so does systemd's `EnvironmentFile`.
const ENVIRONMENT_FILE: &str = "/etc/tenfold/environment";
/// Between the parts; anything that no script contains.
const BOUNDARY: &str = "==tenfold==";

/// EC2's limit for the decoded text, in bytes.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html>
pub const LIMIT_BYTES: usize = 16 * 1024;

/// The text that cloud-init gets; nothing where there is nothing to run.
pub fn text(own: Option<&str>, environment: &BTreeMap<String, String>) -> Option<String> {
    match (own, environment.is_empty()) {
        (None, true) => None,
        (Some(own), true) => Some(own.to_string()),
        (own, false) => Some(parts(own, &prelude(environment))),
    }
}

/// The same in the form that EC2 takes.
pub fn encode(text: &str) -> String {
    STANDARD.encode(text)
}

/// Several scripts in one: cloud-init runs them in order.
/// <https://cloudinit.readthedocs.io/en/latest/explanation/format.html>
fn parts(own: Option<&str>, prelude: &str) -> String {
    let mut text = format!(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"{BOUNDARY}\"\n\n{}",
        part("text/x-shellscript", "environment.sh", prelude)
    );
    if let Some(own) = own {
        let kind = if own.starts_with("#cloud-config") {
            "text/cloud-config"
        } else {
            "text/x-shellscript"
        };
        text.push_str(&part(kind, "user-data", own));
    }
    text.push_str(&format!("--{BOUNDARY}--\n"));
    text
}

fn part(kind: &str, name: &str, body: &str) -> String {
    let body = body.trim_end_matches('\n');
    format!(
        "--{BOUNDARY}\nContent-Type: {kind}; charset=\"utf-8\"\n\
         Content-Disposition: attachment; filename=\"{name}\"\n\n{body}\n\n"
    )
}

fn prelude(environment: &BTreeMap<String, String>) -> String {
    let lines: String =
        environment.iter().map(|(key, value)| format!("{key}={}\n", quoted(value))).collect();
    format!(
        "#!/bin/sh\nset -eu\numask 077\nmkdir -p /etc/tenfold\n\
         cat > {ENVIRONMENT_FILE} <<'{BOUNDARY}'\n{lines}{BOUNDARY}\n"
    )
}

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

    #[test]
    fn a_script_alone_is_left_as_it_is() {
        assert_eq!(text(None, &BTreeMap::new()), None);
        assert_eq!(text(Some("#!/bin/sh\n"), &BTreeMap::new()).unwrap(), "#!/bin/sh\n");
    }

    #[test]
    fn a_shell_reads_the_environment_back() {
        let nasty = "a \"b\" $HOME `id` \\ 'c' \u{fc}";
        let environment = BTreeMap::from([("NASTY".to_string(), nasty.to_string())]);
        let script = prelude(&environment).replace("/etc/tenfold", "\"$DIR\"");
        let folder = tempfile::tempdir().unwrap();
        let read = format!("{script}\n. \"$DIR\"/environment; printf %s \"$NASTY\"");
        let run = std::process::Command::new("sh")
            .args(["-c", &read])
            .env("DIR", folder.path())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&run.stdout), nasty, "{run:?}");
    }

    #[test]
    fn the_service_s_own_part_comes_last() {
        let environment = BTreeMap::from([("A".to_string(), "1".to_string())]);
        let text = text(Some("#cloud-config\npackages: [nginx]\n"), &environment).unwrap();
        let prelude = text.find("A=\"1\"").unwrap();
        assert!(prelude < text.find("text/cloud-config").unwrap());
    }
}
