//! `topoc check`: the whole road for every target, nothing written.

use std::collections::HashMap;

use topoc_driver::{Compilation, Diagnostic, compile, json, judge};

use crate::args::{self, Check, ReportArg};
use crate::disk::Disk;
use crate::report::{self, Failed};

/// Checks the environment that was named; without one, every environment of the program.
pub fn run(check: &Check) -> Result<(), Failed> {
    let disk = Disk::new(&check.program.file);
    let mut options = disk.options(&check.program.values)?;
    options.deny.clone_from(&check.program.deny);
    let mut environments = Vec::new();
    let mut compilations = vec![compile(disk.root(), &disk, &options)];
    args::must_be_understood("check", &compilations);
    if check.program.values.env.is_none() {
        let declared = compilations.iter().flat_map(|it| it.environments.clone());
        let all: Vec<String> = declared.collect();
        if !all.is_empty() {
            compilations.clear();
        }
        for env in &all {
            options.env = Some(env.clone());
            compilations.push(compile(disk.root(), &disk, &options));
        }
        environments = all;
    }
    compilations.iter_mut().for_each(judge);
    let reports = joined(&compilations, &environments);
    match check.format {
        ReportArg::Human => human(&compilations, reports, check.quiet),
        ReportArg::Json => machine(&compilations, &reports),
    }
}

/// The reports of all environments in the order of their places, each once, with the names of those that have it.
fn joined(compilations: &[Compilation], environments: &[String]) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    let mut places: HashMap<&Diagnostic, usize> = HashMap::new();
    for (at, compilation) in compilations.iter().enumerate() {
        for report in &compilation.diagnostics {
            let place = *places.entry(report).or_insert_with(|| {
                all.push(report.clone());
                all.len() - 1
            });
            if let Some(known) = all.get_mut(place) {
                known.environments.extend(environments.get(at).cloned());
            }
        }
    }
    all.sort_by_key(|it| it.primary.as_ref().map(|label| label.span));
    all
}

/// What all environments have is said of none.
fn human(
    compilations: &[Compilation],
    mut reports: Vec<Diagnostic>,
    quiet: bool,
) -> Result<(), Failed> {
    for report in &mut reports {
        if report.environments.len() == compilations.len() {
            report.environments.clear();
        }
    }
    report::settle(compilations, &reports, quiet)
}

fn machine(compilations: &[Compilation], reports: &[Diagnostic]) -> Result<(), Failed> {
    // all have the same files in the same order
    let files = compilations.first().map(|it| &it.files);
    let reports = reports.iter().zip(files.into_iter().cycle());
    let reports: Vec<_> = reports.map(|(it, files)| json(it, files)).collect();
    let all = serde_json::json!({ "version": 1, "reports": reports });
    report::result(&format!("{all}\n"))?;
    match compilations.iter().all(Compilation::succeeded) {
        true => Ok(()),
        false => Err(Failed),
    }
}
