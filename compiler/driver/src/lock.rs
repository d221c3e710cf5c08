//! `topo.lock` as text.

use topoc_diagnostics::{Code, Diagnostic, Diagnostics, Files, Span};
use topoc_ir::Lock;

/// The only format there is.
const VERSION: u32 = 1;

/// The lock of a text; an empty one if there is none.
pub fn read(text: Option<&str>, files: &mut Files, out: &mut Diagnostics) -> Lock {
    let Some(text) = text else {
        return empty();
    };
    let id = files.add("topo.lock", text);
    let place = |line: usize, column: usize| {
        let before: usize = text
            .split_inclusive('\n')
            .take(line.max(1) - 1)
            .map(str::len)
            .sum();
        let at = u32::try_from(before + column.max(1) - 1).unwrap_or(u32::MAX);
        Span::new(id, at, at.saturating_add(1))
    };
    match serde_json::from_str::<Lock>(text) {
        Ok(lock) if lock.version == VERSION => lock,
        Ok(lock) => {
            out.push(newer(lock.version, place(1, 1)));
            empty()
        }
        Err(error) => {
            out.push(broken(&error, place(error.line(), error.column())));
            empty()
        }
    }
}

/// The text of a lock: one fact a line, sorted, so that two branches merge.
pub fn write(lock: &Lock) -> String {
    let text = serde_json::to_string_pretty(lock).unwrap_or_default();
    text + "\n"
}

fn empty() -> Lock {
    Lock {
        version: VERSION,
        ..Lock::default()
    }
}

fn newer(version: u32, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::E0515,
        format!("the lock has format {version}, which this topoc does not know"),
    )
    .at(span, format!("this topoc writes format {VERSION}"))
    .help("use the topoc that wrote it, or a newer one")
}

fn broken(error: &serde_json::Error, span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0515, "the lock cannot be read")
        .at(span, error.to_string())
        .help("take it from version control; without it, addresses may move")
}

/// With `--locked`.
pub fn would_change() -> Diagnostic {
    Diagnostic::new(
        Code::E0515,
        "topo.lock does not fit the program, and --locked forbids changing it",
    )
    .help("build without --locked and commit topo.lock")
}
