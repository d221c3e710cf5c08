//! The lints that kinds declare: `@warning(NAME)` above an assertion.

use topoc_syntax::Program;

/// A lint of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// What `@allow` calls it.
    pub name: String,
    /// The library file.
    pub file: String,
    /// The line of its assertion.
    pub line: usize,
    /// The assertion as it is written.
    pub text: String,
}

/// How a lint begins.
const NOTE: &str = "@warning(";

/// Every lint of the library, in the order of its files.
pub fn lints() -> Vec<Lint> {
    let files = topoc_stdlib::LIBRARY.files.iter();
    files.flat_map(|(name, text)| of(name, text)).collect()
}

/// What the program's own kinds call their lints.
pub(crate) fn own(program: &Program) -> Vec<String> {
    let files = program.files.iter();
    let lints = files.flat_map(|it| of(&it.path, &it.text));
    lints.map(|it| it.name).collect()
}

fn of<'t>(file: &'t str, text: &'t str) -> impl Iterator<Item = Lint> + 't {
    let notes = text.match_indices(NOTE);
    notes.filter_map(move |(at, _)| lint(file, text, at + NOTE.len()))
}

/// The lint whose name begins at `at`; its assertion goes on where lines are indented deeper than its first one.
fn lint(file: &str, text: &str, at: usize) -> Option<Lint> {
    let (name, after) = text.get(at..)?.split_once(')')?;
    let assertion = after.trim_start();
    let before = text.get(..text.len() - assertion.len())?;
    let margin = before.len() - before.rfind('\n').map_or(0, |it| it + 1);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = assertion.lines();
    let first = lines.next().filter(|it| it.starts_with("assert "))?;
    let rest = lines.take_while(|it| indent(it) > margin);
    let rest = rest.filter_map(|it| it.get(margin..));
    Some(Lint {
        name: name.to_owned(),
        file: file.to_owned(),
        line: before.matches('\n').count() + 1,
        text: [first]
            .into_iter()
            .chain(rest)
            .collect::<Vec<_>>()
            .join("\n"),
    })
}
