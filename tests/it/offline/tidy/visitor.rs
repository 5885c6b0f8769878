//! Walks the syntax tree of a file and fills in its [`Scan`].
use super::scan::{Call, Definition, Function, Module, Name, Scan, Written};
use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

#[derive(Default)]
pub struct Visitor {
    pub scan: Scan,
    within: Vec<String>,
    tests: usize,
    loops: usize,
}

impl Visitor {
    fn test(&self) -> bool {
        self.tests > 0
    }

    fn name(&self, text: impl ToString, span: Span) -> Name {
        Name { text: text.to_string(), line: span.start().line, test: self.test() }
    }

    fn asynchronous(&mut self, span: Option<Span>) {
        self.scan.asyncs.extend(span.map(|span| self.name("async", span)));
    }

    fn call(&mut self, name: &Ident) {
        self.called(name.to_string(), name.span());
    }

    fn called(&mut self, name: String, span: Span) {
        let (line, test, in_loop) = (span.start().line, self.test(), self.loops > 0);
        self.scan.calls.push(Call { name, line, test, in_loop });
    }

    fn path(&mut self, segments: Vec<String>, line: usize, binds: Option<String>) {
        let (within, test) = (self.within.clone(), self.test());
        self.scan.paths.push(Written { segments, line, test, within, binds });
    }

    fn function(&mut self, attrs: &[Attribute], sig: &syn::Signature, block: Option<&syn::Block>) {
        self.asynchronous(sig.asyncness.as_ref().map(|token| token.span));
        let line = sig.fn_token.span.start().line;
        let end = block.map_or(line, |block| block.brace_token.span.close().end().line);
        let name = sig.ident.to_string();
        let runs_as_test = attrs.iter().any(runs_as_test);
        let (lines, within) = (end - line + 1, self.within.clone());
        self.scan.functions.push(Function { name, line, lines, within, runs_as_test });
    }

    fn use_tree(&mut self, tree: &UseTree, before: &mut Vec<String>) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.use_tree(&path.tree, before);
                before.pop();
            }
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.use_tree(tree, before));
            }
            UseTree::Name(name) => self.import(before, &name.ident, None),
            UseTree::Rename(name) => self.import(before, &name.ident, Some(&name.rename)),
            UseTree::Glob(glob) => {
                let line = glob.star_token.span.start().line;
                self.path(before.clone(), line, Some("*".into()));
            }
        }
    }

    fn import(&mut self, before: &[String], name: &Ident, rename: Option<&Ident>) {
        let mut segments = before.to_vec();
        if name != "self" {
            segments.push(name.to_string());
        }
        let binds = rename.map(Ident::to_string).or_else(|| segments.last().cloned());
        self.path(segments, name.span().start().line, binds);
    }

    /// Macro arguments are not parsed: paths, calls, macros and strings are recognised by tokens.
    fn tokens(&mut self, stream: TokenStream) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => self.literal(literal),
                TokenTree::Ident(first) => at += self.ident(first, &tokens, at),
                TokenTree::Punct(_) => {}
            }
            at += 1;
        }
    }

    fn strings(&mut self, stream: TokenStream) {
        for token in stream {
            match token {
                TokenTree::Group(group) => self.strings(group.stream()),
                TokenTree::Literal(literal) => self.literal(&literal),
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }

    fn literal(&mut self, literal: &Literal) {
        if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
            self.scan.strings.push(self.name(text.value(), literal.span()));
        }
    }

    /// Records what the name at a place begins; returns how many more tokens belong to it.
    fn ident(&mut self, first: &Ident, tokens: &[TokenTree], at: usize) -> usize {
        let punct = |at: usize, char: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == char);
        let mut segments = vec![first.to_string()];
        let mut end = at;
        while punct(end + 1, ':') && punct(end + 2, ':') {
            let Some(TokenTree::Ident(next)) = tokens.get(end + 3) else { break };
            segments.push(next.to_string());
            end += 3;
        }
        let calls = matches!(tokens.get(end + 1), Some(TokenTree::Group(group))
            if group.delimiter() == Delimiter::Parenthesis);
        if first == "async" {
            self.asynchronous(Some(first.span()));
        } else if first == "fn" {
            self.function_tokens(tokens, at);
        } else if first == "await" {
            self.call(first);
        } else if punct(end + 1, '!') && !punct(end + 2, '=') {
            let name = segments.last().cloned().unwrap_or_default();
            self.scan.macros.push(self.name(name, first.span()));
        } else if segments.len() > 1 {
            self.path(segments, first.span().start().line, None);
        } else if calls {
            self.call(first);
        }
        end - at
    }

    /// A function in the arguments of a macro such as `proptest!`.
    fn function_tokens(&mut self, tokens: &[TokenTree], at: usize) {
        let body = tokens[at..].iter().find_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
            _ => None,
        });
        if let (Some(TokenTree::Ident(name)), Some(body)) = (tokens.get(at + 1), body) {
            let line = tokens[at].span().start().line;
            let lines = body.span_close().end().line - line + 1;
            let runs_as_test = tokens[..at].iter().rev().take(4).any(|token| {
                matches!(token, TokenTree::Group(group) if group.stream().to_string() == "test")
            });
            let (name, within) = (name.to_string(), self.within.clone());
            self.scan.functions.push(Function { name, line, lines, within, runs_as_test });
        }
    }

    fn looped(&mut self, visit: impl FnOnce(&mut Self)) {
        self.loops += 1;
        visit(self);
        self.loops -= 1;
    }

    /// Visits something that its attributes may mark as test code.
    fn marked(&mut self, attrs: &[Attribute], visit: impl FnOnce(&mut Self)) {
        let tests = usize::from(attrs.iter().any(is_test));
        self.tests += tests;
        visit(self);
        self.tests -= tests;
    }
}

impl<'ast> Visit<'ast> for Visitor {
    // Of attributes only the strings count, such as the message in `#[error("..")]`. Doc comments
    // are attributes too, but not of this form.
    fn visit_attribute(&mut self, attr: &'ast Attribute) {
        if let syn::Meta::List(list) = &attr.meta {
            self.strings(list.tokens.clone());
        }
    }

    // A path in `pub(in path)` is not a dependency.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_item(&mut self, item: &'ast Item) {
        let (name, attrs) = described(item);
        if let Some(name) = name {
            let (name, within) = (name.to_string(), self.within.clone());
            self.scan.definitions.push(Definition { name, within });
        }
        self.marked(attrs, |visitor| visit::visit_item(visitor, item));
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let name = item.ident.to_string();
        if item.content.is_none() {
            let path = item.attrs.iter().find_map(path_attribute);
            self.scan.modules.push(Module { name, path, test: self.test() });
            return;
        }
        self.within.push(name);
        visit::visit_item_mod(self, item);
        self.within.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree(&item.tree, &mut Vec::new());
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        if item.attrs.iter().any(|attr| mentions(attr, "\"PascalCase\"")) {
            let names = item.fields.iter().filter_map(|field| field.ident.as_ref());
            self.scan.properties.extend(names.map(|name| pascal_case(&name.to_string())));
        }
        visit::visit_item_struct(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.attrs, &item.sig, Some(&item.block));
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.marked(&item.attrs, |visitor| {
            visitor.function(&item.attrs, &item.sig, Some(&item.block));
            visit::visit_impl_item_fn(visitor, item);
        });
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.function(&item.attrs, &item.sig, item.default.as_ref());
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_expr_async(&mut self, expr: &'ast syn::ExprAsync) {
        self.asynchronous(Some(expr.async_token.span));
        visit::visit_expr_async(self, expr);
    }

    fn visit_expr_closure(&mut self, expr: &'ast syn::ExprClosure) {
        self.asynchronous(expr.asyncness.as_ref().map(|token| token.span));
        visit::visit_expr_closure(self, expr);
    }

    fn visit_expr_loop(&mut self, expr: &'ast syn::ExprLoop) {
        self.looped(|visitor| visit::visit_expr_loop(visitor, expr));
    }

    fn visit_expr_while(&mut self, expr: &'ast syn::ExprWhile) {
        self.looped(|visitor| visit::visit_expr_while(visitor, expr));
    }

    fn visit_expr_await(&mut self, expr: &'ast syn::ExprAwait) {
        self.called("await".into(), expr.await_token.span);
        visit::visit_expr_await(self, expr);
    }

    fn visit_expr_method_call(&mut self, expr: &'ast syn::ExprMethodCall) {
        self.call(&expr.method);
        visit::visit_expr_method_call(self, expr);
    }

    fn visit_expr_call(&mut self, expr: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*expr.func
            && let Some(name) = path.path.get_ident()
        {
            self.call(name);
        }
        visit::visit_expr_call(self, expr);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            let line = path.segments[0].ident.span().start().line;
            self.path(segments, line, None);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        if let Some(last) = item.path.segments.last() {
            self.scan.macros.push(self.name(&last.ident, last.ident.span()));
        }
        self.visit_path(&item.path);
        self.tokens(item.tokens.clone());
    }

    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        self.scan.strings.push(self.name(literal.value(), literal.span()));
    }
}

fn described(item: &Item) -> (Option<&Ident>, &[Attribute]) {
    match item {
        Item::Const(item) => (Some(&item.ident), &item.attrs),
        Item::Enum(item) => (Some(&item.ident), &item.attrs),
        Item::Fn(item) => (Some(&item.sig.ident), &item.attrs),
        Item::Impl(item) => (None, &item.attrs),
        Item::Macro(item) => (item.ident.as_ref(), &item.attrs),
        Item::Mod(item) => (None, &item.attrs),
        Item::Static(item) => (Some(&item.ident), &item.attrs),
        Item::Struct(item) => (Some(&item.ident), &item.attrs),
        Item::Trait(item) => (Some(&item.ident), &item.attrs),
        Item::Type(item) => (Some(&item.ident), &item.attrs),
        Item::Use(item) => (None, &item.attrs),
        _ => (None, &[]),
    }
}

/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]` or `#[cfg(all(test, ..))]`.
fn is_test(attr: &Attribute) -> bool {
    let cfg = attr.path().is_ident("cfg");
    let test = || attr.meta.require_list().is_ok_and(|list| names_test(list.tokens.clone()));
    runs_as_test(attr) || (cfg && test())
}

fn runs_as_test(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "test")
}

fn names_test(tokens: TokenStream) -> bool {
    let mut negated = false;
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => {
            negated = ident == "not";
            ident == "test"
        }
        TokenTree::Group(group) => !negated && names_test(group.stream()),
        _ => false,
    })
}

fn mentions(attr: &Attribute, literal: &str) -> bool {
    let list = attr.meta.require_list();
    list.is_ok_and(|list| list.tokens.clone().into_iter().any(|t| t.to_string() == literal))
}

fn path_attribute(attr: &Attribute) -> Option<String> {
    let value = attr.meta.require_name_value().ok()?;
    match (&value.value, attr.path().is_ident("path")) {
        (syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }), true) => Some(text.value()),
        _ => None,
    }
}

fn pascal_case(name: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>())
    };
    name.split('_').filter_map(word).collect()
}
