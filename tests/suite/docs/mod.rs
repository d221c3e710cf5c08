//! What the pages show is true: their programs compile, and what stands below them is what they print.
//!
//! A block's language says what it shows: `topo` the program, or some of its lines (the word behind it is a file beside `main.topo`);
//! `json`, `hcl` and `yaml` some lines of what it becomes (the word is an environment: `hcl prod`); `text` what the compiler says of
//! `refused.topo`, which differs from the program in what the lesson shows.

mod excerpt;
mod page;
mod rows;

use std::path::{Path, PathBuf};

use topoc_driver::{Compilation, Options, Target, compile};

use self::excerpt::{LEFT_OUT, renewed};
use self::page::Page;
use crate::cases::{self, Case, Changed, Folder, entries, files, home, joined, shown};

/// The language of each target's blocks.
const LANGUAGES: [(&str, Target); 3] = [
    ("json", Target::Cfn),
    ("hcl", Target::Terraform),
    ("yaml", Target::Pulumi),
];

#[test]
fn readme_shows_what_is_printed() {
    let page = Page::read(&home().join("README.md"));
    let program = page.blocks("topo").next().map(|(_, text)| text.to_owned());
    let program = program.expect("the README shows a program");
    let sources = Changed {
        root: "main.topo",
        text: &program,
        rest: Folder(home()),
    };
    let compilation = compile("main.topo", &sources, &Options::default());
    let printed = LANGUAGES.map(|(language, target)| {
        assert!(page.blocks(language).next().is_some(), "no {language}");
        (
            language,
            joined(&files(&compilation, target, "the README's program")),
        )
    });
    let wrong = page.differences(|says, text| {
        let whole = printed.iter().find(|(language, _)| *language == says);
        whole.map_or(Ok(text.to_owned()), |(_, whole)| excerpt(text, whole))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn excerpt(text: &str, whole: &str) -> Result<String, String> {
    renewed(text, whole).ok_or_else(|| format!("shows\n{text}\nbut there is no such thing"))
}

/// The folders of the lessons, in their order.
fn lessons() -> Vec<PathBuf> {
    let folder = home().join("examples/lessons");
    entries(&folder)
        .into_iter()
        .filter(|it| it.is_dir())
        .collect()
}

#[test]
fn lessons_show_what_is_printed() {
    let wrong: Vec<String> = lessons().iter().flat_map(|it| differences(it)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn differences(folder: &Path) -> Vec<String> {
    let page = Page::read(&folder.join("README.md"));
    for language in ["topo", "json", "hcl", "yaml", "text"] {
        let shows = page.blocks(language).next().is_some();
        assert!(shows, "{} shows no {language}", folder.display());
    }
    let mut cases = cases::below(folder);
    cases.retain(|it| it.folder == folder);
    page.differences(|says, text| should(folder, &cases, says, text))
}

/// What a block of a lesson should say.
fn should(folder: &Path, cases: &[Case], says: &str, text: &str) -> Result<String, String> {
    let mut words = says.split_whitespace();
    let language = words.next().unwrap_or_default();
    let word = words.next();
    match language {
        "topo" => program(&folder.join(word.unwrap_or("main.topo")), text),
        "text" => Ok(refused(folder)),
        _ => match LANGUAGES.iter().find(|(it, _)| *it == language) {
            Some((_, target)) => {
                let case = cases.iter().find(|it| it.env.as_deref() == word);
                let case = case.ok_or_else(|| format!("has no environment for `{says}`"))?;
                excerpt(
                    text,
                    &joined(&files(&case.compile(), *target, &case.name())),
                )
            }
            None => Ok(text.to_owned()),
        },
    }
}

/// All of a program where its first line is shown, else some of its lines.
fn program(path: &Path, text: &str) -> Result<String, String> {
    let whole = cases::text(path);
    match whole.lines().next() == text.lines().next() && !text.contains(LEFT_OUT) {
        true => Ok(whole),
        false => excerpt(text, &whole),
    }
}

/// What the compiler says of `refused.topo`.
fn refused(folder: &Path) -> String {
    let compiled = |env| -> Compilation {
        let options = Options {
            env,
            ..Options::default()
        };
        compile("refused.topo", &Folder(folder.to_owned()), &options)
    };
    let env = compiled(None).environments.first().cloned();
    let compilation = compiled(env);
    assert!(
        !compilation.succeeded(),
        "{}/refused.topo compiles",
        folder.display()
    );
    shown(&compilation)
}

#[test]
fn lessons_are_listed() {
    let list = cases::text(&home().join("examples/lessons/README.md"));
    let mut rest = list.as_str();
    for folder in lessons() {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let link = format!("]({name})");
        let at = rest.find(&link);
        rest = at
            .and_then(|at| rest.get(at + link.len()..))
            .unwrap_or_else(|| panic!("{link} is not listed in order"));
        let page = cases::text(&folder.join("README.md"));
        let solution = folder.join("solution/main.topo").is_file();
        assert!(
            solution && page.contains("](solution/main.topo)"),
            "{name} shows no solution"
        );
    }
}
