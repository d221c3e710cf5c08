//! `topoc fmt`: files in their one layout.

use std::io::{self, Read};
use std::path::Path;

use topoc_driver::Code;
use topoc_fmt::format;

use crate::args::Fmt;
use crate::disk::{text, why};
use crate::folder::Refusal;
use crate::report::{self, Failed, fail};
use crate::whole::Whole;

/// Formats every file, also when one of them cannot be read or written; with `--check` only tells.
pub fn run(fmt: &Fmt) -> Result<(), Failed> {
    let mut done = Ok(());
    for path in &fmt.files {
        let result = match path.as_os_str() == "-" {
            true => stream(fmt.check),
            false => file(path, fmt.check),
        };
        done = done.and(result);
    }
    done
}

/// Standard input to standard output, for editors.
fn stream(check: bool) -> Result<(), Failed> {
    let mut before = String::new();
    let read = io::stdin().read_to_string(&mut before);
    read.map_err(|it| refused(format!("standard input cannot be read: {}", why(&it))))?;
    let after = format(&before).text;
    if check {
        return told("standard input", &before, &after);
    }
    report::result(&after)
}

fn file(path: &Path, check: bool) -> Result<(), Failed> {
    let before = text(path)?;
    let formatted = format(&before);
    let shown = path.display().to_string();
    if check {
        return told(&shown, &before, &formatted.text);
    }
    if formatted.broken {
        report::say(&format!(
            "{shown}: has errors; what cannot be read was left as it is\n"
        ));
    }
    if formatted.text == before {
        return Ok(());
    }
    let written = Whole::beside(path, formatted.text.as_bytes()).and_then(Whole::put);
    written.map_err(|it| fail(Code::E0902, Refusal::unwritable(path, &it)))?;
    report::line(&shown);
    Ok(())
}

/// Names what would change, with the lines.
fn told(name: &str, before: &str, after: &str) -> Result<(), Failed> {
    if before == after {
        return Ok(());
    }
    report::line(&format!("{name}\n{}", difference(before, after)));
    Err(Failed)
}

fn refused(message: String) -> Failed {
    let help = None;
    fail(Code::E0901, Refusal { message, help })
}

/// The lines between the first and the last that differ, old ones and new ones.
fn difference(before: &str, after: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let first = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = |lines: &[&str]| lines.len() - first;
    let same = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(a, b)| a == b);
    let last = same.count().min(rest(&old)).min(rest(&new));
    let part = |lines: &[&str], sign: &str| -> String {
        let count = rest(lines) - last;
        let changed = lines.iter().skip(first).take(count);
        changed.map(|it| format!("{sign}{it}\n")).collect()
    };
    let head = format!("@@ line {} @@\n", first + 1);
    (head + &part(&old, "-") + &part(&new, "+"))
        .trim_end()
        .to_owned()
}
