//! Reads the library when the compiler is built: embeds every file, the trees of its declarations, and which words lead
//! to them, so that a run unpacks only what a program mentions.

#![expect(clippy::print_stdout, reason = "a build talks to cargo by its output")]

mod index;
mod print;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use topoc_diagnostics::{Diagnostics, FileId, Files, render};
use topoc_syntax::ast::{ExprIds, Stmt};
use topoc_syntax::{Mention, lex, mentions, parse};

fn main() -> io::Result<ExitCode> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut paths = Vec::new();
    find(&root, &mut paths)?;
    paths.sort();
    let mut shown = Files::default();
    let mut texts = Vec::new();
    for path in &paths {
        println!("cargo:rerun-if-changed={}", path.display());
        let name = path.strip_prefix(&root).unwrap_or(path).to_string_lossy();
        let name = format!("std/{}", name.replace('\\', "/"));
        let text = fs::read_to_string(path)?;
        shown.add(name.as_str(), text.as_str());
        texts.push((name, text));
    }
    let mut out = Diagnostics::default();
    let declarations = read(&texts, &mut out);
    let reports = out.sorted();
    if !reports.is_empty() {
        reports
            .iter()
            .for_each(|it| eprintln!("{}", render(it, &shown, false)));
        return Ok(ExitCode::FAILURE);
    }
    let folder = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let (code, trees) = print::library(&paths, &texts, &declarations);
    fs::write(folder.join("library.trees"), trees)?;
    fs::write(folder.join("library.rs"), code)?;
    Ok(ExitCode::SUCCESS)
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

/// A declaration and what it mentions.
pub struct Declaration<'t> {
    /// The number of its file.
    pub file: u16,
    /// The name space of its file.
    pub service: &'t str,
    /// Its tree.
    pub stmt: Stmt,
    /// In the order of the text, with repetitions.
    pub mentions: Vec<Mention<'t>>,
}

/// Every declaration, in the order of the files.
fn read<'t>(texts: &'t [(String, String)], out: &mut Diagnostics) -> Vec<Declaration<'t>> {
    let mut all = Vec::new();
    for (number, (name, text)) in texts.iter().enumerate() {
        let file = FileId(number as u32);
        let service = name.rsplit('/').nth(1).unwrap_or_default();
        let tokens = lex(file, text, out);
        let mut rest = tokens.as_slice();
        for stmt in parse(file, text, &ExprIds::default(), out).items {
            let count = rest.partition_point(|it| it.end <= stmt.span.end);
            let (own, after) = rest.split_at(count);
            rest = after;
            let mut found = Vec::new();
            mentions(own, text, |it| found.push(it));
            all.push(Declaration {
                file: number as u16,
                service,
                stmt,
                mentions: found,
            });
        }
    }
    all
}
