//! `topoc new`: the folder it makes, whole, and what it refuses.

use std::fs;
use std::path::Path;

use crate::home::{Home, names, stderr};

#[test]
fn the_folder_is_as_shown_and_works() {
    let home = Home::empty();
    let output = home.run("new web-shop");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        told,
        "wrote web-shop (5 files)\nnext: look at web-shop/main.topo, then topoc build web-shop/main.topo --target terraform\n"
    );
    assert_eq!(home.names("."), ["web-shop"]);
    let mut shown = String::new();
    show(&home.path("web-shop"), "", &mut shown);
    insta::assert_snapshot!("new", shown);
    for command in [
        "fmt --check web-shop/main.topo",
        "check web-shop/main.topo",
        "build web-shop/main.topo --target all --locked --quiet",
    ] {
        let output = home.run(command);
        assert_eq!(output.status.code(), Some(0), "{command}");
        assert_eq!((output.stdout, output.stderr), (Vec::new(), Vec::new()));
    }
}

#[test]
fn what_its_readme_suggests_works() {
    let home = Home::empty();
    assert!(home.run("new shop").status.success());
    let readme = fs::read_to_string(home.path("shop/README.md")).unwrap();
    let (_, line) = readme
        .split_once("- A queue for work that can wait: ")
        .unwrap();
    let (line, _) = line.split_once('\n').unwrap();
    let program = fs::read_to_string(home.path("shop/main.topo")).unwrap();
    let added = line.split('`').skip(1).step_by(2).collect::<Vec<_>>();
    fs::write(
        home.path("shop/main.topo"),
        program + &added.join("\n") + "\n",
    )
    .unwrap();
    let output = home.run("check shop/main.topo");
    assert_eq!(
        (output.status.code(), stderr(&output)),
        (Some(0), String::new())
    );
}

/// Every file below a folder, with its name above it.
fn show(folder: &Path, below: &str, shown: &mut String) {
    for name in names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            show(&path, &format!("{below}{name}/"), shown);
        } else {
            let text = fs::read_to_string(path).unwrap();
            shown.push_str(&format!("==> {below}{name} <==\n{text}\n"));
        }
    }
}

#[test]
fn an_empty_folder_is_filled() {
    let home = Home::empty();
    fs::create_dir(home.path("shop")).unwrap();
    let output = home.run_in("shop", "new .");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let program = fs::read_to_string(home.path("shop/main.topo")).unwrap();
    assert!(program.contains("topology shop {"), "{program}");
    let expected = [
        ".github",
        ".gitignore",
        "README.md",
        "main.topo",
        "topo.lock",
    ];
    assert_eq!(home.names("shop"), expected);
}

#[test]
fn what_is_there_is_not_touched() {
    let home = Home::with("mine\n");
    for (dir, why) in [(".", "is not empty"), ("main.topo", "is a file")] {
        let output = home.run(&format!("new {dir} --name shop"));
        assert_eq!(output.status.code(), Some(1));
        let told = format!(
            "error[E0902]: `{dir}` {why}, and what is there shall not be touched\n  help: name a new or empty folder\n"
        );
        assert!(stderr(&output).starts_with(&told), "{}", stderr(&output));
    }
    assert_eq!(home.names("."), ["main.topo"]);
    assert_eq!(fs::read(home.path("main.topo")).unwrap(), b"mine\n");
}

#[test]
fn a_place_below_a_file_is_refused() {
    let home = Home::with("mine\n");
    let output = home.run("new main.topo/shop");
    assert_eq!(output.status.code(), Some(1));
    let told = "error[E0902]: `main.topo/shop` cannot be written: ";
    assert!(stderr(&output).starts_with(told), "{}", stderr(&output));
    assert_eq!(home.names("."), ["main.topo"]);
}

#[test]
fn a_name_must_be_one() {
    let home = Home::empty();
    for (arguments, told) in [
        (
            "new 2027",
            "error: a topology cannot be called like its folder, `2027`: ",
        ),
        (
            "new web --name schöner-laden",
            "error: a topology cannot be called `schöner-laden`: ",
        ),
    ] {
        let output = home.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(stderr(&output).starts_with(told), "{}", stderr(&output));
        assert!(stderr(&output).contains("\n  tip: topoc new "));
    }
    assert_eq!(home.names("."), Vec::<String>::new());
    assert_eq!(home.run("new 2027 --name shop").status.code(), Some(0));
}
