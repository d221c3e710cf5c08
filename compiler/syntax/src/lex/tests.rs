//! The lexical rules as a table.

use topoc_diagnostics::{Diagnostics, FileId};

use super::{Kind, lex};

/// The tokens as text, line breaks as `⏎`.
fn shown(text: &str) -> String {
    let mut out = Diagnostics::default();
    let tokens = lex(FileId(0), text, &mut out);
    let words = tokens.iter().map(|it| {
        if it.kind == Kind::Name {
            text[it.start as usize..it.end as usize].to_owned()
        } else {
            format!("{:?}", it.kind).replace("Newline", "⏎")
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn codes(text: &str) -> Vec<&'static str> {
    let mut out = Diagnostics::default();
    lex(FileId(0), text, &mut out);
    out.sorted().iter().map(|it| it.code.id()).collect()
}

#[test]
fn tokens() {
    for (text, want) in [
        ("2..50", "Int DotDot Int"),
        ("0.5..128", "Float DotDot Int"),
        ("15s 50% 1.5GiB", "Unit Unit Unit"),
        (
            "10.0.0.0/16 fd00::/56 ::/0 1:2:3:4:5:6:7:8/64",
            "Cidr Cidr Cidr Cidr",
        ),
        ("a.b?.c ?? d", "a Dot b QuestionDot c Fallback d"),
        ("x: String? = 1", "x Colon String Question Equals Int"),
        (
            r#""a {b.c} d""#,
            "TextStart Text CodeStart b Dot c CodeEnd Text TextEnd",
        ),
        (
            r#""{ {a = 1} }""#,
            "TextStart CodeStart LeftBrace a Equals Int RightBrace CodeEnd TextEnd",
        ),
        (
            r#""{"in {x}"}""#,
            "TextStart CodeStart TextStart Text CodeStart x CodeEnd TextEnd CodeEnd TextEnd",
        ),
        (
            r#"r"[a-z]{2}" "" """#,
            "Raw TextStart TextEnd TextStart TextEnd",
        ),
        ("\"\"\"\n  a\n  \"\"\"", "TextStart Text TextEnd"),
        ("fd a:b", "fd a Colon b"),
        ("iffy in_x tcp4", "iffy in_x tcp4"),
        ("a // b\nc", "a ⏎ c"),
        ("/// doc\na", "Doc a"),
    ] {
        assert_eq!(shown(text), want, "{text}");
        assert_eq!(codes(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn newlines() {
    for (text, want) in [
        ("a\n\n\nb\n", "a ⏎ b"),
        ("a\n{ }", "a LeftBrace RightBrace"),
        (
            "[a\n{ }]",
            "LeftBracket a ⏎ LeftBrace RightBrace RightBracket",
        ),
        ("(a\nb)", "LeftParen a b RightParen"),
        ("a =\nb", "a Equals b"),
        ("a\n= b", "a Equals b"),
        ("a\n-> b", "a Arrow b"),
        ("a\n-1", "a ⏎ Minus Int"),
        ("a\n[b]", "a ⏎ LeftBracket b RightBracket"),
        ("x?\ny", "x Question ⏎ y"),
        ("List<a>\ny", "List Less a More ⏎ y"),
        ("a\nbecause \"x\"", "a because TextStart Text TextEnd"),
        ("a\nbecause = 1", "a ⏎ because Equals Int"),
        ("on = 1\nwhere = 2", "on Equals Int ⏎ where Equals Int"),
        ("grant a\n  where {}", "grant a where LeftBrace RightBrace"),
        ("x.in\ny", "x Dot In ⏎ y"),
        ("a and\nb\nor c", "a And b Or c"),
        ("{\n/// d\na\n}", "LeftBrace Doc a RightBrace"),
    ] {
        assert_eq!(shown(text), want, "{text}");
    }
}

#[test]
fn mistakes() {
    for (text, want) in [
        ("\"abc\nb", vec!["E0101"]),
        ("\"a{b\nc", vec!["E0101"]),
        ("\"\"\"\nabc", vec!["E0101"]),
        ("\"\"\"\n{a\n\"\"\"", vec!["E0101"]),
        ("\"{ (a }\" b", vec!["E0109"]),
        ("\"{ a] }\" b", vec!["E0109"]),
        ("\"{}\"", vec!["E0102"]),
        ("a $ b", vec!["E0103"]),
        (r#""\d""#, vec!["E0103"]),
        ("a ]", vec!["E0109"]),
        ("a { [ }", vec!["E0109"]),
        ("a {", vec!["E0109"]),
        ("# x\na;\n/* b */ c", vec!["E0113", "E0113", "E0113"]),
        ("a <- b && c || !d 'x'", vec!["E0113"; 5]),
        ("\"{ ( \"", vec!["E0101", "E0109", "E0101"]),
    ] {
        assert_eq!(codes(text), want, "{text}");
    }
    assert_eq!(
        shown("\"a{b\nc"),
        "TextStart Text CodeStart b CodeEnd TextEnd ⏎ c"
    );
    assert_eq!(
        shown("a { [ }"),
        "a LeftBrace LeftBracket RightBracket RightBrace"
    );
}

/// Texts of several lines that lack one of their signs: the one report, and what follows is code.
#[test]
fn forgotten_signs() {
    for (text, want) in [
        (
            "a = \"\"\"\n  b\nc = 1",
            "a Equals TextStart Text TextEnd ⏎ c Equals Int",
        ),
        (
            "a = \"\"\"\n  b\nc = \"\"\"\n  d\n  \"\"\"\ne = 1",
            "a Equals TextStart Text TextEnd ⏎ c Equals TextStart Text TextEnd ⏎ e Equals Int",
        ),
        (
            "a = r\"\"\"\n  b\nc = r\"\"\"\n  d\n  \"\"\"\ne = 1",
            "a Equals TextStart Text TextEnd ⏎ c Equals Raw ⏎ e Equals Int",
        ),
        (
            "a {\n  b = f(\"\"\"\n    c\n  )\n  d\n}",
            "a LeftBrace b Equals f LeftParen TextStart Text TextEnd RightParen ⏎ d RightBrace",
        ),
        (
            "a {\n  b = \"\"\"\nc\nd\n}\nservice e {\n}",
            "a LeftBrace b Equals TextStart Text TextEnd RightBrace ⏎ service e LeftBrace RightBrace",
        ),
        (
            "a = \"\"\"b c\nd = 1",
            "a Equals TextStart Text TextEnd ⏎ d Equals Int",
        ),
        (
            "a =\n  b, c (d\n  \"\"\"\ne = 1",
            "a Equals TextStart Text TextEnd ⏎ e Equals Int",
        ),
        (
            "a = \"\"\n  b {c}\n  \"\"\"\ne = 1",
            "a Equals TextStart Text TextEnd ⏎ e Equals Int",
        ),
        (
            "a = \"\"\"\n  b\n  \"\"\nc = 1",
            "a Equals TextStart Text TextEnd ⏎ c Equals Int",
        ),
        (
            "a = b c\"\"\"\ne = 1",
            "a Equals TextStart Text TextEnd ⏎ e Equals Int",
        ),
        (
            "a = \"\"\" \"\"\"\n  b\n  \"\"\"\ne = 1",
            "a Equals TextStart Text TextEnd ⏎ e Equals Int",
        ),
        (
            "a = \"\"\"\n  b\n  \"\"\" \"\"\"\ne = 1",
            "a Equals TextStart Text TextEnd ⏎ e Equals Int",
        ),
    ] {
        assert_eq!(codes(text), vec!["E0101"], "{text}");
        assert_eq!(shown(text), want, "{text}");
    }
    let twice = "a = \"\"\"\n  b\nc = \"\"\"\n  d\ne = 1";
    assert_eq!(codes(twice), vec!["E0101"; 2]);
    let right = "a = \"\"\"\nb =\"\"\"\n  + c";
    assert_eq!(codes(right), Vec::<&str>::new());
}
