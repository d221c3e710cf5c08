//! Reports for people (plain or coloured) and for tools (JSON), from the same value.

use std::collections::BTreeMap;
use std::fmt;

use ariadne::{Cache, Color, Config, IndexType, Label, Report, ReportKind, Source};
use serde_json::{Value, json};

use crate::excerpt::Excerpt;
use crate::files::floor;
use crate::{Diagnostic, FileId, Files, Severity, Span};

/// One report as text: the message, the guilty lines with remarks, the help. Ends with a line break.
pub fn render(diagnostic: &Diagnostic, files: &Files, colour: bool) -> String {
    let head = head(diagnostic, colour);
    let Some(primary) = &diagnostic.primary else {
        return placeless(&head, diagnostic);
    };
    let tint = tint(diagnostic.severity());
    let help = diagnostic.help.as_deref();
    let note = note(diagnostic);
    let said = (help, note.as_deref());
    match excerpt((primary, tint), &diagnostic.others, said, files, colour) {
        Some(body) => head + &body,
        None => placeless(&head, diagnostic),
    }
}

/// Lines with remarks, without a report about them. Ends with a line break.
pub fn show(first: &crate::Label, others: &[crate::Label], files: &Files, colour: bool) -> String {
    excerpt((first, Color::Green), others, (None, None), files, colour).unwrap_or_default()
}

fn excerpt(
    (primary, tint): (&crate::Label, Color),
    others: &[crate::Label],
    (help, note): (Option<&str>, Option<&str>),
    files: &Files,
    colour: bool,
) -> Option<String> {
    let spans: Vec<Span> = others.iter().chain([primary]).map(|it| it.span).collect();
    let shown = Excerpt::new(files, &spans);
    let place = range(primary.span, &shown);
    let mut report = Report::build(ReportKind::Error, place).with_config(config(colour));
    let others = others.iter().map(|it| (it, Color::Blue));
    let mut labels: Vec<_> = std::iter::once((primary, tint)).chain(others).collect();
    // The guilty file first, and each file's lines in their order: ariadne begins a new excerpt where they are not.
    labels.sort_by_key(|(it, _)| (it.span.file != primary.span.file, it.span));
    for (it, tint) in labels {
        report = report.with_label(label(it, &shown, tint));
    }
    if let Some(help) = help {
        report = report.with_help(short(help));
    }
    if let Some(note) = note {
        report = report.with_note(note);
    }
    let mut bytes = Vec::new();
    let written = report.finish().write(Texts::new(files, &shown), &mut bytes);
    written.ok()?;
    let text = body(&String::from_utf8_lossy(&bytes));
    let moved = spans.iter().filter_map(|it| shown.moved(*it));
    Some(moved.fold(text, |text, (shown, real)| text.replacen(&shown, &real, 1)))
}

/// A text that a message may hold: what is longer is cut.
fn short(text: &str) -> std::borrow::Cow<'_, str> {
    if text.len() <= MOST {
        return text.into();
    }
    format!("{}…", text.get(..floor(text, MOST)).unwrap_or_default()).into()
}

/// Messages and labels have at most so many bytes.
const MOST: usize = 1000;

/// One report for tools: places as file, bytes, line and column.
pub fn json(diagnostic: &Diagnostic, files: &Files) -> Value {
    let place = |span: Span| {
        let (line, column) = files.line_column(span.file, span.start);
        let (end_line, end_column) = files.line_column(span.file, span.end);
        json!({
            "file": files.name(span.file), "start": span.start, "end": span.end,
            "line": line, "column": column, "end_line": end_line, "end_column": end_column,
        })
    };
    let labelled = |it: &crate::Label| json!({ "place": place(it.span), "text": it.text });
    json!({
        "code": diagnostic.code.id(),
        "slug": diagnostic.code.row().slug,
        "lint": diagnostic.lint,
        "severity": word(diagnostic.severity()),
        "denied_by": diagnostic.denied_by,
        "environments": diagnostic.environments,
        "message": diagnostic.message,
        "primary": diagnostic.primary.as_ref().map(labelled),
        "others": diagnostic.others.iter().map(labelled).collect::<Vec<_>>(),
        "help": diagnostic.help,
    })
}

fn placeless(head: &str, diagnostic: &Diagnostic) -> String {
    let help = diagnostic.help.iter().map(|it| format!("  help: {it}\n"));
    let note = note(diagnostic).map(|it| format!("  note: {it}\n"));
    std::iter::once(head.to_owned())
        .chain(help)
        .chain(note)
        .collect()
}

/// Where a report holds, and why a warning is an error.
fn note(diagnostic: &Diagnostic) -> Option<String> {
    let names: Vec<String> = diagnostic
        .environments
        .iter()
        .map(|it| format!("`{it}`"))
        .collect();
    let place = match names.as_slice() {
        [] => None,
        [one] => Some(format!("in the environment {one}")),
        [most @ .., last] => Some(format!(
            "in the environments {} and {last}",
            most.join(", ")
        )),
    };
    let flag = diagnostic.denied_by.as_ref();
    let flag = flag.map(|it| format!("a warning that `{it}` makes an error"));
    match (place, flag) {
        (Some(place), Some(flag)) => Some(format!("{place}; {flag}")),
        (place, flag) => place.or(flag),
    }
}

/// `error[E0201]: nothing here is called x`: our own form, since ariadne's differs and ignores that colours are off.
fn head(diagnostic: &Diagnostic, colour: bool) -> String {
    let word = word(diagnostic.severity());
    let code = match &diagnostic.lint {
        Some(lint) => format!("{} {lint}", diagnostic.code.id()),
        None => diagnostic.code.id().to_owned(),
    };
    let message = short(&diagnostic.message).replace('\n', " ");
    if !colour {
        return format!("{word}[{code}]: {message}\n");
    }
    let tint = match diagnostic.severity() {
        Severity::Warning => 33,
        Severity::Error | Severity::Fatal => 31,
    };
    format!("\u{1b}[1;{tint}m{word}[{code}]\u{1b}[0m: {message}\n")
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Error | Severity::Fatal => "error",
    }
}

fn tint(severity: Severity) -> Color {
    match severity {
        Severity::Warning => Color::Yellow,
        Severity::Error | Severity::Fatal => Color::Red,
    }
}

fn config(colour: bool) -> Config {
    Config::default()
        .with_color(colour)
        .with_index_type(IndexType::Byte)
}

type Range = (FileId, std::ops::Range<usize>);

fn label(label: &crate::Label, shown: &Excerpt<'_>, colour: Color) -> Label<Range> {
    let place = Label::new(range(label.span, shown)).with_color(colour);
    match label.text.is_empty() {
        true => place,
        false => place.with_message(short(&label.text)),
    }
}

fn range(span: Span, shown: &Excerpt<'_>) -> Range {
    (span.file, shown.range(span))
}

/// What follows the first line, without blanks at the ends of lines.
fn body(text: &str) -> String {
    let lines = text.lines().skip(1);
    lines.map(|it| format!("{}\n", it.trim_end())).collect()
}

/// Texts cut into lines, each when it is first shown.
struct Texts<'a> {
    files: &'a Files,
    shown: &'a Excerpt<'a>,
    cut: BTreeMap<FileId, Source<&'a str>>,
}

impl<'a> Texts<'a> {
    fn new(files: &'a Files, shown: &'a Excerpt<'a>) -> Self {
        Self {
            files,
            shown,
            cut: BTreeMap::new(),
        }
    }
}

impl<'a> Cache<FileId> for Texts<'a> {
    type Storage = &'a str;

    fn fetch(&mut self, id: &FileId) -> Result<&Source<&'a str>, impl fmt::Debug> {
        let text = self.shown.text(*id);
        Ok::<_, std::convert::Infallible>(self.cut.entry(*id).or_insert_with(|| Source::from(text)))
    }

    fn display<'b>(&self, id: &'b FileId) -> Option<impl fmt::Display + 'b> {
        Some(self.files.name(*id).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn shows_lines_labels_and_help() {
        let mut files = Files::default();
        let id = files.add(
            "web.topo",
            "größe = 1\nweb -> dbb : postgres\ndatabase db\n",
        );
        let diagnostic = Diagnostic::new(Code::E0201, "nothing here is called `dbb`")
            .at(Span::new(id, 19, 22), "used here")
            .because(Span::new(id, 43, 45), "this is near")
            .help("web -> db : postgres");
        let text = render(&diagnostic, &files, false);
        assert!(
            text.starts_with("error[E0201]: nothing here is called `dbb`\n   ╭─[ web.topo:2:8 ]\n")
        );
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn survives_spans_that_lie_nowhere() {
        let mut files = Files::default();
        let id = files.add("a", "ä");
        for (start, end) in [(0, 1), (1, 1), (1, 9), (9, 3)] {
            let span = Span::new(id, start, end);
            let lost = Span::new(FileId(7), start, end);
            let it = Diagnostic::new(Code::E0100, "x")
                .at(span, "")
                .because(lost, "y");
            render(&it, &files, true);
            json(&it, &files);
        }
    }
}
