//! What the library says instead, in `@help`: the code that it proposes can be written, and means something there.

use topoc_diagnostics::{Diagnostics, FileId};
use topoc_driver::{Diagnostic, Options, Severity, compile};
use topoc_syntax::ast::{Expr, ExprIds, ExprKind, Note, Stmt, StmtKind, TextPart};
use topoc_syntax::parse;

use super::{read, sources};
use crate::cases::{Changed, Folder, home, shown};

#[test]
fn what_the_library_proposes_can_be_written() {
    let library = sources("topo").into_iter();
    let library = library.filter(|it| it.starts_with(home().join("stdlib")));
    let (mut count, mut bad) = (0, Vec::new());
    for path in library {
        let text = read(&path);
        let mut out = Diagnostics::default();
        let file = parse(FileId(0), &text, &ExprIds::default(), &mut out);
        for proposal in file.items.iter().flat_map(proposals) {
            count += 1;
            bad.extend(
                proposal
                    .judge()
                    .map(|it| format!("{}: {it}", path.display())),
            );
        }
    }
    assert!(
        count > 30,
        "only {count} proposals are found: this no longer sees them"
    );
    assert!(bad.is_empty(), "{} of them:\n{}", bad.len(), bad.join("\n"));
}

#[test]
fn what_cannot_be_written_is_found() {
    let queue = || Place::Kind("queue".to_owned());
    let sends = || {
        Place::Edge(
            "bucket".to_owned(),
            "queue".to_owned(),
            "on created".to_owned(),
        )
    };
    let wrong = [
        (queue(), "visibilty = 30s"),
        (queue(), "visibility = \"soon\""),
        (queue(), "visibility = 13h"),
        (queue(), "visibility 30s"),
        (queue(), "x.secret.password"),
        (sends(), "prefx = \"in/\""),
        (sends(), "on created { prefix = 3 }"),
    ];
    for (place, code) in wrong {
        let code = code.to_owned();
        let proposal = Proposal { code, place };
        assert!(proposal.judge().is_some(), "`{}` is taken", proposal.code);
    }
}

/// A piece of code that a declaration proposes.
struct Proposal {
    code: String,
    place: Place,
}

/// Where it would stand.
#[derive(Clone)]
enum Place {
    /// Of a node of this kind.
    Kind(String),
    /// Between nodes of these kinds, with this verb.
    Edge(String, String, String),
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "only these two say what to write instead"
)]
fn proposals(stmt: &Stmt) -> Vec<Proposal> {
    let (place, members) = match &stmt.kind {
        StmtKind::Kind(it) => (Place::Kind(it.name.name.to_string()), &it.members),
        StmtKind::EdgeDecl(it) => {
            let on = if it.on { "on " } else { "" };
            let verb = format!("{on}{}", it.verb.name);
            let ends = [&it.source, &it.target].map(|it| node_of(&it.text()));
            let [source, target] = ends;
            (Place::Edge(source, target, verb), &it.members)
        }
        _ => return Vec::new(),
    };
    let notes = members.iter().flat_map(|it| &it.notes).chain(&stmt.notes);
    let helps = notes.filter(|it| it.name.name.as_str() == "help");
    let texts = helps.flat_map(said);
    let codes = texts.flat_map(|it| codes(&it));
    let propose = |code| Proposal {
        code,
        place: place.clone(),
    };
    codes.map(propose).collect()
}

/// A kind that keeps the promise of a trait.
fn node_of(end: &str) -> String {
    match end {
        "event_target" => "queue".to_owned(),
        "principal" => "function".to_owned(),
        kind => kind.to_owned(),
    }
}

/// The texts of a note, about a node called `x`.
fn said(note: &Note) -> Vec<String> {
    let args = note.args.iter().filter_map(|it| text(&it.value));
    args.collect()
}

#[allow(clippy::wildcard_enum_match_arm, reason = "helps are texts")]
fn text(expr: &Expr) -> Option<String> {
    let ExprKind::Text(parts) = &expr.kind else {
        return None;
    };
    let part = |it: &TextPart| match it {
        TextPart::Text(it) => it.to_string(),
        TextPart::Code(_) => "x".to_owned(),
    };
    Some(parts.iter().map(part).collect())
}

/// What stands between backticks.
fn codes(text: &str) -> Vec<String> {
    let parts = text.split('`').skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

impl Proposal {
    /// The program that follows it, and where in it the code stands.
    fn program(&self) -> (String, String) {
        let code = &self.code;
        let head = "topology t { region = \"eu-central-1\" }\n";
        let (kind, nodes) = match &self.place {
            Place::Kind(kind) => (kind, String::new()),
            Place::Edge(source, target, _) => (target, format!("{source} a\n{target} b\n")),
        };
        let is_entry = code.contains(" = ") && !code.starts_with(|it: char| it.is_uppercase());
        let before = match &self.place {
            _ if code.contains("->") => nodes,
            Place::Edge(_, _, verb) if code.starts_with(verb.as_str()) => {
                format!("{nodes}a -> b : ")
            }
            Place::Edge(_, _, verb) if is_entry => format!("{nodes}a -> b : {verb} {{ "),
            Place::Kind(_) if is_entry => format!("{kind} x {{ "),
            Place::Kind(_) | Place::Edge(..) => format!("{kind} x\nlet v = "),
        };
        let after = if before.ends_with("{ ") { " }\n" } else { "\n" };
        (format!("{head}{before}"), format!("{code}{after}"))
    }

    fn judge(&self) -> Option<String> {
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        // a kind, a verb, an attribute, a word that people try; a sign within a text
        if self.code.chars().all(is_word) || !self.code.contains(is_word) {
            return None;
        }
        let (before, code) = self.program();
        let text = format!("{before}{code}");
        let sources = Changed {
            root: "main.topo",
            text: &text,
            rest: Folder(home()),
        };
        let compilation = compile("main.topo", &sources, &Options::default());
        let is_wrong = |it: &Diagnostic| {
            let place = it.primary.as_ref().map(|it| it.span);
            let inside =
                place.is_some_and(|it| it.file.0 == 0 && it.start as usize >= before.len());
            // what it names is the reader's own
            let is_own = ["E0201", "E0412"].contains(&it.code.id());
            inside && it.severity() != Severity::Warning && !is_own
        };
        let is_bad = compilation.diagnostics.iter().any(is_wrong);
        is_bad.then(|| format!("`{}`\n{text}{}", self.code, shown(&compilation)))
    }
}
