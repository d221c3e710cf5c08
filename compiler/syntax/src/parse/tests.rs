//! Parsing as a whole: everything that is right, everything that is cut off, everything that is too deep.

use std::fs;
use std::path::{Path, PathBuf};

use topoc_diagnostics::{Diagnostics, FileId};

use super::parse;
use crate::ast::{Claim, ExprIds, ExprKind, File, StmtKind, TextPart};
use crate::lex::lex;

fn read(text: &str) -> (File, Vec<String>) {
    let (mut out, ids) = (Diagnostics::default(), ExprIds::default());
    let file = parse(FileId(0), text, &ids, &mut out);
    let reports = out.sorted().into_iter().map(|it| {
        let label = it.primary.unwrap();
        let line = text[..label.span.start as usize].lines().count();
        format!("{} {}: {} ({})", it.code.id(), line, it.message, label.text)
    });
    (file, reports.collect())
}

fn codes(text: &str) -> Vec<String> {
    read(text).1.iter().map(|it| it[..5].to_owned()).collect()
}

fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() > 10);
    paths
}

#[test]
fn samples_have_no_mistakes() {
    for path in samples() {
        let text = fs::read_to_string(&path).unwrap();
        let (file, reports) = read(&text);
        assert_eq!(reports, Vec::<String>::new(), "{}", path.display());
        assert!(!file.items.is_empty());
    }
}

#[test]
fn truncation_never_panics() {
    for path in samples() {
        let text = fs::read_to_string(&path).unwrap();
        let tokens = lex(FileId(0), &text, &mut Diagnostics::default());
        let step = 1 + tokens.len() / 400;
        for token in tokens.into_iter().step_by(step) {
            read(&text[..token.start as usize]);
        }
    }
}

#[test]
fn depth_is_limited() {
    let many = |open: &str, middle: &str, close: &str| {
        format!(
            "let a = {}{middle}{}",
            open.repeat(5000),
            close.repeat(5000)
        )
    };
    for text in [
        many("(", "1", ")"),
        many("[", "1", "]"),
        many("[", "", ""),
        many("{ a = ", "1", "}"),
        many("not ", "a", ""),
        many("- ", "1", ""),
        many("1 + ", "1", ""),
        many("1 ?? (", "1", ")"),
        many("if a then ", "1", " else 2"),
        many("if a then 1 else ", "2", ""),
        many("\"{", "a", "}\""),
        many("a.", "a", ""),
        many("a[", "a", "]"),
        many("f(", "a", ")"),
        many("a", "", "[0]"),
        format!("let a: {}Int{} = 1", "List<".repeat(5000), ">".repeat(5000)),
        "for x in xs { ".repeat(5000),
        "if x { ".repeat(5000),
        format!("if x {{ }}{}", " else if x { }".repeat(5000)),
        format!("a{} -> b : c", ".b".repeat(5000)),
        "{".repeat(5000),
        "}".repeat(5000),
    ] {
        let start = std::time::Instant::now();
        assert!(!codes(&text).is_empty(), "{}", &text[..40]);
        assert!(start.elapsed().as_millis() < 2000, "{}", &text[..40]);
    }
    assert_eq!(codes(&many("(", "1", ")")), ["E0114"]);
}

#[test]
fn shapes() {
    let (file, reports) =
        read("assert [a, b] can reach c : tcp 1..2, x because \"y\"\nlet t = \"a\\n{b}c\"\n");
    assert_eq!(reports, Vec::<String>::new());
    let [first, second] = file.items.as_slice() else {
        panic!()
    };
    let StmtKind::Assert(assertion) = &first.kind else {
        panic!()
    };
    let Claim::Can { sources, reach, .. } = &assertion.claim else {
        panic!()
    };
    assert_eq!((sources.len(), reach.verbs.len()), (2, 2));
    let StmtKind::Let(binding) = &second.kind else {
        panic!()
    };
    let ExprKind::Text(parts) = &binding.value.kind else {
        panic!()
    };
    let [
        TextPart::Text(before),
        TextPart::Code(_),
        TextPart::Text(after),
    ] = parts.as_slice()
    else {
        panic!()
    };
    assert_eq!((before.as_str(), after.as_str()), ("a\n", "c"));
}

#[test]
fn blocks_lose_their_indentation() {
    let text = |source: &str| {
        let (file, reports) = read(&format!("let t = {source}"));
        assert_eq!(reports, Vec::<String>::new());
        let StmtKind::Let(binding) = &file.items[0].kind else {
            panic!()
        };
        let ExprKind::Text(parts) = &binding.value.kind else {
            panic!()
        };
        let shown = parts.iter().map(|it| match it {
            TextPart::Text(text) => text.to_string(),
            TextPart::Code(_) => "§".to_owned(),
        });
        shown.collect::<String>()
    };
    assert_eq!(
        text("\"\"\"\n    a\n      b {c}\n    d\n    \"\"\""),
        "a\n  b §\nd"
    );
    assert_eq!(text("\"\"\"\n    {c}\n    \"q\"\n    \"\"\""), "§\n\"q\"");
    assert_eq!(text("r\"\"\"\n  a{1}\n   \\d\n  \"\"\""), "a{1}\n \\d");
    assert_eq!(text("r\"a{1}\""), "a{1}");
    assert_eq!(text("\"\""), "");
}

#[test]
fn mistakes() {
    for (text, want) in [
        ("topology t { region: \"x\" }", vec!["E0108"]),
        ("a, b -> c : https", vec!["E0111"]),
        ("a -> b, c : https", vec!["E0111"]),
        ("a -> b -> c : https", vec!["E0112"]),
        ("a -> b", vec!["E0100"]),
        ("a -> : https", vec!["E0100"]),
        ("service s { memory = 512MB }", vec!["E0104"]),
        ("service s { name = \"^[a-z]{2,9}$\" }", vec!["E0102"]),
        ("let a = \"{x y} {}\"", vec!["E0102", "E0102"]),
        (
            "let a = [10.0.1.0/16, 10.0.0.0/33, 10.0.0.1, 300.0.0.0/8]",
            vec!["E0105"; 4],
        ),
        ("service my-api in main.app { image }", vec!["E0113"]),
        ("let a: List<Int>= 1", vec!["E0106"]),
        ("service s\n{ x = 1 }", vec!["E0107"]),
        ("count = 2", vec!["E0110"]),
        ("port: Int", vec!["E0110"]),
        ("let a = 1 < 2 < 3", vec!["E0100"]),
        ("let a = 99999999999999999999", vec!["E0115"]),
        ("let a = 0.1234567890123", vec!["E0115"]),
        ("kind q { param x: Int }", vec!["E0110"]),
        ("edge a -> b : c { service x { } }", vec!["E0110"]),
        ("trait t { resource a.b c }", vec!["E0110"]),
        ("acl a { }", vec!["E0110"]),
        ("let internet = 1\nkind none { }", vec!["E0100", "E0100"]),
        (
            "service s {\n  image\ndatabase db { }\nkind x { }\n",
            vec!["E0109"],
        ),
        (
            "let a = f(1, (2)\nlet b = 1\nenv p { a = [1 }\nlet = 3",
            vec!["E0109", "E0109", "E0100"],
        ),
        (
            "let = 3\nlet ok = 1\nkind k { let = 4\n x: Int y }\nfoo bar baz",
            vec!["E0100"; 4],
        ),
        (
            "service s { a = 1 b = 2\n c = = 3\n d = 4, e = , f = 5 }",
            vec!["E0100"; 3],
        ),
        ("@allow(\nlet a = 1", vec!["E0109"]),
        (
            "resource type a.b { cfn = \"X\", x: Int { foo = 1 } }",
            vec!["E0100"],
        ),
        ("let a = \"x\nlet b = 1 +", vec!["E0101", "E0100"]),
        ("/// lost", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(codes(text), want, "{text}\n{:#?}", read(text).1);
    }
}
