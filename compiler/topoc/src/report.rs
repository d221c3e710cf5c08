//! What people see: reports on standard error, coloured on a terminal; results on standard output.

use std::io::Write;

use anstream::{AutoStream, ColorChoice};
use topoc_driver::{Code, Compilation, Diagnostic, Files, Severity, render};

use crate::folder::Refusal;

/// Everything was reported; the exit status says the rest.
#[derive(Debug)]
pub struct Failed;

/// Prints reports. With `quiet`, errors only.
pub fn print(diagnostics: &[Diagnostic], files: &Files, quiet: bool) {
    let colour = AutoStream::choice(&std::io::stderr()) != ColorChoice::Never;
    let mut text = String::new();
    for diagnostic in diagnostics {
        if !quiet || diagnostic.severity() != Severity::Warning {
            text.push_str(&render(diagnostic, files, colour));
            text.push('\n');
        }
    }
    say(&text);
}

/// Prints the reports of a compilation, and fails if it did.
pub fn settle(compilation: &Compilation, quiet: bool) -> Result<(), Failed> {
    print(&compilation.diagnostics, &compilation.files, quiet);
    if compilation.succeeded() {
        return Ok(());
    }
    say(&summary(&compilation.diagnostics));
    Err(Failed)
}

/// Prints one message that belongs to no place.
pub fn fail(code: Code, refusal: Refusal) -> Failed {
    let diagnostic = Diagnostic::new(code, refusal.message).help_opt(refusal.help);
    print(&[diagnostic], &Files::default(), false);
    Failed
}

/// Prints a result.
pub fn line(text: &str) {
    // A closed pipe is no reason to fail: the files are written.
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn summary(diagnostics: &[Diagnostic]) -> String {
    let is_error = |it: &&Diagnostic| it.severity() != Severity::Warning;
    match diagnostics.iter().filter(is_error).count() {
        1 => "1 error\n".to_owned(),
        count => format!("{count} errors\n"),
    }
}

/// Prints a message.
pub fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
