//! The three outputs of every case, read back and compared with each other by meaning: the same resources, the same
//! references, the same values. A conversion of one target is read backwards (`solve`).

#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::indexing_slicing,
    reason = "a test: what is not listed is nothing it knows, and a panic is a failure"
)]

mod cloudformation;
mod compare;
mod differences;
mod fields;
mod forms;
mod inputs;
mod instances;
mod known;
mod loops;
mod mutations;
mod order;
mod paths;
mod pieces;
mod pulumi;
mod reading;
mod refs;
mod rewrite;
mod solve;
mod terraform;
mod value;

use topoc_driver::{Format, OutputFile, Target, emit};

use crate::cases;
use crate::library::{self, Library};
use differences::Differences;
use value::Printed;

#[test]
fn the_three_outputs_mean_the_same() {
    let library = library::read();
    let allowed = Differences::load();
    let mut problems = Vec::new();
    for case in cases::all() {
        let name = case.name();
        let compilation = case.compile();
        if !compilation.succeeded() {
            continue; // the golden test says so
        }
        let texts = Target::ALL.map(|target| {
            emit(&compilation, target, Format::Json)
                .ok()
                .map(|it| it.files)
        });
        let own = library::with_program(&case.folder);
        let library = own.as_ref().unwrap_or(&library);
        problems.extend(
            compared(library, &texts, &allowed)
                .into_iter()
                .map(|it| format!("{name}: {it}")),
        );
    }
    assert!(
        problems.is_empty(),
        "{} differences:\n  {}\n",
        problems.len(),
        problems.join("\n  ")
    );
}

/// The differences of three outputs.
fn compared(
    library: &Library,
    files: &[Option<Vec<OutputFile>>; 3],
    allowed: &Differences,
) -> Vec<String> {
    match read(files) {
        Ok(printed) => compare::differences(library, &printed, allowed),
        Err(problem) => vec![problem],
    }
}

/// A target that refuses the program has no files.
fn read(files: &[Option<Vec<OutputFile>>; 3]) -> Result<[Printed; 3], String> {
    let [cfn, terraform, pulumi] = files;
    let text = |files: &[OutputFile], ending: &str| {
        files
            .iter()
            .find(|it| it.path.ends_with(ending))
            .map(|it| it.text.to_string())
            .unwrap_or_default()
    };
    let hcl = |files: &[OutputFile]| {
        let files = files.iter().filter(|it| it.path.ends_with(".tf"));
        let texts: Vec<String> = files.map(|it| it.text.to_string()).collect();
        terraform::read(texts.iter().map(String::as_str))
    };
    let of = |word: &str,
              files: &Option<Vec<OutputFile>>,
              read: &dyn Fn(&[OutputFile]) -> Result<Printed, String>| match files {
        Some(files) => read(files).map_err(|it| format!("{word}: {it}")),
        None => Ok(Printed {
            refused: true,
            ..Printed::default()
        }),
    };
    Ok([
        of("cfn", cfn, &|it| cloudformation::read(&text(it, ".json")))?,
        of("terraform", terraform, &hcl)?,
        of("pulumi", pulumi, &|it| {
            pulumi::read(&text(it, "Pulumi.yaml"))
        })?,
    ])
}
