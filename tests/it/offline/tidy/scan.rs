//! Parses one Rust file and records what the rules ask about, so that no rule parses text itself.
use super::visitor::Visitor;
use syn::visit::Visit;

/// What one file contains. Everything under `#[cfg(test)]` or `#[test]` is marked as test code.
#[derive(Debug, Default)]
pub struct Scan {
    pub paths: Vec<Written>,
    pub functions: Vec<Function>,
    pub calls: Vec<Call>,
    pub macros: Vec<Name>,
    pub strings: Vec<Name>,
    /// Lines of `async fn`, `async` blocks and `async` closures.
    pub asyncs: Vec<Name>,
    pub modules: Vec<Module>,
    pub definitions: Vec<Definition>,
    /// Fields of structs that serde writes in PascalCase: the properties of kinds.
    pub properties: Vec<String>,
}

/// A path as it is written, in a `use` item or in code.
#[derive(Debug)]
pub struct Written {
    pub segments: Vec<String>,
    pub line: usize,
    pub test: bool,
    /// The inline modules around it, from the outside.
    pub within: Vec<String>,
    /// The name that a `use` item binds; `*` for a glob. None for a path in code.
    pub binds: Option<String>,
}

#[derive(Debug)]
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
    /// The inline modules around it, from the outside.
    pub within: Vec<String>,
    /// Has an attribute such as `#[test]` or `#[tokio::test]`.
    pub runs_as_test: bool,
}

/// A call of a method, or of a function by its bare name; `await` counts as a method.
#[derive(Debug)]
pub struct Call {
    pub name: String,
    pub line: usize,
    pub test: bool,
    /// Inside `loop` or `while`: nothing but its body ends the repetition.
    pub in_loop: bool,
}

#[derive(Debug)]
pub struct Name {
    pub text: String,
    pub line: usize,
    pub test: bool,
}

/// A `mod x;` item without a body.
#[derive(Debug)]
pub struct Module {
    pub name: String,
    pub path: Option<String>,
    pub test: bool,
}

#[derive(Debug)]
pub struct Definition {
    pub name: String,
    pub within: Vec<String>,
}

pub fn scan(path: &str, text: &str) -> Scan {
    let file = syn::parse_file(text).unwrap_or_else(|error| {
        panic!("{path}:{}: not valid Rust: {error}", error.span().start().line)
    });
    let mut visitor = Visitor::default();
    visitor.visit_file(&file);
    visitor.scan
}
