//! Prose uses the field's standard terms; the glossary is in CONTRIBUTING.md.
use super::prose::{Paragraph, of_hash_comments, of_markdown, of_rust};
use super::tree::File;
use super::{everything, refused, root, sources};
use std::fs;

/// Phrases that are not used, and what to write in their place. `|` separates alternatives.
const REFUSED: &[(&str, &str)] = &[
    ("tell|tells|telling|told", "return, list or report; set or configured"),
    ("whosever", "its owner"),
    ("whose it is", "its owner"),
    ("come|comes|came|comes to light", "appear, become visible"),
    ("emerge|emerges|emerged", "appear, become visible"),
    ("for ever", "forever, indefinitely"),
    ("a moment ago", "just, recently"),
    ("stand|stands|stood on|in", "depend on; be in"),
    ("bear|bears|bore|borne", "have"),
    ("door|doors", "entry point"),
    ("wishes", "desired state, options"),
    ("unseen", "not yet visible"),
    ("to be seen", "visible"),
    ("gone", "deleted"),
    ("a|another|one|every|this|each look", "observation, listing"),
    ("somebody|whoever", "name the actor"),
];

/// Where a phrase stays, by the end of the file's path, with the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[];

fn offences(path: &str, paragraphs: &[Paragraph]) -> Vec<String> {
    let excepted = |phrase: &str| {
        let mut exceptions = EXCEPTIONS.iter();
        exceptions.any(|(end, excepted, _)| path.ends_with(end) && *excepted == phrase)
    };
    let mut offences = Vec::new();
    for paragraph in paragraphs {
        let words: Vec<(usize, String)> =
            paragraph.iter().flat_map(|(at, line)| words(line).map(|word| (*at, word))).collect();
        for (phrase, instead) in REFUSED.iter().filter(|(phrase, _)| !excepted(phrase)) {
            let pattern: Vec<&str> = phrase.split(' ').collect();
            let fits = |(part, (_, word)): (&&str, &(usize, String))| {
                part.split('|').any(|alternative| alternative == word)
            };
            for found in words.windows(pattern.len()) {
                if pattern.iter().zip(found).all(fits) {
                    let text = found.iter().map(|(_, word)| word.as_str()).collect::<Vec<_>>();
                    let (at, text) = (found[0].0, text.join(" "));
                    offences.push(format!("{path}:{at}: \"{text}\": write {instead}"));
                }
            }
        }
    }
    offences
}

fn words(line: &str) -> impl Iterator<Item = String> {
    let inner = |char: char| char.is_alphanumeric() || ['_', '-', '\''].contains(&char);
    line.split(move |char| !inner(char))
        .map(|word| word.trim_matches(['-', '\'']).to_lowercase())
        .filter(|word| !word.is_empty())
}

fn refused_in(files: &[(String, String)], prose: fn(&str) -> Vec<Paragraph>) -> Vec<String> {
    files.iter().flat_map(|(path, text)| offences(path, &prose(text))).collect()
}

/// This folder contains the words as data.
fn is_checked(file: &&File) -> bool {
    !file.path.starts_with("tests/it/offline/tidy/")
}

#[test]
fn rust_uses_standard_terms() {
    let files = everything().filter(is_checked);
    refused(files.flat_map(|file| offences(&file.path, &of_rust(file))).collect());
}

#[test]
fn documents_use_standard_terms() {
    let files = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    let documents = files.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    let mut all: Vec<(String, String)> = documents
        .map(|path| {
            (path.file_name().unwrap().display().to_string(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    all.extend(["localstack", "examples"].iter().flat_map(|folder| sources(root(), folder, "md")));
    refused(refused_in(&all, of_markdown));
}

#[test]
fn comments_of_other_files_use_standard_terms() {
    let folders = [
        ("blueprints", "yaml"),
        ("examples", "yaml"),
        ("localstack", "py"),
        ("tests", "py"),
        ("examples", "py"),
    ];
    let all: Vec<(String, String)> =
        folders.iter().flat_map(|(folder, ending)| sources(root(), folder, ending)).collect();
    let cargo = ("Cargo.toml".to_string(), fs::read_to_string(root().join("Cargo.toml")).unwrap());
    refused(refused_in(&[all, vec![cargo]].concat(), of_hash_comments));
}

#[test]
fn refuses_planted_old_word() {
    let planted = [
        "/// AWS tells it.\nfn f() {}",
        "fn f() { /* It is kept for\n * ever. */ }",
        "fn f() { format!(\"what is\n asked, unless Told\") }",
        "#[cfg(test)] mod tests {\n #[test] fn a_door_closes() {}\n}",
    ];
    for text in planted {
        let file = File::new("src/a.rs".into(), text.into());
        assert_eq!(offences("src/a.rs", &of_rust(&file)).len(), 1, "{text}");
    }
    assert_eq!(offences("README.md", &of_markdown("# A\nWhose\nit is, `told` or not")).len(), 1);
    assert_eq!(offences("a.yaml", &of_hash_comments("doors: 1 # the door")).len(), 1);
    let innocent =
        "/// `told` bearer, stands_in, for every one.\nfn f() { let told = door(gone); }";
    let file = File::new("src/a.rs".into(), innocent.into());
    assert_eq!(offences("src/a.rs", &of_rust(&file)), Vec::<String>::new());
}
