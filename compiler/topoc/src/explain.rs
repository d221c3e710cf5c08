//! `topoc explain`: what a code means, by its number, its slug or the name that `@allow` has for it; and what the
//! resources of a program come from (`why`).

use std::path::Path;

use topoc_driver::{CATALOGUE, Code, FAMILIES, Lint, Row, Severity, lints, nearest};

use crate::args::{Explain, misuse};
use crate::page::plain;
use crate::report::{self, Failed};
use crate::why;

/// Shows a page, or without a word the list of all of them.
///
/// What is shown is the same everywhere but for colours: what one reads can be searched and sent on as it is, and
/// the Markdown itself lies in the repository.
pub fn run(explain: &Explain) -> Result<(), Failed> {
    let text = match &explain.what {
        None => list(),
        Some(file) if is_file(explain) => why::explain(Path::new(file), explain)?,
        Some(what) => page(what).unwrap_or_else(|| unknown(what)),
    };
    report::result(&format!("{}\n", text.trim_end()))
}

/// Codes have no resources, and are no files.
fn is_file(explain: &Explain) -> bool {
    let what = explain.what.as_deref().unwrap_or_default();
    explain.resource.is_some() || what.ends_with(".topo") || Path::new(what).is_file()
}

/// All codes, family by family.
fn list() -> String {
    let rows = || CATALOGUE.iter().map(|(_, row)| row);
    let width = rows().map(|it| it.slug.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (beginning, name) in FAMILIES {
        text.push_str(&format!("{name}\n"));
        for row in rows().filter(|it| it.id.starts_with(beginning)) {
            let word = word(row.severity);
            let (id, slug, summary) = (row.id, row.slug, row.summary);
            text.push_str(&format!("  {id}  {word:7}  {slug:width$}  {summary}\n"));
        }
        text.push('\n');
    }
    text + "`topoc explain CODE` shows what it means, with an example and how it is mended\n"
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
        Severity::Fatal => "fatal",
    }
}

/// The page that a word leads to: `E0203`, `e0203`, `unknown-attribute`, `unknown_attribute`, or a lint of a kind.
fn page(what: &str) -> Option<String> {
    let colour = report::coloured(&std::io::stdout());
    let slug = what.to_lowercase().replace('_', "-");
    let fits = |row: &Row| row.id.eq_ignore_ascii_case(what) || row.slug == slug;
    let found = CATALOGUE.iter().find(|(_, row)| fits(row));
    if let Some((_, row)) = found {
        return Some(plain(row.page, colour));
    }
    let lint = lints().into_iter().find(|it| it.name == what)?;
    Some(origin(&lint) + "\n" + &plain(Code::W0707.row().page, colour))
}

/// Where a lint of the library comes from.
fn origin(lint: &Lint) -> String {
    let Lint {
        name,
        file,
        line,
        text,
    } = lint;
    let text: String = text.lines().map(|it| format!("    {it}\n")).collect();
    format!("`{name}` is a lint of the library, {file}:{line}\n\n{text}")
}

fn unknown(what: &str) -> ! {
    let lints = lints();
    let rows = CATALOGUE.iter().map(|(_, row)| row);
    let mut known: Vec<&str> = rows.flat_map(|it| [it.id, it.slug]).collect();
    known.extend(lints.iter().map(|it| it.name.as_str()));
    let lower = what.to_lowercase().replace('_', "-");
    let near = [what, &lower, &what.to_uppercase()];
    let near = near
        .into_iter()
        .find_map(|it| nearest(it, known.iter().copied()));
    let help = near.map_or_else(
        || "`topoc explain` lists all of them".to_owned(),
        |it| format!("did you mean `{it}`?"),
    );
    misuse(
        "explain",
        format!("no code, slug or lint is called `{what}`\n\n  tip: {help}"),
    )
}
