//! Credentials of the wrong account.
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;

/// A blueprint that names its account is not applied to another account.
#[test]
fn refuses_credentials_of_another_account() {
    let address = sts_of("111122223333");
    let folder = tempfile::tempdir().unwrap();
    let blueprint = "stack: shop\nregion: us-east-1\naccount: \"444455556666\"\nnetwork: {}\n";
    std::fs::write(folder.path().join("v1.yaml"), blueprint).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_tenfold"))
        .args(["apply", "v1.yaml", "--yes", "--endpoint", &address])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{stderr}");
    let says =
        "the blueprint is for account 444455556666, but the credentials are for 111122223333";
    assert!(stderr.contains(says), "{stderr}");
}

/// An emulator that answers GetCallerIdentity and nothing else.
fn sts_of(account: &str) -> String {
    let body = format!(
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>{account}</Account>\
         <Arn>arn:aws:iam::{account}:root</Arn><UserId>x</UserId></GetCallerIdentityResult>\
         </GetCallerIdentityResponse>"
    );
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut asked = [0; 8192];
            let _ = stream.read(&mut asked);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}
