//! The binary as its users meet it: exit status, streams, what is written and what is not.

use std::fs;
use std::process::Command;

use crate::home::{Home, names, stderr};

const GOOD: &str = "topology shop { region = \"eu-central-1\" }\n\nparam retention: Duration = 4d\n\nqueue jobs { retention }\n";
const BAD: &str = "topology shop { region = \"eu-central-1\" }\n\nqeue jobs\n";
const PLACED: &str = "topology shop { region = \"eu-central-1\" }\n\nnetwork main {\n  cidr = 10.0.0.0/16\n  zones = [a, b]\n  subnet app { tier = isolated }\n}\n";

#[test]
fn writes_each_target_into_its_folder() {
    let home = Home::with(GOOD);
    let output = home.run("build main.topo --target all -o out");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(home.names("out"), ["cfn", "pulumi", "terraform"]);
    assert!(
        home.names("out/cfn")
            .contains(&"shop.template.json".to_owned())
    );
    assert!(home.names("out/pulumi").contains(&"Pulumi.yaml".to_owned()));

    let again = home.run("build main.topo --target cfn --format yaml --quiet");
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    assert!(
        home.names("build/shop/cfn")
            .contains(&"shop.template.yaml".to_owned())
    );
    assert!(again.stdout.is_empty());
}

#[test]
fn writes_nothing_if_the_program_is_wrong() {
    let home = Home::with(BAD);
    let output = home.run("build main.topo --target all -o out");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(
        stderr(&output).starts_with("error[E0202]"),
        "{}",
        stderr(&output)
    );
    assert!(
        !stderr(&output).contains('\u{1b}'),
        "no colours where no terminal is"
    );
    assert_eq!(names(home.0.path()), ["main.topo"]);
}

#[test]
fn leaves_folders_of_others_alone() {
    let home = Home::with(GOOD);
    fs::create_dir(home.path("out")).unwrap();
    fs::write(home.path("out/notes.txt"), "mine").unwrap();
    let output = home.run("build main.topo --target terraform -o out");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("E0902"), "{}", stderr(&output));
    assert_eq!(home.names("out"), ["notes.txt"]);
}

#[test]
fn usage_mistakes_are_their_own_status() {
    let home = Home::with(GOOD);
    for arguments in [
        "build main.topo",
        "build main.topo --target aws",
        "",
        "check main.topo --set x",
    ] {
        assert_eq!(
            home.run(arguments).status.code(),
            Some(2),
            "topoc {arguments}"
        );
    }
    assert_eq!(home.run("check nowhere.topo").status.code(), Some(1));
    assert_eq!(
        home.run("check main.topo --params nowhere.yaml")
            .status
            .code(),
        Some(1)
    );
    assert_eq!(home.run("--version").status.code(), Some(0));
}

#[test]
fn params_come_from_files_and_the_command_line() {
    let home = Home::with(GOOD);
    fs::write(home.path("a.yaml"), "retention: 2d\n").unwrap();
    fs::write(home.path("b.toml"), "retention = \"3d\"\n").unwrap();
    let seconds = |arguments: &str| {
        let output = home.run(&format!("build main.topo --target cfn -o out {arguments}"));
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        fs::read_to_string(home.path("out/shop.template.json")).unwrap()
    };
    assert!(seconds("").contains("345600"));
    assert!(seconds("--params a.yaml").contains("172800"));
    assert!(seconds("--params a.yaml --params b.toml").contains("259200"));
    assert!(seconds("--params a.yaml --set retention=1d").contains("86400"));
    let wrong = home.run("build main.topo --target cfn -o out --set retention=soon");
    assert_eq!(wrong.status.code(), Some(1));
    assert!(stderr(&wrong).contains("--set:1:11"), "{}", stderr(&wrong));
}

#[test]
fn the_lock_is_written_and_kept() {
    let home = Home::with(PLACED);
    let locked = home.run("build main.topo --target cfn -o out --locked");
    assert_eq!(locked.status.code(), Some(1), "there is no lock yet");
    assert!(stderr(&locked).contains("E0515"), "{}", stderr(&locked));
    assert!(!home.path("topo.lock").exists());

    let first = home.run("build main.topo --target cfn -o out");
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    let lock = fs::read_to_string(home.path("topo.lock")).unwrap();
    assert_eq!(
        home.run("build main.topo --target cfn -o out --locked")
            .status
            .code(),
        Some(0)
    );
    assert_eq!(fs::read_to_string(home.path("topo.lock")).unwrap(), lock);

    fs::write(home.path("topo.lock"), "{").unwrap();
    let broken = home.run("build main.topo --target cfn -o out");
    assert_eq!(broken.status.code(), Some(1));
    assert!(stderr(&broken).contains("E0515"), "{}", stderr(&broken));
}

#[test]
fn check_reports_for_tools() {
    let home = Home::with(BAD);
    let output = home.run("check main.topo --format json");
    assert_eq!(output.status.code(), Some(1));
    let all: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let reports = &all["reports"];
    assert_eq!(reports[0]["code"], "E0202");
    assert_eq!(reports[0]["primary"]["place"]["line"], 3);
    let good = Home::with(GOOD).run("check main.topo --format json");
    assert_eq!(
        String::from_utf8(good.stdout).unwrap(),
        "{\"reports\":[],\"version\":1}\n"
    );
}

#[test]
fn two_runs_at_once_do_not_disturb_each_other() {
    let home = Home::with(PLACED);
    let runs: Vec<_> = (0..4)
        .map(|_| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_topoc"));
            command.current_dir(home.0.path());
            command.args([
                "build",
                "main.topo",
                "--target",
                "all",
                "-o",
                "out",
                "--quiet",
            ]);
            command.spawn().unwrap()
        })
        .collect();
    for mut run in runs {
        assert_eq!(run.wait().unwrap().code(), Some(0));
    }
    assert_eq!(home.names("out"), ["cfn", "pulumi", "terraform"]);
    assert_eq!(names(home.0.path()), ["main.topo", "out", "topo.lock"]);
}

#[test]
fn lays_files_out() {
    let home = Home::with("queue   jobs{}\n// kept\n");
    let checked = home.run("fmt main.topo --check");
    assert_eq!(checked.status.code(), Some(1));
    let shown = String::from_utf8(checked.stdout).unwrap();
    assert_eq!(
        shown,
        "main.topo\n@@ line 1 @@\n-queue   jobs{}\n+queue jobs\n"
    );
    let written = home.run("fmt main.topo");
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
    assert_eq!(written.stdout, b"main.topo\n");
    let text = fs::read_to_string(home.path("main.topo")).unwrap();
    assert_eq!(text, "queue jobs\n// kept\n");
    assert_eq!(home.names("."), ["main.topo"]);
    let again = home.run("fmt main.topo --check");
    assert_eq!(again.status.code(), Some(0));
    assert!(again.stdout.is_empty());
}

#[test]
fn lays_out_what_can_be_read() {
    let home = Home::with("queue   jobs\nqueue  = 3\n");
    let output = home.run("fmt missing.topo main.topo");
    assert_eq!(output.status.code(), Some(1), "a file is missing");
    assert!(stderr(&output).contains("main.topo: has errors"));
    let text = fs::read_to_string(home.path("main.topo")).unwrap();
    assert_eq!(text, "queue jobs\nqueue  = 3\n");
}

#[test]
fn packages_lie_beside_what_is_printed() {
    let home = Home::with(
        r#"topology shop { region = "eu-central-1" }

function resize { code = asset("src"), runtime = "provided.al2023", handler = "bootstrap" }
"#,
    );
    home.is_refused(
        "build main.topo --target all -o out",
        "error[E0412]: `src` cannot be read",
    );
    fs::create_dir_all(home.path("src/lib")).unwrap();
    fs::write(home.path("src/bootstrap"), "#!/bin/sh\n").unwrap();
    fs::write(home.path("src/lib/a.txt"), "a\n").unwrap();
    let packages = |target: &str| -> Vec<(String, Vec<u8>)> {
        let entries = fs::read_dir(home.path("out").join(target).join("assets")).unwrap();
        let read = |it: &std::path::Path| (name(it), fs::read(it).unwrap());
        entries.map(|it| read(&it.unwrap().path())).collect()
    };
    home.does("build main.topo --target all -o out");
    let first = packages("cfn");
    assert_eq!(first.len(), 1);
    assert_eq!(
        (&first, &first),
        (&packages("terraform"), &packages("pulumi"))
    );
    let list = fs::read_to_string(home.path("out/cfn/assets.json")).unwrap();
    assert!(list.contains(&first[0].0), "{list}");

    home.does("build main.topo --target all -o out");
    assert_eq!(first, packages("cfn"), "the same code, the same bytes");
    fs::write(home.path("src/lib/a.txt"), "b\n").unwrap();
    home.does("build main.topo --target all -o out");
    let second = packages("cfn");
    assert!(second.len() == 1 && second[0].0 != first[0].0, "{second:?}");
}

fn name(path: &std::path::Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
