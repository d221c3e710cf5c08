//! What loading reports.

use topoc_diagnostics::{Code, Diagnostic, Span};

use crate::{By, Library};

pub fn no_root(path: &str, why: &str) -> Diagnostic {
    Diagnostic::new(Code::E0901, format!("`{path}` cannot be read: {why}"))
}

pub fn no_file(span: Span, path: &str, why: &str, near: Option<String>) -> Diagnostic {
    Diagnostic::new(Code::E0209, format!("`{path}` cannot be used"))
        .at(span, why)
        .help_opt(near.map(|it| format!("did you mean `{it}`?")))
}

pub fn no_package(span: Span, path: &str) -> Diagnostic {
    let file = if path.ends_with(".topo") {
        path.trim_start_matches('/')
    } else {
        "name.topo"
    };
    Diagnostic::new(Code::E0209, "there are no packages yet")
        .at(span, "does not begin with `./` or `../`")
        .help(format!(
            "the library needs no `use`; a file beside this one is `use \"./{file}\"`"
        ))
}

/// `chain` are the `use`s from the file that is used again to this one.
pub fn cycle(span: Span, path: &str, chain: &[Span]) -> Diagnostic {
    let report = Diagnostic::new(Code::E0209, format!("`{path}` uses itself"))
        .at(span, "comes back to a file that leads here");
    let others = chain.iter().filter(|it| **it != span);
    others.fold(report, |report, it| report.because(*it, "by way of this"))
}

/// A block of Terraform, with what its resource is here.
pub fn with_kind(report: Diagnostic, text: &str, library: &Library) -> Diagnostic {
    let span = report
        .primary
        .as_ref()
        .map(|it| it.span)
        .unwrap_or_default();
    let written = text.get(span.start as usize..span.end as usize);
    let mut parts = written.unwrap_or_default().split('"');
    let (Some("resource "), Some(ty)) = (parts.next(), parts.next()) else {
        return report;
    };
    let name = parts.nth(1).unwrap_or("name").replace('-', "_");
    match library.spelled(ty).map(|it| it.by) {
        Some(By::Kinds(kinds)) => {
            let forms = kinds
                .iter()
                .map(|it| format!("`{} {name} {{ … }}`", it.kind));
            report.help(format!("write {}", forms.collect::<Vec<_>>().join(" or ")))
        }
        Some(By::Derived) => report
            .help("this follows from `network NAME { … }` and its subnets, from groups and edges"),
        None => report,
    }
}

/// Line ends of very old machines, which most tools do not know.
pub fn lone_return(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0103, "a line ends with a carriage return alone")
        .at(span, "the first one")
        .help("save the file with line ends of Unix (LF) or Windows (CRLF)")
}
