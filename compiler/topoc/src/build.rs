//! `topoc build`: compile, then write; nothing is written unless everything succeeded.

use std::path::{Path, PathBuf};
use std::slice;

use topoc_driver::{Code, Compilation, Format, Target, compile, emit};

use crate::args::{self, Build, FormatArg, TargetArg};
use crate::disk::Disk;
use crate::folder::{self, Printed, Refusal};
use crate::guard::Guard;
use crate::report::{self, Failed, fail};
use crate::whole::Whole;

/// Builds one program.
pub fn run(build: &Build) -> Result<(), Failed> {
    let disk = Disk::new(&build.program.file);
    // The lock belongs to every program of its folder.
    let _ours = guard(&disk.lock_path())?;
    let mut options = disk.options(&build.program.values)?;
    options.locked = build.locked;
    options.deny.clone_from(&build.program.deny);
    let mut compilation = compile(disk.root(), &disk, &options);
    args::must_be_understood("build", [&compilation]);
    let places = places(build, &compilation);
    let printed = print_all(&mut compilation, &places, build);
    report::settle(
        slice::from_ref(&compilation),
        &compilation.diagnostics,
        build.quiet,
    )?;

    let root = build_root(build, &compilation);
    let _theirs = guard(&root)?;
    let inner = printed.iter().map(|it| &it.0).filter(|it| **it != root);
    let _inner: Vec<Guard> = inner.map(|it| guard(it)).collect::<Result<_, _>>()?;
    let changed = write_all(&printed, &disk.lock_path(), compilation.new_lock.as_deref())?;
    if !build.quiet {
        printed.iter().zip(changed).for_each(tell);
    }
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

/// The files of each target; what is reported on the way is added.
fn print_all(
    compilation: &mut Compilation,
    places: &[(Target, PathBuf)],
    build: &Build,
) -> Vec<Printed> {
    let format = match build.format {
        FormatArg::Json => Format::Json,
        FormatArg::Yaml => Format::Yaml,
    };
    let mut printed = Vec::new();
    for (target, place) in places {
        match emit(compilation, *target, format) {
            Ok(it) => {
                compilation.add(it.warnings);
                printed.push((place.clone(), it.files));
            }
            Err(found) => compilation.add(found),
        }
    }
    printed
}

/// Folders and lock, or nothing; which of the folders changed.
fn write_all(printed: &[Printed], lock: &Path, text: Option<&str>) -> Result<Vec<bool>, Failed> {
    let unwritable = |it| Refusal::unwritable(lock, &it);
    let fresh = text.map(|it| Whole::beside(lock, it.as_bytes()).map_err(unwritable));
    let put = |fresh: Option<Whole>| {
        folder::replace(printed, || {
            fresh.map_or(Ok(()), Whole::put).map_err(unwritable)
        })
    };
    let written = fresh.transpose().and_then(put);
    written.map_err(|it| fail(Code::E0902, it))
}

fn tell(((place, files), changed): (&Printed, bool)) {
    let count = files.len();
    let noun = if count == 1 { "file" } else { "files" };
    let place = place.display();
    report::line(&match changed {
        true => format!("wrote {place} ({count} {noun})"),
        false => format!("{place} is as it was ({count} {noun})"),
    });
}
