//! What people see: reports on standard error, coloured on a terminal; results on standard output.

use std::io::{ErrorKind, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use topoc_driver::{Code, Compilation, Diagnostic, Files, Severity, render};

use crate::disk::why;
use crate::folder::Refusal;

/// Everything was reported; the exit status says the rest.
#[derive(Debug)]
pub struct Failed;

/// The codes of the errors that this run has printed.
static ERRORS: Mutex<Vec<Code>> = Mutex::new(Vec::new());

/// Whether they kept the compiler from looking further.
static UNFINISHED: AtomicBool = AtomicBool::new(false);

/// So many reports are enough for one run.
const MOST: usize = 200;

/// Prints reports. With `quiet`, errors only.
pub fn print(diagnostics: &[Diagnostic], files: &Files, quiet: bool) {
    let colour = coloured(&std::io::stderr());
    let printed = ERRORS.lock().map_or(0, |it| it.len());
    let is_shown = |it: &&Diagnostic| !quiet || it.severity() != Severity::Warning;
    let shown = diagnostics.iter().filter(is_shown);
    let shown = shown.take(MOST.saturating_sub(printed));
    let text: String = shown.map(|it| render(it, files, colour) + "\n").collect();
    say(&text);
    if let Ok(mut errors) = ERRORS.lock() {
        let found = diagnostics.iter();
        let found = found.filter(|it| it.severity() != Severity::Warning);
        errors.extend(found.map(|it| it.code));
    }
}

/// Whether a stream shows colours: a terminal does, unless `NO_COLOR` is set.
pub fn coloured(stream: &impl RawStream) -> bool {
    AutoStream::choice(stream) != ColorChoice::Never
}

/// The last line of a run that failed: how many errors, whether that is all, and how to learn more about them.
pub fn closing() {
    let errors = ERRORS.lock().map(|it| it.clone()).unwrap_or_default();
    let Some(first) = errors.first() else {
        return;
    };
    let count = match errors.len() {
        1 => "1 error".to_owned(),
        count if count > MOST => format!("{count} errors, the first {MOST} are shown"),
        count => format!("{count} errors"),
    };
    let rest = match UNFINISHED.load(Ordering::Relaxed) {
        true if errors.len() == 1 => "; more checks follow once it is repaired",
        true => "; more checks follow once they are repaired",
        false => "",
    };
    let is_one = errors.iter().all(|it| it == first);
    let (code, all) = match is_one {
        true => (first.id(), String::new()),
        false => ("CODE", format!(": {}", listed(&errors))),
    };
    say(&format!(
        "{count}{rest}; `topoc explain {code}` says more{all}\n"
    ));
}

/// Each code once, in order.
fn listed(errors: &[Code]) -> String {
    let mut codes: Vec<&str> = errors.iter().map(|it| it.id()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.join(", ")
}

/// Prints the reports of compilations of one program, and fails if one did.
pub fn settle(
    compilations: &[Compilation],
    reports: &[Diagnostic],
    quiet: bool,
) -> Result<(), Failed> {
    if let Some(first) = compilations.first() {
        print(reports, &first.files, quiet);
    }
    if compilations.iter().all(Compilation::succeeded) {
        return Ok(());
    }
    let unfinished = compilations.iter().any(Compilation::is_unfinished);
    UNFINISHED.fetch_or(unfinished, Ordering::Relaxed);
    Err(Failed)
}

/// Prints one message that belongs to no place.
pub fn fail(code: Code, refusal: Refusal) -> Failed {
    let diagnostic = Diagnostic::new(code, refusal.message).help_opt(refusal.help);
    print(&[diagnostic], &Files::default(), false);
    Failed
}

/// Prints what a command is asked for; a reader that has enough of it is no reason to fail.
pub fn result(text: &str) -> Result<(), Failed> {
    let mut out = std::io::stdout();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(it) if it.kind() != ErrorKind::BrokenPipe => {
            let message = format!("standard output cannot be written: {}", why(&it));
            let help = None;
            Err(fail(Code::E0901, Refusal { message, help }))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Prints what was done.
pub fn line(text: &str) {
    // A closed pipe is no reason to fail: the files are written.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Prints a message.
pub fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
