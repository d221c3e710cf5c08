//! `topoc build`: compile, then write; nothing is written unless everything succeeded.

use std::path::{Path, PathBuf};

use topoc_driver::{Code, Compilation, Format, OutputFile, Target, compile, emit};

use crate::args::{Build, FormatArg, TargetArg};
use crate::disk::Disk;
use crate::folder::{self, Refusal, Staged};
use crate::guard::Guard;
use crate::lock;
use crate::report::{self, Failed, fail};

/// Builds one program.
pub fn run(build: &Build) -> Result<(), Failed> {
    let _ours = guard(&build.program.file)?;
    let disk = Disk::new(&build.program.file);
    let mut options = disk.options(&build.program.values)?;
    options.locked = build.locked;
    let compilation = compile(disk.root(), &disk, &options);
    report::settle(&compilation, build.quiet)?;
    let places = places(build, &compilation);
    let printed = print_all(&compilation, &places, build)?;

    let root = build_root(build, &compilation);
    let _theirs = guard(&root)?;
    let inner = printed.iter().map(|it| &it.0).filter(|it| **it != root);
    let _inner: Vec<Guard> = inner.map(|it| guard(it)).collect::<Result<_, _>>()?;
    let staged = stage_all(printed)?;
    if let Some(text) = &compilation.new_lock {
        lock::write(&disk.lock_path(), text)?;
    }
    commit_all(staged, build.quiet)?;
    // The process ends here; freeing every tree would only take time.
    std::mem::forget(compilation);
    Ok(())
}

fn guard(place: &Path) -> Result<Guard, Failed> {
    Guard::on(place).map_err(|error| {
        let message = format!(
            "`{}` cannot be guarded against other runs: {error}",
            place.display()
        );
        fail(
            Code::E0902,
            Refusal {
                message,
                help: None,
            },
        )
    })
}

/// Each target and its folder.
fn places(build: &Build, compilation: &Compilation) -> Vec<(Target, PathBuf)> {
    let root = build_root(build, compilation);
    let below = |target: Target| (target, root.join(target.word()));
    match (build.target, &build.output) {
        (TargetArg::All, _) => Target::ALL.map(below).into(),
        (one, Some(folder)) => vec![(target(one), folder.clone())],
        (one, None) => vec![below(target(one))],
    }
}

fn build_root(build: &Build, compilation: &Compilation) -> PathBuf {
    match &build.output {
        Some(folder) => folder.clone(),
        None => Path::new("build").join(&compilation.name),
    }
}

fn target(word: TargetArg) -> Target {
    match word {
        TargetArg::Terraform => Target::Terraform,
        TargetArg::Pulumi => Target::Pulumi,
        TargetArg::Cfn | TargetArg::All => Target::Cfn,
    }
}

type Printed = Vec<(PathBuf, Vec<OutputFile>)>;

fn print_all(
    compilation: &Compilation,
    places: &[(Target, PathBuf)],
    build: &Build,
) -> Result<Printed, Failed> {
    let format = match build.format {
        FormatArg::Json => Format::Json,
        FormatArg::Yaml => Format::Yaml,
    };
    let mut printed = Vec::new();
    let mut failed = false;
    for (target, place) in places {
        match emit(compilation, *target, format) {
            Ok(it) => {
                report::print(&it.warnings, &compilation.files, build.quiet);
                printed.push((place.clone(), it.files));
            }
            Err(found) => {
                report::print(&found, &compilation.files, build.quiet);
                failed = true;
            }
        }
    }
    if failed { Err(Failed) } else { Ok(printed) }
}

fn stage_all(printed: Printed) -> Result<Vec<(PathBuf, usize, Staged)>, Failed> {
    let mut staged = Vec::new();
    for (place, files) in printed {
        let ready = folder::stage(&place, &files).map_err(|it| fail(Code::E0902, it))?;
        staged.push((place, files.len(), ready));
    }
    Ok(staged)
}

fn commit_all(staged: Vec<(PathBuf, usize, Staged)>, quiet: bool) -> Result<(), Failed> {
    for (place, count, ready) in staged {
        ready.commit().map_err(|it| fail(Code::E0902, it))?;
        if !quiet {
            let noun = if count == 1 { "file" } else { "files" };
            report::line(&format!("wrote {} ({count} {noun})", place.display()));
        }
    }
    Ok(())
}
