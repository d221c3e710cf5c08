//! The road from text to files: every phase, once, in order.

use std::collections::HashSet;

use topoc_backends::{Format, OutputFile};
use topoc_check::{Checked, Members, check};
use topoc_diagnostics::{Code, Diagnostic, Diagnostics, FileId, Files, Severity, Span};
use topoc_elaborate::{Elaborated, Rest, Settings, elaborate, spell};
use topoc_ir::{Lock, Params, ResourceId, Spelled, Target, verify};
use topoc_lower::{Lowered, look, lower};
use topoc_stdlib::LIBRARY;
use topoc_syntax::ast::StmtKind;
use topoc_syntax::{Origin, Program, Sources, load};

use ustr::Ustr;

use crate::params::{self, Layer};
use crate::{Compilation, Options, allows, claims, levels, lock, packages};

/// From how many resources on a thread of its own takes documents apart.
const MANY: usize = 400;

/// What is known after `lower`; printing for each target starts here.
pub(crate) struct Done {
    program: Program,
    members: Members,
    lowered: Lowered,
    /// Where errors stand, if there are any: nothing is printed then, and only what is certain beside them is told.
    told: Option<Vec<Span>>,
}

impl Done {
    /// The resources as documents of one target.
    pub(crate) fn spell(&self, target: Target, out: &mut Diagnostics) -> Spelled {
        let Lowered {
            topology,
            resources,
            ..
        } = &self.lowered;
        spell(
            &self.program,
            &self.members,
            topology,
            resources,
            target,
            out,
        )
    }
}

/// Compiles the program whose root is `root`.
pub fn compile(root: &str, sources: &dyn Sources, options: &Options) -> Compilation {
    let mut out = Diagnostics::default();
    let program = load(root, sources, &LIBRARY, &mut out);
    let Checked { members, lost, .. } = check(&program, &LIBRARY, &mut out);
    let mut files = texts(&program, options);
    let params = given(options, &mut files, &mut out);
    let former = lock::read(options.lock.as_deref(), &mut files, &mut out);
    let environments = environments(&program);
    allows::read(&program, options.today.as_deref(), &mut out);
    // without one of its files, nobody knows what a program says
    let done = if lost.is_file() {
        None
    } else {
        let read = |path: &str| sources.read(path).map(|it| it.to_string());
        let env = options.env.as_deref().map(Ustr::from);
        let pack = |path: &str| packages::pack(sources, path);
        let settings = Settings {
            env,
            params,
            lock: former.clone(),
            reader: Some(&read),
            packer: Some(&pack),
            lost: Some(&lost),
        };
        Some(elaborate(&program, &members, &settings, &mut out, derive))
    };
    // of a program that is not wholly known, nobody knows what is unused or new in it
    let lock = done.as_ref().and_then(|it| it.1.as_ref());
    let is_unfinished = lock.is_none();
    claims::undecided(&program)
        .into_iter()
        .for_each(|it| out.push(it));
    let changed = lock.filter(|it| **it != former);
    if options.locked && changed.is_some() {
        out.push(lock::would_change());
    }
    if !is_unfinished {
        let unread = topoc_check::unused(&program);
        unread.into_iter().for_each(|it| out.push(it));
        allows::report_unused(&program, &mut out);
    }
    let name = done.as_ref().map(|it| it.0.topology.prefix.to_string());
    let misunderstood = levels::misunderstood(&program, &options.deny);
    let new_lock = changed.map(lock::write);
    let told = out.has_errors().then(|| out.told());
    let mut diagnostics = out.sorted();
    levels::raise(&mut diagnostics, &options.deny);
    Compilation {
        files,
        name: name.unwrap_or_default(),
        new_lock,
        is_unfinished,
        done: done.map(|(lowered, _)| Done {
            program,
            members,
            lowered,
            told,
        }),
        diagnostics,
        environments,
        misunderstood,
        deny: options.deny.clone(),
    }
}

/// Networks, groups and endpoints, and the new lock; of a program with errors what is certain, and none.
fn derive(
    elaborated: Elaborated,
    rest: Rest<'_>,
    out: &mut Diagnostics,
) -> (Lowered, Option<Lock>) {
    let Elaborated {
        topology,
        lock,
        mut doubted,
    } = elaborated;
    if !out.has_errors() {
        let (lowered, lock) = lower(topology, &lock, out, || drop(rest));
        return (lowered, Some(lock));
    }
    // without its lock nobody knows where blocks lie
    if out.iter().any(|it| it.code == Code::E0515) {
        doubted = (0..).zip(&topology.networks).map(|it| it.0).collect();
    }
    (look(topology, &doubted, &lock, out), None)
}

/// A program printed for one target.
#[derive(Clone, Debug, Default)]
pub struct Emitted {
    /// The files.
    pub files: Vec<OutputFile>,
    /// What the target takes, but not gladly.
    pub warnings: Vec<Diagnostic>,
}

/// Prints a compiled program for one target, or says why the target refuses it.
pub fn emit(
    compilation: &Compilation,
    target: Target,
    format: Format,
) -> Result<Emitted, Vec<Diagnostic>> {
    let Some(done) = &compilation.done else {
        return Err(Vec::new());
    };
    let mut out = Diagnostics::default();
    let spelled = done.spell(target, &mut out);
    if let Some(told) = &done.told {
        return Err(certain(done, &spelled, told, out));
    }
    let Some(verified) = verify(spelled, &mut out).filter(|_| !out.has_errors()) else {
        return Err(out.sorted());
    };
    let mut files = topoc_backends::emit(&verified, topoc_backends::Options { format });
    files.extend(packages::files(&done.lowered.topology.assets, target));
    if verified.spelled().resources.len() > MANY {
        // to take so many documents apart takes time that nobody needs to wait for
        std::thread::spawn(move || drop(verified));
    }
    let large = topoc_backends::oversize(&files);
    large.into_iter().for_each(|it| out.push(it));
    let mut warnings = out.sorted();
    levels::raise(&mut warnings, &compilation.deny);
    match warnings.iter().all(|it| it.severity() == Severity::Warning) {
        true => Ok(Emitted { files, warnings }),
        false => Err(warnings),
    }
}

/// What a target refuses of a program with errors. What is referred to and was not made may be what was wrong.
fn certain(done: &Done, spelled: &Spelled, told: &[Span], mut out: Diagnostics) -> Vec<Diagnostic> {
    let made: HashSet<ResourceId> = done.lowered.resources.iter().map(|it| it.id).collect();
    verify::look(spelled, |it| made.contains(&it), &mut out);
    let mut found = out.sorted();
    // a value that cannot be printed may be what was wrong
    found.retain(|it| it.code.id().starts_with("E06") && it.is_news(told));
    found
}

/// Adds what each target refuses, and what it takes but not gladly.
pub fn judge(compilation: &mut Compilation) {
    for target in Target::ALL {
        let found = emit(compilation, target, Format::Json);
        compilation.add(found.map_or_else(|it| it, |it| it.warnings));
    }
}

/// The texts of the program, in the order of their numbers.
fn texts(program: &Program, options: &Options) -> Files {
    let mut files = Files::default();
    for file in &program.files {
        let name = match file.origin {
            Origin::Root | Origin::User => format!("{}{}", options.folder, file.path),
            Origin::Library { .. } => file.path.clone(),
        };
        files.add(name, file.text.clone());
    }
    files
}

/// The environments that the root declares, in source order.
#[expect(clippy::wildcard_enum_match_arm, reason = "only `env` declares one")]
fn environments(program: &Program) -> Vec<String> {
    let root = program.files.iter().take(1);
    root.flat_map(|it| &it.ast.items)
        .filter_map(|it| match &it.kind {
            StmtKind::Env(env) => Some(env.name.name.to_string()),
            _ => None,
        })
        .collect()
}

/// The values of `--params` and `--set`; their texts join `files`, so that reports can show them.
fn given(options: &Options, files: &mut Files, out: &mut Diagnostics) -> Params {
    let sets = params::text_of_sets(&options.sets);
    let ids: Vec<FileId> = options
        .params
        .iter()
        .map(|(name, text)| files.add(name, text.as_str()))
        .collect();
    let layers: Vec<Layer> = options
        .params
        .iter()
        .zip(ids)
        .map(|((name, text), id)| Layer { id, name, text })
        .collect();
    let command_line = Layer {
        id: files.add("--set", sets.as_str()),
        name: "--set",
        text: &sets,
    };
    params::read(&layers, &command_line, out)
}
