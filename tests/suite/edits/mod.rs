//! Adding one thing changes only its own lines, and taking it away again brings back what was there before.
//!
//! Every statement of some programs is taken out by itself (with the edges, assertions and outputs that name it) and put back.
//! Each program is compiled with the lock of the step before, as a team would, for all three targets.
//! Reading order: `statements` (what is taken out), `blocks` (an output in pieces, and what may change in them), `said` (the snapshots).

#![expect(
    clippy::indexing_slicing,
    reason = "a failing test shows the place by itself"
)]

mod blocks;
mod said;
mod statements;

use std::collections::BTreeMap;

use topoc_driver::{Compilation, Format, Options, OutputFile, Target, compile, emit};

use crate::cases::{Case, Folder, all, home, joined, shown};
use blocks::{Change, changes};

/// A program as text, in its folder.
struct Program {
    case: Case,
    text: String,
}

/// What a program becomes.
struct Built {
    files: BTreeMap<Target, Vec<OutputFile>>,
    lock: Option<String>,
}

impl Program {
    fn of(case: &Case) -> Program {
        Program {
            text: crate::cases::text(&case.folder.join(&case.root)),
            case: case.clone(),
        }
    }

    /// Compiles another text of it with a lock.
    fn compile(&self, text: &str, lock: Option<&str>, locked: bool) -> Compilation {
        let folder = Folder(self.case.folder.clone());
        let sources = Changed {
            root: &self.case.root,
            text,
            folder: &folder,
        };
        let options = Options {
            env: self.case.env.clone(),
            params: self.case.params(),
            lock: lock.map(str::to_owned),
            locked,
            ..Options::default()
        };
        compile(&self.case.root, &sources, &options)
    }

    /// Builds another text of it with a lock; the reports if it does not compile.
    fn build(&self, text: &str, lock: Option<&str>) -> Result<Built, String> {
        let compilation = self.compile(text, lock, false);
        if !compilation.succeeded() {
            return Err(shown(&compilation));
        }
        let files = Target::ALL
            .into_iter()
            .map(|it| Ok((it, printed(&compilation, it)?)))
            .collect::<Result<_, String>>()?;
        let lock = compilation.new_lock.or(lock.map(str::to_owned));
        Ok(Built { files, lock })
    }

    /// INVARIANT (`--locked`): it fails exactly where the lock would change.
    fn keeps_its_lock(&self, text: &str, former: Option<&str>, now: Option<&str>) {
        let name = self.case.name();
        let fails = |lock| !self.compile(text, lock, true).succeeded();
        assert_eq!(
            fails(former),
            former != now,
            "{name}: --locked and the former lock"
        );
        assert!(
            !fails(now),
            "{name}: --locked and the lock that was just written"
        );
    }
}

fn printed(compilation: &Compilation, target: Target) -> Result<Vec<OutputFile>, String> {
    let render = |it| topoc_driver::render(it, &compilation.files, false);
    match emit(compilation, target, Format::Json) {
        Ok(it) => Ok(it.files),
        Err(found) => Err(found.iter().map(render).collect()),
    }
}

/// A folder in which the root has another text.
struct Changed<'a> {
    root: &'a str,
    text: &'a str,
    folder: &'a Folder,
}

impl topoc_driver::Sources for Changed<'_> {
    fn read(&self, path: &str) -> Result<std::sync::Arc<str>, String> {
        if path == self.root {
            return Ok(self.text.into());
        }
        self.folder.read(path)
    }

    fn open(&self, path: &str) -> Result<topoc_driver::Entry, String> {
        self.folder.open(path)
    }
}

/// Builds without, then with something, then without it again; says what the second step changed.
///
/// INVARIANT (round trip): the third output is the first, byte for byte.
fn added(
    program: &Program,
    without: &str,
    with: &str,
    lock: Option<&str>,
) -> Result<BTreeMap<Target, Vec<Change>>, String> {
    let before = program.build(without, lock)?;
    let after = program.build(with, before.lock.as_deref())?;
    let again = program.build(without, after.lock.as_deref())?;
    program.keeps_its_lock(with, before.lock.as_deref(), after.lock.as_deref());
    let name = program.case.name();
    for (target, files) in &before.files {
        assert!(
            joined(&again.files[target]) == joined(files),
            "{name}: taken away again, something of it stays in {}",
            target.word()
        );
    }
    let targets = before.files.iter();
    Ok(targets
        .map(|(target, files)| (*target, changes(files, &after.files[target])))
        .collect())
}

/// Things that nothing in a program mentions, so not a line of what is there may change.
const NEIGHBOURS: &str = "\nqueue aa_extra\nbucket zz_extra\ntopic mm_extra\n";

#[test]
fn neighbours_change_nothing() {
    let mut wrong = Vec::new();
    for case in all() {
        let program = Program::of(&case);
        if program.text.contains("nodes(") {
            continue; // it asks for all of a kind, so it mentions them
        }
        let lock = std::fs::read_to_string(case.folder.join("topo.lock")).ok();
        let with = format!("{}{NEIGHBOURS}", program.text);
        let found = added(&program, &program.text, &with, lock.as_deref())
            .unwrap_or_else(|it| panic!("{}:\n{it}", case.name()));
        for (target, changes) in found {
            let touched = changes.iter().filter(|it| !matches!(it, Change::New(_)));
            wrong.extend(touched.map(|it| format!("{} {}: {it}", case.name(), target.word())));
        }
    }
    assert!(wrong.is_empty(), "these moved:\n{}", wrong.join("\n"));
}

/// The programs whose every statement is taken out and put back.
const PROGRAMS: [&str; 12] = [
    "examples/systems/notejam",
    "examples/systems/nexus",
    "tests/golden/apigateway-http_api",
    "tests/golden/ec2-endpoints",
    "tests/golden/ec2-groups",
    "tests/golden/ec2-routes",
    "tests/golden/ecs-service",
    "tests/golden/events-event_rule",
    "tests/golden/lambda-function",
    "tests/golden/lb-load_balancer",
    "tests/golden/s3-bucket",
    "tests/golden/s3-notification",
];

#[test]
fn each_statement_changes_only_its_own_lines() {
    let mut failed = Vec::new();
    let cases = all();
    for name in PROGRAMS {
        let folder = home().join(name);
        let case = cases.iter().find(|it| it.folder == folder);
        let case = case.unwrap_or_else(|| panic!("there is no {name}"));
        failed.extend(said::compare(&Program::of(case)));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// The judge itself: each of these differences must be seen, and only the last one is harmless.
#[test]
fn what_moves_is_seen() {
    let template = |resources: &str| format!("{{\n  \"Resources\": {{\n{resources}\n  }}\n}}\n");
    let one = "    \"One\": {\n      \"Zones\": [\"a\", \"b\"],\n      \"Size\": 1\n    }";
    let two = "    \"Two\": { \"Size\": 2 }";
    let before = template(&format!("{one},\n{two}"));
    let cases = [
        (format!("{two},\n{one}"), false),
        (one.to_owned(), false),
        (
            format!("{},\n{two}", one.replace("\"Size\": 1", "\"Size\": 3")),
            false,
        ),
        (format!("{},\n{two}", one.replace("\"a\", ", "")), false),
        (
            format!("{},\n{two}", one.replace("\"a\", \"b\"", "\"b\", \"a\"")),
            false,
        ),
        (
            format!("{},\n{two}", one.replace("\"b\"]", "\"b\", \"c\"]")),
            true,
        ),
    ];
    for (after, harmless) in cases {
        let file = |text: &str| OutputFile {
            path: "x.template.json".to_owned(),
            text: text.to_owned().into(),
        };
        let found = changes(&[file(&before)], &[file(&template(&after))]);
        assert!(!found.is_empty(), "{after}");
        assert_eq!(
            found.iter().all(said::keeps),
            harmless,
            "{after}: {found:?}"
        );
    }
}
