//! `topoc explain FILE RESOURCE`: why a resource exists, back to the lines that caused it.

use std::path::Path;

use topoc_driver::{Compilation, Files, Label, Made, Span, Target, compile, nearest, show};

use crate::args::{Explain, misuse};
use crate::disk::Disk;
use crate::report::{self, Failed};

/// About one resource, or, without one or for a node, a list.
pub fn explain(file: &Path, explain: &Explain) -> Result<String, Failed> {
    let disk = Disk::new(file);
    let compilation = compile(disk.root(), &disk, &disk.options(&explain.values)?);
    report::settle(
        std::slice::from_ref(&compilation),
        &compilation.diagnostics,
        true,
    )?;
    let made = compilation.made();
    let Some(wanted) = explain.resource.as_deref() else {
        return Ok(list(&made));
    };
    if let Some(one) = made.iter().find(|it| is_called(it, wanted)) {
        return Ok(one_of(one, &compilation));
    }
    let of_it = |it: &&Made| {
        belongs(it, wanted)
            || it
                .causes
                .iter()
                .any(|it| says(*it, wanted, &compilation.files))
    };
    let below: Vec<Made> = made.iter().filter(of_it).cloned().collect();
    if !below.is_empty() {
        return Ok(list(&below));
    }
    let ending: Vec<Made> = made.iter().filter(|it| ends(it, wanted)).cloned().collect();
    match ending.as_slice() {
        [] => unknown(wanted, &made),
        [one] => Ok(one_of(one, &compilation)),
        several => Ok(list(several)),
    }
}

/// By its path, or by its name in a target.
fn is_called(made: &Made, wanted: &str) -> bool {
    made.path == wanted
        || Target::ALL
            .iter()
            .any(|it| made.name(*it).as_deref() == Some(wanted))
}

/// Whether this is the last part of one of its names: `jobs_main`, `main`, `aws_sqs_queue.jobs_main` behind `module.x.`.
fn ends(made: &Made, wanted: &str) -> bool {
    let tail = |whole: &str| {
        let before = whole.strip_suffix(wanted);
        before.is_some_and(|it| it.is_empty() || it.ends_with(['.', '/']))
    };
    let names = Target::ALL.iter().filter_map(|it| made.name(*it));
    let names: Vec<String> = names.chain([made.path.clone()]).collect();
    names.iter().any(|it| {
        let behind = wanted.strip_suffix(it.as_str());
        tail(it) || behind.is_some_and(|it| it.ends_with(['.', ':', '/']))
    })
}

/// Whether it is a part of a node, a network or an edge, `web -> db`.
fn belongs(made: &Made, owner: &str) -> bool {
    let rest = made.path.strip_prefix(&owner.replace(' ', ""));
    rest.is_some_and(|it| it.starts_with(['.', '/', '[', '-', ':']))
}

/// Whether a line is the edge that is asked for; what several edges lead to has the name of none of them.
fn says(span: Span, edge: &str, files: &Files) -> bool {
    let bare = |text: &str| text.replace(char::is_whitespace, "");
    let rest = bare(text(span, files));
    let rest = rest
        .strip_prefix(&bare(edge))
        .filter(|_| edge.contains("->"));
    rest.is_some_and(|it| it.is_empty() || it.starts_with([':', '"', '{']))
}

fn text(span: Span, files: &Files) -> &str {
    let range = span.start as usize..span.end as usize;
    files.text(span.file).get(range).unwrap_or_default()
}

/// Paths, and what terraform calls them.
fn list(made: &[Made]) -> String {
    let width = made
        .iter()
        .map(|it| it.path.chars().count())
        .max()
        .unwrap_or(0);
    let line = |it: &Made| {
        let name = it.name(Target::Terraform).or_else(|| it.name(Target::Cfn));
        format!("{:width$}  {}\n", it.path, name.unwrap_or_default())
    };
    made.iter().map(line).collect()
}

fn one_of(made: &Made, compilation: &Compilation) -> String {
    let mut text = format!("`{}` is\n\n", made.path);
    for target in Target::ALL {
        let called = match (target, made.names.iter().find(|it| it.0 == target)) {
            (Target::Terraform, Some((_, ty, name))) => format!("{ty}.{name}"),
            (Target::Cfn | Target::Pulumi, Some((_, ty, name))) => format!("{name}, {ty}"),
            (_, None) => "a piece of another resource".to_owned(),
        };
        text.push_str(&format!("  {:14}  {called}\n", target.title()));
    }
    let mut labels = made.causes.iter().enumerate().map(|(index, span)| Label {
        span: *span,
        text: remark(index, *span, &compilation.files).to_owned(),
    });
    let Some(first) = labels.next() else {
        return text;
    };
    let others: Vec<Label> = labels.collect();
    let colour = report::coloured(&std::io::stdout());
    text + "\nbecause of\n" + &show(&first, &others, &compilation.files, colour)
}

/// What a line has to do with it.
fn remark(index: usize, span: Span, files: &Files) -> &'static str {
    match files.name(span.file) {
        _ if index == 0 => "it belongs to this",
        file if file.starts_with("std/") => "the library makes it here",
        _ if text(span, files).contains("->") => "this edge leads to it",
        _ => "this needs it, too",
    }
}

fn unknown(wanted: &str, made: &[Made]) -> ! {
    let names = made.iter().flat_map(|it| {
        let names = Target::ALL.iter().filter_map(|target| it.name(*target));
        names.chain([it.path.clone()])
    });
    let names: Vec<String> = names.collect();
    let tails = names.iter().filter_map(|it| it.rsplit_once('.'));
    let parts = tails.flat_map(|(node, part)| [node, part]);
    let tip = nearest(wanted, names.iter().map(String::as_str).chain(parts)).map_or_else(
        || "without a name, all of them are listed".to_owned(),
        |it| format!("did you mean `{it}`?"),
    );
    misuse(
        "explain",
        format!(
            "the program has no resource, no node and no edge called `{wanted}`\n\n  tip: {tip}"
        ),
    )
}
