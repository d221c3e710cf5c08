//! `--deny`: warnings that count as errors. Errors are never less than that.

use topoc_diagnostics::{CATALOGUE, Code, Diagnostic, Severity, nearest};
use topoc_syntax::Program;

use crate::lints;

/// All of them.
const ALL: &str = "warnings";

/// Makes errors of the warnings that are denied.
pub fn raise(reports: &mut [Diagnostic], deny: &[String]) {
    for report in reports {
        if report.severity() == Severity::Warning {
            let said = deny.iter().find(|it| denies(it, report));
            report.denied_by = said.map(|it| format!("--deny {it}"));
        }
    }
}

fn denies(word: &str, report: &Diagnostic) -> bool {
    word == ALL || is_code(report.code, word) || name(word) == report.lint_name()
}

/// A slug as `@allow` writes it.
fn name(word: &str) -> String {
    word.replace('-', "_")
}

/// Says of a word behind `--deny` that it is no warning, if it is none.
pub fn misunderstood(program: &Program, deny: &[String]) -> Option<String> {
    let unknown = |word: &&String| *word != ALL && !is_warning(program, word);
    let word = deny.iter().find(unknown)?;
    let mut codes = CATALOGUE.iter().map(|it| it.0);
    if codes.any(|it| is_code(it, word) && it.severity() != Severity::Warning) {
        return Some(format!("`{word}` is an error already"));
    }
    let known = known(program);
    let near = nearest(&name(word), known.iter().map(String::as_str));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "a code, the name of a lint, or `warnings`".to_owned(),
    };
    Some(format!("no warning is called `{word}`: {help}"))
}

fn is_code(code: Code, word: &str) -> bool {
    code.id() == word || code.row().slug.replace('-', "_") == name(word)
}

fn is_warning(program: &Program, word: &str) -> bool {
    let mut codes = warnings();
    codes.any(|it| is_code(it, word)) || known(program).contains(&name(word))
}

fn warnings() -> impl Iterator<Item = Code> {
    let codes = CATALOGUE.iter().map(|it| it.0);
    codes.filter(|it| it.severity() == Severity::Warning)
}

/// What warnings are called.
fn known(program: &Program) -> Vec<String> {
    let slugs = warnings().map(|it| it.row().slug.replace('-', "_"));
    let library = lints::lints().into_iter().map(|it| it.name);
    slugs.chain(library).chain(lints::own(program)).collect()
}
