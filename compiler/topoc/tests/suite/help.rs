//! Help: every command has examples, and every example does what it says. Completions, manual pages, wrong usage.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::home::{Home, stderr};

const COMMANDS: [&str; 7] = [
    "build",
    "check",
    "fmt",
    "explain",
    "new",
    "completions",
    "man",
];

/// A program with environments, called `shop.topo` in the examples.
const SHOP: &str = "topology shop { region = \"eu-central-1\" }\n\nparam retention: Duration = 4d\n\nenv dev  { retention = 1d }\nenv prod { retention = 14d }\n\nqueue jobs { retention }\n";

/// A folder with everything that the examples name, which is its user's home as well.
fn prepared() -> Home {
    let home = Home::empty();
    assert!(home.run("new .  --name main").status.success());
    fs::write(home.path("shop.topo"), SHOP).unwrap();
    fs::write(home.path("prod.yaml"), "copies: 3..6\n").unwrap();
    for folder in [
        ".local/share/bash-completion/completions",
        ".zfunc",
        ".config/fish/completions",
        ".config/elvish/lib",
    ] {
        fs::create_dir_all(home.path(folder)).unwrap();
    }
    home
}

/// The line as a shell runs it.
#[cfg(unix)]
fn typed(line: &str, home: &Home) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_topoc"));
    let mut command = Command::new("/bin/sh");
    command.args(["-c", line]).current_dir(home.0.path());
    command.env("HOME", home.0.path());
    command.env("PATH", program.parent().unwrap());
    command.output().unwrap()
}

/// Commands in what a help ends with; two spaces and more begin what is said about them.
fn examples(help: &str) -> Vec<String> {
    let (_, lines) = help.split_once("\nExamples:\n").unwrap_or_default();
    let lines = lines.lines().map(str::trim);
    let commands = lines.filter_map(|it| it.split("  ").next());
    commands.map(str::to_owned).collect()
}

fn help(arguments: &str) -> String {
    let output = Home::empty().run(arguments);
    assert_eq!(output.status.code(), Some(0), "topoc {arguments}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[cfg(unix)]
fn examples_do_what_they_say() {
    let mut all = examples(&help("help"));
    assert_eq!(help("help"), help("--help"));
    for command in COMMANDS {
        let found = examples(&help(&format!("help {command}")));
        assert_eq!(found, examples(&help(&format!("{command} -h"))));
        assert!(!found.is_empty(), "topoc help {command} has no examples");
        let begins = format!("topoc {command}");
        assert!(found.iter().all(|it| it.starts_with(&begins)), "{found:?}");
        all.extend(found);
    }
    for line in all {
        let output = typed(&line, &prepared());
        assert_eq!(output.status.code(), Some(0), "{line}\n{}", stderr(&output));
        assert_eq!(stderr(&output), "", "{line}");
    }
}

#[test]
fn every_command_is_known_here() {
    let help = help("help");
    let (_, rest) = help.split_once("Commands:\n").unwrap();
    let (commands, _) = rest.split_once("\n\n").unwrap();
    let first = |it: &str| it.split_whitespace().next().unwrap_or_default().to_owned();
    let mut found: Vec<String> = commands.lines().map(first).collect();
    found.retain(|it| it != "help");
    assert_eq!(found, COMMANDS);
}

#[test]
fn shells_complete_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = help(&format!("completions {shell}"));
        for word in COMMANDS.into_iter().chain(["target", "locked"]) {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
    }
    let bash = Home::empty();
    fs::write(bash.path("topoc.bash"), help("completions bash")).unwrap();
    let checked = Command::new("bash")
        .args(["-n", "topoc.bash"])
        .current_dir(bash.0.path())
        .output();
    assert!(checked.is_ok_and(|it| it.status.success()), "not bash");
}

#[test]
fn every_command_has_a_manual_page() {
    let home = Home::empty();
    assert_eq!(home.run("man pages").status.code(), Some(0));
    let mut expected: Vec<String> = COMMANDS.map(|it| format!("topoc-{it}.1")).into();
    expected.push("topoc.1".to_owned());
    expected.sort();
    assert_eq!(home.names("pages"), expected);
    let page = fs::read_to_string(home.path("pages/topoc-build.1")).unwrap();
    assert!(page.contains(".TH topoc-build 1"), "{page}");
    let examples = ".SH EXAMPLES\n.nf\n  topoc build main.topo \\-\\-target terraform  ";
    assert!(page.contains(examples), "{page}");

    fs::write(home.path("file"), "").unwrap();
    let output = home.run("man file");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).starts_with("error[E0902]: `file` cannot be written: "));
}

#[test]
fn wrong_usage_is_answered_by_what_was_meant() {
    for (arguments, meant) in [
        ("biuld main.topo", "'build'"),
        ("build main.topo --target terrafrom", "'terraform'"),
        ("build main.topo --taget cfn", "'--target'"),
        ("completions bsh", "'bash'"),
        ("main.topo", "'topoc build main.topo --target terraform'"),
    ] {
        let output = Home::empty().run(arguments);
        assert_eq!(output.status.code(), Some(2), "topoc {arguments}");
        let told = stderr(&output);
        assert!(told.contains("  tip: ") && told.contains(meant), "{told}");
    }
}
