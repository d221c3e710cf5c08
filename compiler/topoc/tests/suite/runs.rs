//! Runs that fail, that are killed, and that go on at once: an output is always a whole one.

use std::fs;
use std::process::{Child, Stdio};

use crate::home::{Home, TOPOC, names};

const GOOD: &str = "topology shop { region = \"eu-central-1\" }\n\nqueue jobs\n";

/// A run that writes all targets to `out`, and goes on.
fn start(home: &Home, program: &str) -> Child {
    let mut command = home.command(TOPOC);
    let words = ["build", program, "--target", "all", "-o", "out", "--quiet"];
    command.args(words).stdout(Stdio::null());
    command.spawn().unwrap()
}

/// Starts runs and kills each after so many milliseconds.
fn kill(home: &Home, pauses: impl Iterator<Item = u64>) {
    for pause in pauses {
        let mut run = start(home, "main.topo");
        std::thread::sleep(std::time::Duration::from_millis(pause));
        run.kill().unwrap();
        run.wait().unwrap();
    }
}

#[test]
fn a_failed_run_leaves_the_former_output() {
    let home = Home::with(GOOD);
    home.does("build main.topo --target all -o out");
    let before = fs::read_to_string(home.path("out/cfn/shop.template.json")).unwrap();
    fs::write(home.path("main.topo"), "topology shop { region = ").unwrap();
    home.is_refused("build main.topo --target all -o out", "error[E0109]");
    assert_eq!(
        fs::read_to_string(home.path("out/cfn/shop.template.json")).unwrap(),
        before
    );
    assert_eq!(names(home.0.path()), ["main.topo", "out"]);
}

#[test]
fn a_run_after_a_killed_one_finishes_what_it_left() {
    let home = Home::with(GOOD);
    home.does("build main.topo --target cfn -o out");
    fs::write(home.path("out/notes.txt"), "mine").unwrap();
    // killed while it wrote, between two moves, and before foreign files were carried over: after moves, and after an exchange
    fs::create_dir_all(home.path(".out.topoc-staged")).unwrap();
    fs::write(home.path(".out.topoc-staged/half.json"), "{").unwrap();
    fs::create_dir_all(home.path(".out.topoc-retired")).unwrap();
    fs::rename(home.path("out"), home.path(".out.topoc-retired/old")).unwrap();
    home.does("build main.topo --target cfn -o out");
    assert_eq!(names(home.0.path()), ["main.topo", "out"]);
    assert_eq!(
        home.names("out"),
        [".topoc", "notes.txt", "shop.template.json"]
    );

    for (former, kept) in [("carried/old", "state.json"), ("former", "plan.json")] {
        let former = format!(".out.topoc-{former}");
        fs::create_dir_all(home.path(&former)).unwrap();
        fs::write(home.path(&format!("{former}/.topoc")), "old.json\n").unwrap();
        fs::write(home.path(&format!("{former}/old.json")), "{}").unwrap();
        fs::write(home.path(&format!("{former}/{kept}")), "mine").unwrap();
    }
    home.does("build main.topo --target cfn -o out");
    assert_eq!(names(home.0.path()), ["main.topo", "out"]);
    assert_eq!(
        home.names("out"),
        [
            ".topoc",
            "notes.txt",
            "plan.json",
            "shop.template.json",
            "state.json"
        ]
    );
}

#[test]
fn runs_that_are_killed_leave_an_output_that_is_whole() {
    let home = Home::with(GOOD);
    home.does("build main.topo --target all -o out");
    let whole = home.names("out/terraform");
    kill(&home, (0..8).map(|it| it * 7));
    home.does("build main.topo --target all -o out");
    assert_eq!(home.names("out"), ["cfn", "pulumi", "terraform"]);
    assert_eq!(home.names("out/terraform"), whole);
    assert!(home.litter().is_empty(), "{:?}", home.litter());
    assert_eq!(names(home.0.path()), ["main.topo", "out"]);
}

/// Every file below a folder, with its text.
fn texts(home: &Home, folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for target in home.names(folder) {
        for name in home.names(&format!("{folder}/{target}")) {
            let path = format!("{target}/{name}");
            let text = fs::read_to_string(home.path(&format!("{folder}/{path}"))).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// A program with a network, so that it has facts in the lock, and as many queues as its number.
fn program(number: usize) -> String {
    let queues: String = (0..number).map(|it| format!("queue jobs_{it}\n")).collect();
    format!(
        "topology shop_{number} {{ region = \"eu-central-1\" }}\n\nnetwork main {{\n  cidr = 10.0.0.0/16\n  zones = [a]\n  \
         subnet app {{ tier = isolated }}\n}}\n\n{queues}"
    )
}

#[test]
fn eight_runs_at_once_leave_one_output_and_every_fact() {
    let home = Home::empty();
    let programs: Vec<String> = (1..=8).map(|it| format!("shop_{it}.topo")).collect();
    let mut alone = Vec::new();
    for (index, name) in programs.iter().enumerate() {
        fs::write(home.path(name), program(index + 1)).unwrap();
        home.does(&format!("build {name} --target all -o alone/{index}"));
        alone.push(texts(&home, &format!("alone/{index}")));
    }
    let lock = fs::read_to_string(home.path("topo.lock")).unwrap();
    fs::remove_file(home.path("topo.lock")).unwrap();

    let runs: Vec<Child> = programs.iter().map(|it| start(&home, it)).collect();
    for mut run in runs {
        assert_eq!(run.wait().unwrap().code(), Some(0));
    }
    let together = texts(&home, "out");
    assert!(alone.contains(&together), "{together:?}");
    assert_eq!(fs::read_to_string(home.path("topo.lock")).unwrap(), lock);
    let mut left = programs.clone();
    left.extend(["alone", "out", "topo.lock"].map(str::to_owned));
    left.sort();
    assert_eq!(names(home.0.path()), left);
    assert!(home.litter().is_empty(), "{:?}", home.litter());
}

/// The file that guards an output is there while it is guarded; one that a killed run left is in nobody's way.
#[test]
fn a_guard_that_was_left_blocks_nobody() {
    let home = Home::with(GOOD);
    kill(&home, (0..6).map(|it| it * 10));
    home.does("build main.topo --target all -o out");
    assert!(home.litter().is_empty(), "{:?}", home.litter());
}
