//! `topoc check`: the whole road for every target, nothing written.

use topoc_driver::{Compilation, Format, Target, compile, emit, json};

use crate::args::{self, Check, ReportArg};
use crate::disk::Disk;
use crate::report::{self, Failed};

/// Checks the environment that was named; without one, every environment of the program.
pub fn run(check: &Check) -> Result<(), Failed> {
    let disk = Disk::new(&check.program.file);
    let mut options = disk.options(&check.program.values)?;
    options.deny.clone_from(&check.program.deny);
    let mut compilations = vec![compile(disk.root(), &disk, &options)];
    args::must_be_understood("check", &compilations);
    if check.program.values.env.is_none() {
        let environments = compilations.iter().flat_map(|it| it.environments.clone());
        let all: Vec<String> = environments.collect();
        if !all.is_empty() {
            compilations.clear();
        }
        for env in all {
            options.env = Some(env);
            compilations.push(compile(disk.root(), &disk, &options));
        }
    }
    compilations.iter_mut().for_each(for_every_target);
    match check.format {
        ReportArg::Human => human(&compilations, check.quiet),
        ReportArg::Json => machine(&compilations),
    }
}

/// What one target refuses is found when it is printed.
fn for_every_target(compilation: &mut Compilation) {
    if !compilation.succeeded() {
        return;
    }
    for target in Target::ALL {
        match emit(compilation, target, Format::Json) {
            Ok(it) => compilation.add(it.warnings),
            Err(found) => compilation.add(found),
        }
    }
}

fn human(compilations: &[Compilation], quiet: bool) -> Result<(), Failed> {
    for compilation in compilations {
        report::settle(compilation, quiet)?;
    }
    Ok(())
}

fn machine(compilations: &[Compilation]) -> Result<(), Failed> {
    let reports: Vec<_> = compilations
        .iter()
        .flat_map(|it| it.diagnostics.iter().map(|one| json(one, &it.files)))
        .collect();
    let all = serde_json::json!({ "version": 1, "reports": reports });
    report::line(&all.to_string());
    match compilations.iter().all(Compilation::succeeded) {
        true => Ok(()),
        false => Err(Failed),
    }
}
