//! What loading reports.

use topoc_diagnostics::{Code, Diagnostic, Span};

pub fn no_root(path: &str, why: &str) -> Diagnostic {
    Diagnostic::new(Code::E0901, format!("`{path}` cannot be read: {why}"))
}

pub fn no_file(span: Span, path: &str, why: &str) -> Diagnostic {
    Diagnostic::new(Code::E0209, format!("`{path}` cannot be used")).at(span, why)
}

pub fn no_package(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0209, "there are no packages yet")
        .at(span, "does not begin with `./` or `../`")
        .help("the library needs no `use`; a file beside this one is `use \"./name.topo\"`")
}

/// `chain` are the `use`s from the file that is used again to this one.
pub fn cycle(span: Span, path: &str, chain: &[Span]) -> Diagnostic {
    let report = Diagnostic::new(Code::E0209, format!("`{path}` uses itself"))
        .at(span, "comes back to a file that leads here");
    let others = chain.iter().filter(|it| **it != span);
    others.fold(report, |report, it| report.because(*it, "by way of this"))
}
