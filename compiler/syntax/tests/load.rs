//! Loading with the real library, and `use` between files.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::sync::Arc;

use topoc_diagnostics::Diagnostics;
use topoc_stdlib::LIBRARY;
use topoc_syntax::ast::File;
use topoc_syntax::{Origin, Program, Sources, load, load_library};

struct Texts(BTreeMap<&'static str, String>);

impl Sources for Texts {
    fn read(&self, path: &str) -> Result<Arc<str>, String> {
        self.0
            .get(path)
            .map(|it| it.as_str().into())
            .ok_or_else(|| "there is no such file".to_owned())
    }
}

fn loaded(files: &[(&'static str, &str)]) -> (Program, Vec<String>) {
    let sources = Texts(
        files
            .iter()
            .map(|(path, text)| (*path, (*text).to_owned()))
            .collect(),
    );
    let mut out = Diagnostics::default();
    let program = load("main.topo", &sources, &LIBRARY, &mut out);
    let reports = out
        .sorted()
        .into_iter()
        .map(|it| format!("{} {}", it.code.id(), it.message));
    (program, reports.collect())
}

fn paths(program: &Program) -> Vec<&str> {
    program.files.iter().map(|it| it.path.as_str()).collect()
}

#[test]
fn notejam_mentions_what_it_needs() {
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/notejam.topo"
    ))
    .unwrap();
    let (program, reports) = loaded(&[("main.topo", &text)]);
    assert_eq!(reports, Vec::<String>::new());
    let paths = paths(&program);
    for want in [
        "ecs/service.topo",
        "net/protocols.topo",
        "ec2/subnet.topo",
        "ecs/load_balancer_service.topo",
    ] {
        assert!(paths.iter().any(|it| it.ends_with(want)), "{want}");
    }
    for needless in ["sqs/", "bastion", "alarm"] {
        assert!(
            !paths.iter().any(|it| it.contains(needless)),
            "{needless}: {paths:#?}"
        );
    }
    assert!(program.exprs > 1000);
}

#[test]
fn an_empty_program_loads_the_regions() {
    let (program, reports) = loaded(&[("main.topo", "topology t { region = \"eu-central-1\" }\n")]);
    let known = vec!["main.topo", "std/aws/regions.topo"];
    assert_eq!((paths(&program), reports), (known, Vec::new()));
}

#[test]
fn declarations_are_the_whole_library() {
    let mut out = Diagnostics::default();
    let program = load_library(&LIBRARY, &mut out);
    let known = program.files.iter().map(|it| (it.path.as_str(), it));
    let known: BTreeMap<&str, _> = known.collect();
    for (path, text) in LIBRARY.files {
        let whole = topoc_syntax::parse(known[path].id, text, &Default::default(), &mut out);
        assert_eq!(shown(&known[path].ast), shown(&whole), "{path}");
    }
    assert_eq!(out.iter().count(), 0);
}

#[test]
fn what_waits_as_bytes_has_numbers_of_its_own() {
    let program = load_library(&LIBRARY, &mut Diagnostics::default());
    // the last file first: what is unpacked when does not matter
    let texts = program.files.iter().rev().map(|it| format!("{:?}", it.ast));
    let mut numbers: Vec<usize> = texts.flat_map(|it| numbers_in(&it)).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..program.exprs).collect::<Vec<_>>());
}

/// The numbers of the expressions in a tree.
fn numbers_in(shown: &str) -> Vec<usize> {
    let parts = shown.split("ExprId(").skip(1);
    let numbers = parts.filter_map(|it| it.split(')').next()?.parse().ok());
    numbers.collect()
}

/// The tree without the numbers of its expressions.
fn shown(file: &File) -> String {
    let text = format!("{:?}", file.items);
    let mut parts = text.split("ExprId(");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, it| {
        all + it.trim_start_matches(|it: char| it.is_ascii_digit())
    })
}

#[test]
fn files_use_each_other() {
    let files = [
        (
            "main.topo",
            "use \"./net/a.topo\"\nuse \"./b.topo\" as b\nlet x = 1\n",
        ),
        ("net/a.topo", "use \"../b.topo\"\n"),
        ("b.topo", "let y = 2\n"),
    ];
    let (program, reports) = loaded(&files);
    assert_eq!(
        (paths(&program), reports),
        (vec!["main.topo", "net/a.topo", "b.topo"], Vec::new())
    );
    let uses = &program.files[0].uses;
    assert_eq!((uses[0].0.0, uses[0].1, uses[1].0.0), (1, None, 2));
    assert_eq!(uses[1].1.unwrap().as_str(), "b");
    assert_eq!(program.files[0].origin, Origin::Root);
}

#[test]
fn wrong_uses_are_reported() {
    let (_, reports) = loaded(&[
        (
            "main.topo",
            "use \"./a.topo\"\nuse \"kit\"\nuse \"./c.topo\"\n",
        ),
        ("a.topo", "use \"./main.topo\"\n"),
    ]);
    let want = [
        "E0209 there are no packages yet",
        "E0209 `c.topo` cannot be used",
        "E0209 `main.topo` uses itself",
    ];
    assert_eq!(reports, want);
    let (program, reports) = loaded(&[]);
    assert_eq!(
        reports,
        ["E0901 `main.topo` cannot be read: there is no such file"]
    );
    assert!(program.files.is_empty());
}
