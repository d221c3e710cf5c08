//! Embeds every library file and says which words lead to it, so that a compilation reads only what it mentions.
//!
//! Declarations stand at the start of a line; that is all this scan relies on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

type Words = BTreeMap<String, BTreeSet<usize>>;

#[derive(Default)]
struct Index {
    /// Kinds, traits, enumerations.
    plain: Words,
    /// Protocols, nodes, lookups.
    values: Words,
    /// Types, functions and constants of a service.
    members: BTreeMap<String, Words>,
    /// Resource and lookup types of a service.
    types: BTreeMap<String, Words>,
    edges: BTreeSet<(String, String, usize)>,
    means: BTreeSet<usize>,
}

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut paths = Vec::new();
    find(&root, &mut paths)?;
    paths.sort();
    let (mut index, mut files) = (Index::default(), String::new());
    for (number, path) in paths.iter().enumerate() {
        println!("cargo:rerun-if-changed={}", path.display());
        let shown = path
            .strip_prefix(&root)
            .unwrap_or(path)
            .to_string_lossy()
            .replace('\\', "/");
        let _ = writeln!(
            files,
            "    ({:?}, include_str!({:?})),",
            format!("std/{shown}"),
            path
        );
        let service = path
            .parent()
            .and_then(Path::file_name)
            .unwrap_or_default()
            .to_string_lossy();
        index.scan(number, &service, &fs::read_to_string(path)?);
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("library.rs");
    fs::write(
        out,
        format!(
            "const FILES: &[(&str, &str)] = &[\n{files}];\n{}",
            index.print()
        ),
    )
}

fn find(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path
            .file_name()
            .is_some_and(|it| it == "target" || it.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden {
            find(&path, paths)?;
        } else if path.extension().is_some_and(|it| it == "topo") {
            paths.push(path);
        }
    }
    Ok(())
}

impl Index {
    fn scan(&mut self, file: usize, service: &str, text: &str) {
        for line in text.lines() {
            if line.trim_start().starts_with("means ") {
                self.means.insert(file);
            }
            if line.starts_with(|it: char| it.is_ascii_alphabetic()) {
                self.declaration(file, service, line);
            }
        }
    }

    fn declaration(&mut self, file: usize, service: &str, line: &str) {
        let mut words = line
            .split(|it: char| !(it.is_ascii_alphanumeric() || "_.".contains(it)))
            .filter(|it| !it.is_empty());
        let (first, second, third) = (
            words.next().unwrap_or(""),
            words.next().unwrap_or(""),
            words.next().unwrap_or(""),
        );
        let member = |members: &mut BTreeMap<String, Words>, service: &str, name: &str| {
            add(members.entry(service.to_owned()).or_default(), name, file);
        };
        match (first, second) {
            ("kind" | "trait", name) => add(&mut self.plain, name, file),
            ("enum", name) => {
                add(&mut self.plain, name, file);
                member(&mut self.members, service, name);
            }
            ("type" | "let", name) => {
                member(&mut self.members, service, name);
                if line.contains(" means ") {
                    self.means.insert(file);
                }
            }
            ("protocol", name) => add(&mut self.values, name, file),
            ("edge", source) => {
                self.edges
                    .insert((source.to_owned(), third.to_owned(), file));
            }
            ("resource" | "lookup", "type") => {
                if let Some((service, name)) = third.split_once('.') {
                    member(&mut self.types, service, name);
                }
            }
            ("resource" | "lookup", _) => add(&mut self.values, third, file),
            ("rule" | "test" | "use" | "moved" | "adjust", _) => {}
            (_, name) => add(&mut self.values, name, file),
        }
    }

    fn print(&self) -> String {
        let services: BTreeSet<_> = self.members.keys().chain(self.types.keys()).collect();
        let none = Words::new();
        let services: Vec<String> = services
            .into_iter()
            .map(|it| {
                let (members, types) = (
                    self.members.get(it).unwrap_or(&none),
                    self.types.get(it).unwrap_or(&none),
                );
                format!(
                    "    ({it:?}, {}, {}),\n",
                    print_words(members),
                    print_words(types)
                )
            })
            .collect();
        format!(
            "const PLAIN: Words = {};\nconst VALUES: Words = {};\nconst SERVICES: &[(&str, Words, Words)] = &[\n{}];\n\
             const EDGES: &[(&str, &str, u16)] = &{:?};\nconst MEANS: &[u16] = &{:?};\n",
            print_words(&self.plain),
            print_words(&self.values),
            services.concat(),
            self.pairs(),
            self.means.iter().collect::<Vec<_>>(),
        )
    }

    /// Each edge under both its ends; an end of the compiler's own is left out, since it is always there.
    fn pairs(&self) -> Vec<(&str, &str, usize)> {
        let known = |it: &str| self.plain.contains_key(it);
        let mut pairs = BTreeSet::new();
        for (source, target, file) in &self.edges {
            for (end, other) in [(source, target), (target, source)] {
                if known(end) {
                    pairs.insert((
                        end.as_str(),
                        if known(other) { other.as_str() } else { "" },
                        *file,
                    ));
                }
            }
        }
        pairs.into_iter().collect()
    }
}

fn add(words: &mut Words, word: &str, file: usize) {
    words.entry(word.to_owned()).or_default().insert(file);
}

fn print_words(words: &Words) -> String {
    let entries: Vec<String> = words
        .iter()
        .map(|(word, files)| format!("({word:?}, &{:?})", files.iter().collect::<Vec<_>>()))
        .collect();
    format!("&[{}]", entries.join(", "))
}
