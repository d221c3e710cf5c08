//! The real tools judge what is printed: one process for every case and example.
//!
//! Without the tools (`tests/conformance/install`) this says so and passes; `TOPOC_CONFORM=require` makes a missing tool
//! a failure and deploys every case too, `TOPOC_CONFORM=skip` leaves all of it out.

#![allow(
    clippy::indexing_slicing,
    reason = "JSON gives null for what is not there"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use topoc_driver::{Format, Target, emit};

use crate::cases::{self, home};

/// What is asked for.
#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Skip,
    IfThere,
    Require,
}

fn wanted() -> Wanted {
    match std::env::var("TOPOC_CONFORM").as_deref() {
        Ok("require") => Wanted::Require,
        Ok("skip") => Wanted::Skip,
        _ => Wanted::IfThere,
    }
}

/// Cases whose stack is created too, beside the systems: with the resources whose order is delicate.
const DEPLOYED: [&str; 3] = [
    "tests/golden/lambda-package",
    "tests/golden/s3-notification",
    "tests/golden/sqs-queue",
];

#[test]
fn tools_accept_every_output() {
    let built = tempfile::tempdir().expect("a temporary folder");
    let dirs = write_all(built.path(), |_| true);
    judged("check.py", &[], &dirs);
}

#[test]
fn terraform_applies_every_output() {
    applied(&["--only", "terraform"], |_| true);
}

#[test]
fn systems_deploy() {
    applied(&[], |name| {
        name.starts_with("examples/systems/") || DEPLOYED.contains(&name)
    });
}

/// Deploys the outputs of the wanted cases, where the tools are required.
fn applied(options: &[&str], is_wanted: impl Fn(&str) -> bool) {
    if wanted() != Wanted::Require {
        return;
    }
    let built = tempfile::tempdir().expect("a temporary folder");
    let dirs = write_all(built.path(), is_wanted);
    judged("apply.py", options, &dirs);
}

#[test]
fn judges_notice_faults() {
    if wanted() != Wanted::Require {
        return;
    }
    let Some(mut command) = script("selftest.py") else {
        return;
    };
    let ran = command.output().expect("selftest.py runs");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}");
}

#[test]
fn tables_are_what_the_tools_say() {
    let Some(mut command) = script("check_schemas") else {
        return;
    };
    let ran = command.output().expect("check_schemas runs");
    let said = [ran.stdout, ran.stderr].concat();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&said));
}

/// A script of the conformance suite, if its tools are installed.
fn script(name: &str) -> Option<Command> {
    let there = home().join(".conformance/installed").is_file();
    match wanted() {
        Wanted::Skip => return None,
        Wanted::IfThere if !there => {
            eprintln!("skipped: the judges are not installed (tests/conformance/install)");
            return None;
        }
        Wanted::Require => assert!(
            there,
            "the judges are not installed: run tests/conformance/install"
        ),
        Wanted::IfThere => {}
    }
    Some(Command::new(home().join("tests/conformance").join(name)))
}

/// Runs a script over folders and fails with what the judges say.
fn judged(name: &str, options: &[&str], dirs: &[PathBuf]) {
    let Some(mut command) = script(name) else {
        return;
    };
    let out = tempfile::NamedTempFile::new().expect("a temporary file");
    command
        .arg("--out")
        .arg(out.path())
        .args(options)
        .args(dirs);
    let ran = command.output().expect("the script runs");
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    let text = fs::read_to_string(out.path()).unwrap_or_default();
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{name}: {said}"));
    for (judge, why) in report["skipped"].as_object().into_iter().flatten() {
        eprintln!("skipped: {judge}: {why}");
    }
    let problems = problems(&report);
    assert!(
        problems.is_empty(),
        "{} problems:\n  {}\n",
        problems.len(),
        problems.join("\n  ")
    );
    assert!(ran.status.success(), "{name}: {said} {}", report["skipped"]);
}

fn problems(report: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (case, judges) in report["cases"].as_object().into_iter().flatten() {
        let case = Path::new(case)
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        for (judge, verdict) in judges.as_object().into_iter().flatten() {
            let said = verdict["problems"].as_array().into_iter().flatten();
            found.extend(
                said.map(|it| format!("{case}: {judge}: {}", it.as_str().unwrap_or_default())),
            );
        }
    }
    found
}

/// Writes the outputs of the wanted cases, as `topoc build --target all` does; a target that refuses a program is left out.
fn write_all(folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut dirs = Vec::new();
    for case in cases::all() {
        let name = case.name();
        if !is_wanted(name.split('@').next().unwrap_or_default()) {
            continue;
        }
        let compilation = case.compile();
        let dir = folder.join(name.replace('/', "."));
        for target in Target::ALL {
            let Ok(printed) = emit(&compilation, target, Format::Json) else {
                continue;
            };
            for file in printed.files {
                let path = dir.join(target.word()).join(file.path);
                fs::create_dir_all(path.parent().unwrap_or(&dir)).expect("a folder");
                let bytes: Vec<&[u8]> = file.text.bytes().collect();
                fs::write(path, bytes.concat()).expect("a file");
            }
        }
        let existing = case.folder.join("existing.json");
        if existing.is_file() {
            fs::copy(existing, dir.join("existing.json")).expect("what exists");
        }
        if dir.is_dir() {
            dirs.push(dir);
        }
    }
    dirs
}
