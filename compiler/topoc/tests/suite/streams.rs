//! Standard streams that are closed, full, or read no further; and files that are none.
#![cfg(unix)]

use std::fs;
use std::process::Output;

use crate::home::{Home, TOPOC, stderr};

const GOOD: &str = "topology shop { region = \"eu-central-1\" }\n\nqueue jobs\n";

/// Runs a script whose `$0` is topoc.
fn script(home: &Home, script: &str) -> Output {
    let output = home.command("sh").args(["-c", script, TOPOC]).output();
    output.unwrap()
}

#[test]
fn a_result_that_cannot_be_written_is_an_error() {
    if !fs::exists("/dev/full").unwrap() {
        return;
    }
    let home = Home::with(GOOD);
    for arguments in [
        "explain",
        "explain E0203",
        "check main.topo --format json",
        "completions bash",
        "fmt - < main.topo",
    ] {
        let output = script(&home, &format!("\"$0\" {arguments} > /dev/full"));
        let told = stderr(&output);
        let report = "error[E0901]: standard output cannot be written: the disk is full\n";
        assert!(told.starts_with(report), "{arguments}: {told}");
        assert_eq!(output.status.code(), Some(1), "{arguments}");
    }
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let home = Home::with(GOOD);
    for arguments in [
        "explain",
        "check main.topo --format json",
        "completions bash",
    ] {
        let output = script(
            &home,
            &format!("{{ \"$0\" {arguments}; echo $? >&2; }} | true"),
        );
        assert_eq!(stderr(&output), "0\n", "{arguments}");
    }
}

#[test]
fn closed_streams_are_no_reason_to_crash() {
    let home = Home::with("qeue jobs\n");
    for (arguments, status) in [
        ("fmt - <&-", 0),
        ("explain >&-", 0),
        ("check main.topo 2>&-", 1),
        ("check main.topo <&- >&- 2>&-", 1),
    ] {
        let output = script(&home, &format!("\"$0\" {arguments}"));
        assert_eq!(output.status.code(), Some(status), "{arguments}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_breaks_off_is_reported() {
    // the first page of a process is never there
    Home::empty().is_refused(
        "check /proc/self/mem",
        "error[E0901]: `mem` cannot be read: ",
    );
}

#[test]
fn folders_instead_of_files_are_reported() {
    let home = Home::with(GOOD);
    fs::create_dir(home.path("values")).unwrap();
    home.is_refused(
        "build main.topo --target cfn --params values -o out",
        "error[E0901]: `values` cannot be read: it is a folder\n",
    );
    fs::create_dir(home.path("topo.lock")).unwrap();
    home.is_refused(
        "build main.topo --target cfn -o out",
        "error[E0901]: `topo.lock` cannot be read: it is a folder\n",
    );
    assert!(!home.path("out").exists());
}
