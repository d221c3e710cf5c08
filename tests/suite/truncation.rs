//! No input makes the compiler panic: every program of the tests, cut off at many places, or with a line cut off there,
//! gives reports or output.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use topoc_driver::{Options, compile, judge};

use crate::cases::{Changed, Folder, entries, home};

/// Cuts for each program, spread over its tokens; more cost time and find little.
const CUTS: usize = 40;

#[test]
fn truncated_programs_never_panic() {
    for path in programs() {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let places = token_starts(&text);
        let step = places.len().div_ceil(CUTS).max(1);
        for at in places.into_iter().step_by(step) {
            survives(&text[..at], &path, at);
            // what stands behind a gap is read again
            let gap = text[at..].find('\n').map_or(text.len(), |it| at + it);
            survives(&format!("{}{}", &text[..at], &text[gap..]), &path, at);
        }
    }
}

#[test]
fn hostile_programs_never_panic() {
    let deep = |open: &str, close: &str| {
        format!("let x = {}1{}", open.repeat(20_000), close.repeat(20_000))
    };
    let texts = [
        deep("(", ")"),
        deep("[", "]"),
        deep("{ a = ", "}"),
        deep("-", ""),
        deep("not ", ""),
        deep("\"{", "}\""),
        deep("if true then ", " else 1"),
        deep("1 + ", ""),
        format!(
            "let x: {}Int{} = 1",
            "List<".repeat(20_000),
            ">".repeat(20_000)
        ),
        format!("{}{}", "if true {\n".repeat(20_000), "}\n".repeat(20_000)),
        format!("// {}", "é".repeat(300_000)),
        format!("let x = \"{}\"", "é".repeat(300_000)),
        format!("let x = r\"{}\"", "é".repeat(300_000)),
        format!("let x = r\"\"\"{}\"\"\"", "é".repeat(300_000)),
        format!("let x = '{}'", "é".repeat(300_000)),
        "x = \"\"\"\n y\n".repeat(20_001),
        "x \"\"\"\n".repeat(20_001),
        "x = \"\"\" \"\"\"\n".repeat(20_001),
        format!("{}\"\"\"", "\"\"\" = y ".repeat(20_000)),
        "§".repeat(300_000),
        ")".repeat(20_000),
        "if true { } else ".repeat(20_000),
        "\u{0}\u{feff}\r\r\n\t\\\"\"\"{".to_owned(),
    ];
    for text in texts {
        survives(&text, Path::new("hostile"), text.len());
    }
}

fn survives(text: &str, path: &Path, at: usize) {
    let root = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let sources = Changed {
        root: &root,
        text,
        rest: Folder(folder),
    };
    let run = || {
        let mut options = Options::default();
        let mut compilation = compile(&root, &sources, &options);
        if let Some(env) = compilation.environments.first() {
            // without one, nothing is unfolded
            options.env = Some(env.clone());
            compilation = compile(&root, &sources, &options);
        }
        judge(&mut compilation);
    };
    let survived = catch_unwind(AssertUnwindSafe(run)).is_ok();
    assert!(survived, "panics on {} cut at byte {at}", path.display());
}

/// Where a token may begin: wherever the sort of characters changes.
pub fn token_starts(text: &str) -> Vec<usize> {
    let sort = |it: char| match it {
        _ if it.is_alphanumeric() || it == '_' => 0,
        _ if it.is_whitespace() => 1,
        _ => 2,
    };
    let pairs = text.char_indices().zip(text.chars().skip(1));
    let starts = pairs.filter(|((_, a), b)| sort(*a) != sort(*b) || sort(*b) == 2);
    starts.map(|((at, a), _)| at + a.len_utf8()).collect()
}

fn programs() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for top in ["tests/ui", "tests/golden", "tests/repairs", "examples"] {
        collect(&home().join(top), &mut found);
    }
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in entries(folder) {
        if entry.is_dir() {
            collect(&entry, found);
        } else if entry.extension().is_some_and(|it| it == "topo") {
            found.push(entry);
        }
    }
}
