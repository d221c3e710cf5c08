//! The layout of `.topo` files: it keeps what they say, it is its own layout, and our files have it.

use std::fs;
use std::path::PathBuf;

use topoc_diagnostics::{Diagnostics, FileId};
use topoc_fmt::format;
use topoc_syntax::{ast::ExprIds, parse};

use crate::cases::{entries, home};

/// Cuts for each file, spread over its bytes.
const CUTS: usize = 3;

#[test]
fn layouts_keep_the_tree() {
    for (path, text) in files(&["stdlib", "examples", "tests", "compiler"]) {
        let laid_out = format(&text).text;
        same(&tree(&text), &tree(&laid_out), &path.display().to_string());
    }
}

#[test]
fn layouts_are_their_own_layouts() {
    for (path, text) in files(&["stdlib", "examples", "tests", "compiler"]) {
        let once = format(&text).text;
        assert_eq!(format(&once).text, once, "{}", path.display());
    }
}

#[test]
fn layouts_do_not_depend_on_white_space() {
    for (path, text) in files(&["stdlib", "examples"]) {
        let lines = text.lines().map(|it| {
            let code = it.trim_start();
            let plain = !code.contains(['"', '/']);
            if plain {
                code.replace("  ", " ")
            } else {
                code.to_owned()
            }
        });
        let ragged = lines.collect::<Vec<_>>().join("\r\n");
        if !text.contains("\"\"\"") {
            assert_eq!(
                format(&ragged).text,
                format(&text).text,
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn our_files_are_laid_out() {
    let loose: Vec<PathBuf> = files(&["stdlib", "examples", "tests/golden"])
        .into_iter()
        .filter(|(_, text)| format(text).text != *text)
        .map(|(path, _)| path)
        .collect();
    assert!(loose.is_empty(), "`topoc fmt` changes {loose:#?}");
}

#[test]
fn broken_files_keep_their_words_and_tree() {
    for (path, text) in files(&["stdlib", "examples", "tests/ui"]) {
        let step = (text.len() / CUTS).max(1);
        let places = (0..text.len())
            .step_by(step)
            .filter(|it| text.is_char_boundary(*it));
        for at in places {
            let (before, after) = text.split_at(at);
            for broken in [
                before.to_owned(),
                format!("{before} ) {after}"),
                format!("{before}\"{after}"),
                format!("{before} }}\n{after}"),
            ] {
                let formatted = format(&broken);
                let laid_out = formatted.text;
                let name = format!("{} at {at}", path.display());
                same(&tree(&broken), &tree(&laid_out), &name);
                // What is not broken after all may lose what is redundant.
                if formatted.broken {
                    same(&words(&broken), &words(&laid_out), &name);
                }
                let again = format(&laid_out).text;
                assert_eq!(again, laid_out, "{name}");
            }
        }
    }
}

#[test]
fn hostile_texts_are_laid_out() {
    for text in [
        "{".repeat(20_000),
        format!("let x = {}1{}", "(".repeat(20_000), ")".repeat(20_000)),
        format!("let x = {}1{}", "[".repeat(150), "]".repeat(150)),
        format!("let x = {}1", "1 + ".repeat(20_000)),
        format!("let x = 1{}", " + f(1)".repeat(20_000)),
        format!(
            "let x = {}1{}",
            "if true then ".repeat(20_000),
            " else 1".repeat(20_000)
        ),
        "queue a\n".repeat(20_000),
        "a -> b : c\n".repeat(20_000),
        "// x\n".repeat(20_000),
        "\u{0}\u{feff}\r\r\n\t\\\"\"\"{".to_owned(),
    ] {
        let once = format(&text).text;
        assert_eq!(format(&once).text, once);
    }
}

/// Fails with the place of the first difference.
#[track_caller]
fn same(before: &str, after: &str, name: &str) {
    let equal = before
        .bytes()
        .zip(after.bytes())
        .take_while(|(a, b)| a == b);
    let at = equal.count().saturating_sub(60);
    let part = |text: &str| text.chars().skip(at).take(160).collect::<String>();
    assert!(
        before == after,
        "{name}:\n{}\n{}",
        part(before),
        part(after)
    );
}

/// The tree of a text without places and numbers of expressions, and without what is redundant.
fn tree(text: &str) -> String {
    let mut reports = Diagnostics::default();
    let file = parse(FileId(0), text, &ExprIds::default(), &mut reports);
    let shown = format!("{:?}", file.items);
    let mut out = String::new();
    let mut rest = shown.as_str();
    while let Some((before, after)) = rest.split_once("Span {") {
        out.push_str(before);
        rest = after.split_once('}').map_or("", |(_, it)| it);
    }
    out.push_str(rest);
    let numbered: Vec<&str> = out.split("ExprId(").collect();
    let plain = numbered.iter().map(|it| match it.split_once(')') {
        Some((number, rest)) if number.chars().all(|it| it.is_ascii_digit()) => rest,
        _ => it,
    });
    let plain = plain.collect::<String>();
    let plain = plain.replace(
        "default: Some(Expr { id: , span: , kind: None })",
        "default: None",
    );
    without_texts(&plain)
}

/// Without the texts of edges, which are as written.
fn without_texts(shown: &str) -> String {
    let mut out = String::new();
    for (number, part) in shown.split("], text: \"").enumerate() {
        let escaped = part.replace("\\\"", "''");
        match escaped.split_once('"') {
            Some((_, rest)) if number > 0 => out.push_str(rest),
            _ => out.push_str(&escaped),
        }
    }
    out
}

/// What is written, without white space and what the layout may add or leave out.
fn words(text: &str) -> String {
    let dropped = |it: &char| it.is_whitespace() || matches!(it, ',' | '\u{feff}');
    text.chars().filter(|it| !dropped(it)).collect()
}

fn files(tops: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for top in tops {
        collect(home().join(top), &mut found);
    }
    assert!(!found.is_empty());
    found
}

fn collect(folder: PathBuf, found: &mut Vec<(PathBuf, String)>) {
    for path in entries(&folder) {
        if path.is_dir() && !path.ends_with("target") {
            collect(path, found);
        } else if path.extension().is_some_and(|it| it == "topo") {
            let text = fs::read_to_string(&path).unwrap_or_default();
            found.push((path, text));
        }
    }
}
