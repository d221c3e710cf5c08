//! `topoc new`: a folder with a small program that works, and what belongs beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use handlebars::{Handlebars, no_escape};
use serde_json::json;
use topoc_driver::{Code, Options, OutputFile, Sources, compile};

use crate::args::{New, misuse};
use crate::fresh::{create, must_be_new};
use crate::report::{self, Failed, fail};

const ROOT: &str = "main.topo";

/// Where each file goes, and its template: text for people, so made by templates.
const TEMPLATES: [(&str, &str); 4] = [
    (ROOT, include_str!("../templates/new/main.topo.hbs")),
    ("README.md", include_str!("../templates/new/README.md.hbs")),
    (".gitignore", include_str!("../templates/new/gitignore.hbs")),
    (
        ".github/workflows/topo.yml",
        include_str!("../templates/new/topo.yml.hbs"),
    ),
];

/// Writes the folder, or nothing.
pub fn run(new: &New) -> Result<(), Failed> {
    let name = name(new);
    let files = files(&name);
    let written = must_be_new(&new.dir).and_then(|()| create(&new.dir, &files));
    written.map_err(|it| fail(Code::E0902, it))?;
    let dir = new.dir.display();
    report::line(&format!("wrote {dir} ({} files)", files.len()));
    let root = new.dir.join(ROOT);
    let next = format!("topoc build {} --target terraform", root.display());
    report::line(&format!("next: look at {}, then {next}", root.display()));
    Ok(())
}

/// The name of the topology: what was asked for, else that of the folder, with `_` for `-`.
fn name(new: &New) -> String {
    let given = new.name.clone().unwrap_or_else(|| called(&new.dir));
    let name = given.to_lowercase().replace(['-', ' ', '.'], "_");
    if is_name(&name) {
        return name;
    }
    let dir = new.dir.display();
    let what = match new.name {
        Some(_) => "a topology cannot be called",
        None => "a topology cannot be called like its folder,",
    };
    misuse(
        "new",
        format!(
            "{what} `{given}`: a name begins with a letter, followed by letters a-z, digits and `_`\n\n  tip: topoc new {dir} --name shop"
        ),
    )
}

/// The last part of the path, also of `.`
fn called(dir: &Path) -> String {
    let whole = dir.canonicalize().or_else(|_| std::path::absolute(dir));
    let whole: PathBuf = whole.unwrap_or_else(|_| dir.to_owned());
    let last = whole.file_name().unwrap_or_default();
    last.to_string_lossy().into_owned()
}

fn is_name(name: &str) -> bool {
    let allowed = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    name.starts_with(|it: char| it.is_ascii_lowercase()) && name.chars().all(allowed)
}

/// Every file of the folder, with the lock of its program.
fn files(name: &str) -> Vec<OutputFile> {
    let mut templates = Handlebars::new();
    templates.register_escape_fn(no_escape);
    let words = json!({
        "name": name,
        "repository": env!("CARGO_PKG_REPOSITORY"),
        "version": env!("CARGO_PKG_VERSION"),
    });
    let filled = TEMPLATES.iter().map(|(path, template)| OutputFile {
        path: (*path).to_owned(),
        text: templates
            .render_template(template, &words)
            .expect("the templates are ours, and a test fills each")
            .into(),
    });
    let mut files: Vec<OutputFile> = filled.collect();
    files.extend(lock(&files).map(|text| OutputFile {
        path: "topo.lock".to_owned(),
        text: text.into(),
    }));
    files
}

/// The lock that building the program would write.
fn lock(files: &[OutputFile]) -> Option<String> {
    compile(ROOT, &Fresh(files), &Options::default()).new_lock
}

/// Files that are not on disk yet.
struct Fresh<'a>(&'a [OutputFile]);

impl Sources for Fresh<'_> {
    fn read(&self, path: &str) -> Result<Arc<str>, String> {
        let file = self.0.iter().find(|it| it.path == path);
        let text = file.map(|it| it.text.to_string().into());
        text.ok_or_else(|| "there is no such file".to_owned())
    }
}
