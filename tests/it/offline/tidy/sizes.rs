//! Files and functions are short enough to read at once.
use super::tree::File;
use super::{everything, refused};

const MAX_FILE_LINES: usize = 400;
const MAX_FUNCTION_LINES: usize = 70;

fn long_files<'a>(files: impl Iterator<Item = &'a File>) -> Vec<String> {
    let long = |file: &File| {
        let (path, lines) = (&file.path, file.text.lines().count());
        (lines > MAX_FILE_LINES).then(|| {
            format!("{path}: {lines} lines; split the file, {MAX_FILE_LINES} lines is the limit")
        })
    };
    files.filter_map(long).collect()
}

fn long_functions<'a>(files: impl Iterator<Item = &'a File>) -> Vec<String> {
    let mut offences = Vec::new();
    for file in files {
        for function in &file.scan.functions {
            let (name, line, lines) = (&function.name, function.line, function.lines);
            if lines > MAX_FUNCTION_LINES {
                offences.push(format!(
                    "{}:{line}: `{name}` has {lines} lines; split it, {MAX_FUNCTION_LINES} is the limit",
                    file.path
                ));
            }
        }
    }
    offences
}

#[test]
fn files_have_at_most_400_lines() {
    refused(long_files(everything()));
}

#[test]
fn functions_have_at_most_70_lines() {
    refused(long_functions(everything()));
}

#[test]
fn refuses_planted_long_file() {
    let file = |lines: usize| [File::new("src/a.rs".into(), "//\n".repeat(lines))];
    assert_eq!(long_files(file(400).iter()), Vec::<String>::new());
    assert_eq!(long_files(file(401).iter()).len(), 1);
}

#[test]
fn refuses_planted_long_function() {
    let text = |lines: usize| {
        let body = "f();\n".repeat(lines - 2);
        let text = format!("impl A {{\n#[must_use]\npub fn long(\n) {{\n{body}}}\n}}\n");
        [File::new("src/a.rs".into(), text)]
    };
    assert_eq!(long_functions(text(69).iter()), Vec::<String>::new());
    let found = long_functions(text(70).iter());
    assert!(found.len() == 1 && found[0].starts_with("src/a.rs:3: `long` has 71"), "{found:?}");
}
