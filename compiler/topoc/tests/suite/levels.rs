//! `--deny`: warnings that count as errors.

use std::fs;

use crate::home::{Home, names, stderr};

/// One warning of the compiler and one of the library.
const WARNED: &str = "topology shop { region = \"eu-central-1\" }\n\nparam unread: Int = 1\n\nnetwork main {\n  cidr = 10.0.0.0/16\n  zones = [a, b]\n  subnet data { tier = isolated }\n}\n\ndatabase db in main.data { engine = postgres, version = \"16\" }\n";
const REASON: &str = "@allow(single_zone_database, reason = \"a copy of another\")\ndatabase";

#[test]
fn a_denied_warning_writes_nothing_and_says_why() {
    let home = Home::with(WARNED);
    for (flag, code) in [
        ("warnings", "error[W0713]"),
        ("W0713", "error[W0713]"),
        ("unused_input", "error[W0713]"),
        ("unused-input", "error[W0713]"),
        ("W0707", "error[W0707 single_zone_database]"),
        ("single_zone_database", "error[W0707 single_zone_database]"),
        ("kind_warning", "error[W0707 single_zone_database]"),
    ] {
        for command in ["check main.topo", "build main.topo --target all -o out"] {
            let output = home.run(&format!("{command} --deny {flag}"));
            let told = stderr(&output);
            assert_eq!(output.status.code(), Some(1), "{flag}: {told}");
            assert!(told.contains(code), "{flag}: {told}");
            let note = format!("Note: a warning that `--deny {flag}` makes an error");
            assert!(told.contains(&note), "{flag}: {told}");
            assert_eq!(told.contains("warning["), flag != "warnings", "{told}");
            assert!(!told.contains("more checks follow"), "{told}");
            assert_eq!(names(home.0.path()), ["main.topo"]);
        }
    }
}

#[test]
fn what_is_not_denied_only_warns() {
    let home = Home::with(WARNED);
    home.does("build main.topo --target all -o out --deny single_zone --deny W0703");
    home.is_refused(
        "check main.topo --deny W0703 --deny W0713 --quiet",
        "error[W0713]",
    );
}

#[test]
fn a_reason_silences_what_is_denied() {
    let home = Home::with(&WARNED.replace("database", REASON).replace("unread", "size"));
    fs::write(
        home.path("main.topo"),
        fs::read_to_string(home.path("main.topo")).unwrap()
            + "queue jobs { max_receives = size }\n",
    )
    .unwrap();
    home.does("build main.topo --target all -o out --deny warnings");
}

#[test]
fn what_is_found_while_printing_is_denied_too() {
    let topics: String = (0..520).map(|it| format!("topic t{it}\n")).collect();
    let home = Home::with(&format!(
        "topology shop {{ region = \"eu-central-1\" }}\n\n{topics}"
    ));
    home.does("build main.topo --target cfn -o out");
    let refused = "build main.topo --target all -o new --deny template_size";
    home.is_refused(refused, "error[W0706]");
    home.is_refused("check main.topo --deny W0706", "error[W0706]");
    assert_eq!(names(home.0.path()), ["main.topo", "out"]);
}

#[test]
fn tools_are_told_what_denied_it() {
    let home = Home::with(WARNED);
    let output = home.run("check main.topo --format json --deny W0713");
    assert_eq!(output.status.code(), Some(1));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let reports = told["reports"].as_array().unwrap();
    let levels: Vec<_> = reports
        .iter()
        .map(|it| {
            (
                it["code"].as_str(),
                it["severity"].as_str(),
                it["denied_by"].as_str(),
            )
        })
        .collect();
    let denied = (Some("W0713"), Some("error"), Some("--deny W0713"));
    assert_eq!(levels, [denied, (Some("W0707"), Some("warning"), None)]);
}

#[test]
fn what_is_no_warning_cannot_be_denied() {
    let home = Home::with(WARNED);
    for (word, answer) in [
        (
            "single_zone_databse",
            "no warning is called `single_zone_databse`: did you mean `single_zone_database`?",
        ),
        (
            "everything",
            "no warning is called `everything`: a code, the name of a lint, or `warnings`",
        ),
        ("E0203", "`E0203` is an error already"),
    ] {
        for command in ["check main.topo", "build main.topo --target all"] {
            let output = home.run(&format!("{command} --deny {word}"));
            assert_eq!(output.status.code(), Some(2));
            assert!(stderr(&output).contains(answer), "{}", stderr(&output));
        }
    }
}
