//! Params and inputs that nothing reads. Every word of the program's files counts as reading, comments included: what is
//! reported is certain.

use topoc_diagnostics::{Code, Diagnostic};
use topoc_syntax::ast::{Ident, StmtKind};
use topoc_syntax::{LoadedFile, Origin, Program};
use ustr::{Ustr, UstrMap};

/// A warning for each of them, in source order.
pub fn unused(program: &Program) -> Vec<Diagnostic> {
    let is_ours = |it: &&LoadedFile| !matches!(it.origin, Origin::Library { .. });
    let files: Vec<&LoadedFile> = program.files.iter().filter(is_ours).collect();
    let asked: Vec<(Ident, &str)> = files.iter().flat_map(|it| declared(it)).collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let mut counts: UstrMap<usize> = asked.iter().map(|it| (it.0.name, 0)).collect();
    for file in files {
        let is_sign = |it: char| !it.is_alphanumeric() && it != '_';
        for word in file.text.split(is_sign).filter(|it| !it.is_empty()) {
            if let Some(count) = counts.get_mut(&Ustr::from(word)) {
                *count += 1;
            }
        }
    }
    let unread = asked
        .into_iter()
        .filter(|it| counts.get(&it.0.name) == Some(&1));
    unread.map(|(name, noun)| report(name, noun)).collect()
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "only these two are set from outside"
)]
fn declared(file: &LoadedFile) -> impl Iterator<Item = (Ident, &'static str)> {
    file.ast.items.iter().filter_map(|it| match &it.kind {
        StmtKind::Param(it) => Some((it.name, "param")),
        StmtKind::Input(it) => Some((it.name, "input")),
        _ => None,
    })
}

fn report(name: Ident, noun: &str) -> Diagnostic {
    Diagnostic::new(
        Code::W0713,
        format!("nothing reads the {noun} `{}`", name.name),
    )
    .at(name.span, "declared here, and never mentioned again")
    .help("leave it out")
}
