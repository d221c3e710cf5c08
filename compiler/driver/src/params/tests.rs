//! The three formats give one tree, and places that fit the text.

use topoc_diagnostics::{Diagnostics, FileId, Span};
use topoc_ir::{Given, GivenKind, Params};

use super::{Layer, read, text_of_sets};

fn read_all(files: &[(&str, &str)], sets: &[(&str, &str)]) -> (Params, Diagnostics, String) {
    let layers: Vec<Layer> = files
        .iter()
        .enumerate()
        .map(|(index, (name, text))| Layer {
            id: FileId(index as u32),
            name,
            text,
        })
        .collect();
    let sets: Vec<_> = sets
        .iter()
        .map(|(k, v)| (k.to_string(), v.to_string()))
        .collect();
    let text = text_of_sets(&sets);
    let last = Layer {
        id: FileId(files.len() as u32),
        name: "--set",
        text: &text,
    };
    let mut out = Diagnostics::default();
    let params = read(&layers, &last, &mut out);
    (params, out, text.clone())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "scalars show as they are")]
fn bare(given: &Given) -> String {
    match &given.kind {
        GivenKind::List(items) => {
            format!("[{}]", items.iter().map(bare).collect::<Vec<_>>().join(" "))
        }
        GivenKind::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{}:{}", key.name, bare(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
        }
        other => format!("{other:?}"),
    }
}

fn cut(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

#[test]
fn three_formats_give_one_tree() {
    let yaml = "alb:\n  enabled: true\n  cert: ~\nnames: [größe, \"no\"]\nn: 3\nf: 0.5\nt: 15s\n";
    let json = "{\"alb\": {\"enabled\": true, \"cert\": null},\n\t\"names\": [\"gr\\u00f6\\u00dfe\", \"no\"], \"n\": 3, \"f\": 0.5, \"t\": \"15s\"}";
    let toml = "names = ['größe', \"no\"]\nn = 3\nf = 0.5\nt = \"15s\"\n[alb]\nenabled = true\n";
    let mut seen = Vec::new();
    for (name, text) in [("a.yaml", yaml), ("a.json", json), ("a.toml", toml)] {
        let (params, out, _) = read_all(&[(name, text)], &[]);
        assert_eq!(out.iter().count(), 0, "{name}");
        for setting in &params.settings {
            let key = setting.path.first().unwrap();
            let shown = cut(text, key.span).trim_matches('"').to_owned();
            assert_eq!(shown, key.name.as_str(), "{name}");
            if key.name == "t" {
                assert!(cut(text, setting.value.span).contains("15s"), "{name}");
            }
        }
        let mut rows: Vec<String> = params
            .settings
            .iter()
            .map(|it| format!("{}={}", it.path[0].name, bare(&it.value)))
            .collect();
        rows.sort();
        seen.push(rows.join("\n").replace(" cert:Null", ""));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
    let expected = "alb={enabled:Bool(true)}\nf=Float(0.5)\nn=Int(3)\nnames=[Text(\"größe\") Text(\"no\")]\nt=Text(\"15s\")";
    assert_eq!(seen[0], expected);
}

#[test]
fn settings_have_paths_and_places() {
    let (params, out, text) = read_all(
        &[],
        &[
            ("alb.enabled", "true"),
            ("zones", "[a, b]"),
            ("repo", "a/b=c"),
        ],
    );
    assert_eq!(out.iter().count(), 0);
    let words: Vec<String> = params.settings.iter().map(|it| bare(&it.value)).collect();
    assert_eq!(
        words,
        [
            "Word(\"true\")",
            "[Text(\"a\") Text(\"b\")]",
            "Word(\"a/b=c\")"
        ]
    );
    assert_eq!(cut(&text, params.settings[0].path[1].span), "enabled");
    assert_eq!(cut(&text, params.settings[2].value.span), "a/b=c");
}

#[test]
fn mistakes_are_reported_where_they_stand() {
    let cases = [
        ("a.yaml", "a: 1\nb: 2\na: 3\n", 10),
        ("a.yaml", "a: &x 1\n", 3),
        ("a.yaml", "a: !int 1\n", 3),
        ("a.yaml", "a: [1\n", 6),
        ("a.yaml", "[a]: 1\n", 0),
        ("a.json", "{\"a\": 1,}", 7),
        (
            "a.json",
            "{\"a\": 99999999999999999999999999999999999999}",
            6,
        ),
        ("a.toml", "a = 1\na = 2\n", 6),
        ("a.toml", "d = 2020-01-01\n", 4),
        ("a.yaml", "- 1\n", 0),
    ];
    for (name, text, start) in cases {
        let (_, out, _) = read_all(&[(name, text)], &[]);
        let starts: Vec<u32> = out
            .iter()
            .filter_map(|it| Some(it.primary.as_ref()?.span.start))
            .collect();
        assert_eq!(starts, [start], "{name} {text}");
    }
    assert_eq!(read_all(&[("a.txt", "")], &[]).1.iter().count(), 1);
    assert_eq!(read_all(&[("a.yaml", "")], &[]).1.iter().count(), 0);
    assert_eq!(read_all(&[], &[("a", "1"), ("a", "2")]).1.iter().count(), 1);
    assert_eq!(read_all(&[], &[("a..b", "1")]).1.iter().count(), 1);
}

#[test]
fn hostile_nesting_is_refused() {
    for (name, text) in [
        ("a.yaml", "[".repeat(100_000)),
        ("a.json", "[".repeat(100_000)),
        ("a.toml", format!("a = {}", "[".repeat(100_000))),
    ] {
        assert!(read_all(&[(name, &text)], &[]).1.has_errors(), "{name}");
    }
}
