//! The road from text to files: every phase, once, in order.

use topoc_backends::{Format, OutputFile};
use topoc_check::{Checked, Members, check};
use topoc_diagnostics::{Code, Diagnostic, Diagnostics, FileId, Files, Severity};
use topoc_elaborate::{Elaborated, Settings, elaborate, spell};
use topoc_ir::{Lock, Params, Spelled, Target, verify};
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
        let elaborated = elaborate(&program, &members, &settings, &mut out);
        derive(elaborated, &mut out)
    };
    claims::undecided(&program)
        .into_iter()
        .for_each(|it| out.push(it));
    if let Some((_, lock)) = &done
        && options.locked
        && *lock != former
    {
        out.push(lock::would_change());
    }
    if done.is_some() {
        let unread = topoc_check::unused(&program);
        unread.into_iter().for_each(|it| out.push(it));
        allows::report_unused(&program, &mut out);
    }
    let name = done.as_ref().map(|it| it.0.topology.prefix.to_string());
    let misunderstood = levels::misunderstood(&program, &options.deny);
    let changed = done.as_ref().filter(|(_, lock)| *lock != former);
    let mut diagnostics = out.sorted();
    levels::raise(&mut diagnostics, &options.deny);
    Compilation {
        files,
        name: name.unwrap_or_default(),
        new_lock: changed.map(|(_, it)| lock::write(it)),
        done: done.map(|(lowered, _)| Done {
            program,
            members,
            lowered,
        }),
        diagnostics,
        environments,
        misunderstood,
        deny: options.deny.clone(),
    }
}

/// Networks, groups and endpoints; of a program with errors only what else is wrong.
fn derive(elaborated: Elaborated, out: &mut Diagnostics) -> Option<(Lowered, Lock)> {
    let Elaborated {
        topology,
        lock,
        doubted,
    } = elaborated;
    if !out.has_errors() {
        return Some(lower(topology, &lock, out));
    }
    // without its lock nobody knows where blocks lie
    if !out.iter().any(|it| it.code == Code::E0515) {
        look(topology, &doubted, &lock, out);
    }
    None
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
