//! What no compiler checks: sizes, lists that must agree, walls between crates.

mod helps;
mod keywords;
mod proposals;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use topoc_driver::CATALOGUE;

use crate::cases::{entries, home};

/// The longest a file may be.
const LINES: usize = 500;

#[test]
fn files_are_short() {
    let long: Vec<String> = sources("rs")
        .into_iter()
        .chain(sources("topo"))
        .filter_map(|path| {
            let count = read(&path).lines().count();
            (count > LINES).then(|| format!("{} has {count} lines", path.display()))
        })
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn files_say_what_they_are() {
    let silent: Vec<PathBuf> = sources("rs")
        .into_iter()
        .filter(|it| !read(it).starts_with("//!"))
        .collect();
    assert!(silent.is_empty(), "these begin without `//!`: {silent:#?}");
}

#[test]
fn no_paths_of_a_machine() {
    let home = home();
    let machine = [
        home.display().to_string(),
        ["/ho", "me/"].concat(),
        ["/Us", "ers/"].concat(),
    ];
    for ending in ["rs", "topo", "snap", "md", "toml", "json"] {
        for path in sources(ending) {
            let text = read(&path);
            let found = machine.iter().find(|it| text.contains(it.as_str()));
            assert!(found.is_none(), "{} names {found:?}", path.display());
        }
    }
}

#[test]
fn catalogue_is_in_order() {
    let mut slugs = BTreeSet::new();
    let mut former = "";
    for (_, row) in CATALOGUE {
        assert!(slugs.insert(row.slug), "two rows are called {}", row.slug);
        assert!(former < row.id, "{} stands behind {former}", row.id);
        former = row.id;
    }
}

/// A code without its page does not compile; a page without its code is found here.
#[test]
fn pages_have_codes() {
    let pages = entries(&home().join("compiler/diagnostics/explain"));
    let known: BTreeSet<String> = CATALOGUE
        .iter()
        .map(|(_, row)| format!("{}-{}.md", row.id, row.slug))
        .collect();
    for page in pages {
        let name = page.file_name().unwrap_or_default().to_string_lossy();
        assert!(known.contains(name.as_ref()), "{name} belongs to no code");
    }
}

/// These have no program that shows them: the command line's, shown by `compiler/topoc/tests`, and a fault of the library.
const SHOWN_ELSEWHERE: [&str; 3] = ["E0314", "E0901", "E0902"];

#[test]
fn reports_are_shown() {
    let cases = entries(&home().join("tests/ui"));
    let names: BTreeSet<String> = cases
        .iter()
        .filter_map(|it| Some(it.file_name()?.to_str()?.to_owned()))
        .collect();
    let rust: String = sources("rs")
        .iter()
        .filter(|it| !it.ends_with("codes.rs"))
        .map(|it| read(it))
        .collect();
    for (_, row) in CATALOGUE {
        let made = rust.contains(&format!("Code::{}", row.id));
        let name = format!("{}-{}", row.id, row.slug);
        let shown =
            names.iter().any(|it| it.starts_with(&name)) || SHOWN_ELSEWHERE.contains(&row.id);
        assert!(made, "nothing reports {name}");
        assert!(shown, "tests/ui has no {name}.topo");
    }
}

#[test]
fn crates_depend_as_drawn() {
    let page = read(&home().join("ARCHITECTURE.md"));
    let rows = page.lines().filter_map(|it| it.strip_prefix("| `"));
    let drawn: BTreeMap<String, BTreeSet<String>> = rows.filter_map(drawn_row).collect();
    let mut folders = entries(&home().join("compiler"));
    folders.extend(["backends", "stdlib", "tests", "tests/benches"].map(|it| home().join(it)));
    for folder in folders {
        let room = folder
            .strip_prefix(home())
            .unwrap_or(&folder)
            .display()
            .to_string();
        let expected = drawn
            .get(&room)
            .unwrap_or_else(|| panic!("{room} is not in ARCHITECTURE.md"));
        let found = crates(&read(&folder.join("Cargo.toml")));
        let found = if expected.contains("all of the above") {
            expected.clone()
        } else {
            found
        };
        assert_eq!(
            &found, expected,
            "{room} does not depend on what ARCHITECTURE.md says"
        );
    }
}

/// `compiler/ir` | … | `diagnostics, syntax`
fn drawn_row(row: &str) -> Option<(String, BTreeSet<String>)> {
    let (room, rest) = row.split_once('`')?;
    let (_, knows) = rest.trim_end_matches(['|', ' ']).rsplit_once('|')?;
    let names = knows.split(',').map(|it| it.trim().to_owned());
    Some((
        room.to_owned(),
        names.filter(|it| it != "nothing").collect(),
    ))
}

/// Our crates in a `Cargo.toml`, apart from those that only its own tests use.
fn crates(manifest: &str) -> BTreeSet<String> {
    let tests = manifest
        .find("[dev-dependencies]")
        .filter(|_| !manifest.contains("topoc-tests"));
    let manifest = manifest
        .get(..tests.unwrap_or(manifest.len()))
        .unwrap_or_default();
    let ours = manifest.lines().filter_map(|it| it.strip_prefix("topoc-"));
    ours.filter_map(|it| Some(it.split(['.', ' ']).next()?.to_owned()))
        .collect()
}

/// Every file of ours with this ending.
fn sources(ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for top in [
        "compiler", "backends", "stdlib", "tests", "examples", "editors", "docs",
    ] {
        collect(&home().join(top), ending, &mut found);
    }
    found.extend(
        entries(&home())
            .into_iter()
            .filter(|it| it.is_file() && ends(it, ending)),
    );
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let skipped = ["target", "node_modules", ".terraform"];
    for entry in entries(folder) {
        let name = entry
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if entry.is_dir() && !skipped.contains(&name.as_str()) && !entry.is_symlink() {
            collect(&entry, ending, found);
        } else if entry.is_file() && ends(&entry, ending) {
            found.push(entry);
        }
    }
}

fn ends(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|it| it == ending)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
