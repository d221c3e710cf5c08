//! The road from text to files: every phase, once, in order.

use topoc_backends::{Format, OutputFile};
use topoc_diagnostics::{Diagnostic, Diagnostics, FileId, Files};
use topoc_ir::{Lock, Params, Target};
use topoc_syntax::ast::StmtKind;
use topoc_syntax::{Library, Origin, Program, Sources, load};

use crate::params::{self, Layer};
use crate::{Compilation, Options, lock};

/// What is known after `lower`; printing for each target starts here.
pub(crate) struct Done {
    lock: Lock,
    former: Lock,
}

impl Done {
    pub(crate) fn name(&self) -> String {
        String::new()
    }

    pub(crate) fn new_lock(&self) -> Option<String> {
        (self.lock != self.former).then(|| lock::write(&self.lock))
    }
}

/// Compiles the program whose root is `root`.
pub fn compile(root: &str, sources: &dyn Sources, options: &Options) -> Compilation {
    let mut out = Diagnostics::default();
    let program = load(root, sources, &library(), &mut out);
    let mut files = texts(&program, options);
    let _given = given(options, &mut files, &mut out);
    let former = lock::read(options.lock.as_deref(), &mut files, &mut out);
    let lock = former.clone();
    if options.locked && lock != former {
        out.push(lock::would_change());
    }
    Compilation {
        files,
        done: (!out.has_errors()).then_some(Done { lock, former }),
        diagnostics: out.sorted(),
        environments: environments(&program),
    }
}

/// Prints a compiled program for one target.
pub fn emit(
    compilation: &Compilation,
    target: Target,
    format: Format,
) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    let _ = (compilation, target, format);
    Ok(Vec::new())
}

/// The library that comes with the compiler, as loading sees it.
fn library() -> Library<'static> {
    let it = topoc_stdlib::LIBRARY;
    Library {
        files: it.files,
        plain: it.plain,
        values: it.values,
        services: it.services,
        edges: it.edges,
        means: it.means,
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
fn environments(program: &Program) -> Vec<String> {
    let root = program.files.iter().take(1);
    root.flat_map(|it| &it.ast.items)
        .filter_map(|it| match &it.kind {
            StmtKind::Env(env) => Some(env.name.name.to_string()),
            #[expect(clippy::wildcard_enum_match_arm, reason = "only `env` declares one")]
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
