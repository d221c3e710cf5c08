//! Bad input and bad luck: a clear report, no panic, and what was there before is still there.

use std::fs;
use std::process::{Command, Stdio};

use crate::home::{Home, names, stderr};

const GOOD: &str = "topology shop { region = \"eu-central-1\" }\n\nqueue jobs\n";

/// Runs `check` on a file of these bytes; a report, whatever the bytes are.
fn checked(bytes: &[u8]) -> (Option<i32>, String) {
    let home = Home::empty();
    fs::write(home.path("main.topo"), bytes).unwrap();
    let output = home.run("check main.topo");
    (output.status.code(), stderr(&output))
}

#[test]
fn odd_files_are_reported() {
    let topology = "topology shop { region = \"eu-central-1\" }";
    for (bytes, want) in [
        ("".into(), "error[E0302]: the program has no `topology`"),
        (
            b"\x00\x01ELF".to_vec(),
            "error[E0901]: `main.topo` cannot be read: it is not text",
        ),
        (
            b"\xff\xfe\x00a".to_vec(),
            "error[E0901]: `main.topo` cannot be read: it is not UTF-8 text",
        ),
        (
            format!("{topology}\rqueue jobs\r").into(),
            "error[E0103]: a line ends with a carriage return alone",
        ),
    ] {
        let (code, text) = checked(&bytes);
        assert_eq!(code, Some(1), "{want}\n{text}");
        assert!(text.starts_with(want), "{want}\n{text}");
        assert!(text.contains("\n1 error;"), "one cause, one report\n{text}");
    }
}

#[test]
fn marks_and_line_ends_of_windows_are_fine() {
    let text = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
    assert_eq!(checked(text.as_bytes()), (Some(0), String::new()));
    let (code, text) = checked(format!("{text}qeue \u{feff}x\r\n").as_bytes());
    assert_eq!(code, Some(1));
    assert!(text.contains("main.topo:4:1"), "{text}");
}

#[test]
fn long_lines_are_shown_in_part() {
    let long = "b".repeat(10_000_000);
    let (code, text) = checked(format!("{GOOD}let x = \"{long}\" + qeue // {long}\n").as_bytes());
    assert_eq!(code, Some(1));
    assert!(
        text.contains("nothing here is called `qeue`"),
        "{}",
        text.len()
    );
    assert!(text.len() < 4_000, "{}", text.len());
}

#[test]
fn what_is_no_file_is_reported() {
    let home = Home::with(
        "topology shop { region = \"eu-central-1\" }\nuse \"./folder\"\nuse \"./nowhere.topo\"\n",
    );
    fs::create_dir(home.path("folder")).unwrap();
    let output = home.run("check main.topo");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("it is a folder"),
        "{}",
        stderr(&output)
    );
    assert!(
        stderr(&output).contains("there is no such file"),
        "{}",
        stderr(&output)
    );
    let folder = home.run("check folder");
    assert_eq!(
        stderr(&folder).lines().next(),
        Some("error[E0901]: `folder` cannot be read: it is a folder")
    );
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_reported() {
    use std::os::unix::fs::symlink;
    let home = Home::empty();
    symlink("two.topo", home.path("one.topo")).unwrap();
    symlink("one.topo", home.path("two.topo")).unwrap();
    let output = home.run("check one.topo");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("symbolic links lead back to themselves"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn files_that_use_each_other_are_reported() {
    let home = Home::with("topology shop { region = \"eu-central-1\" }\nuse \"./b.topo\"\n");
    fs::write(home.path("b.topo"), "use \"./main.topo\"\n").unwrap();
    let output = home.run("check main.topo");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).starts_with("error[E0209]: `main.topo` uses itself"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn an_output_that_is_a_file_is_kept() {
    let home = Home::with(GOOD);
    fs::write(home.path("out"), "mine").unwrap();
    for place in ["out", "out/below"] {
        let output = home.run(&format!("build main.topo --target cfn -o {place}"));
        assert_eq!(output.status.code(), Some(1));
        assert!(
            stderr(&output).starts_with("error[E0902]"),
            "{}",
            stderr(&output)
        );
    }
    assert_eq!(fs::read_to_string(home.path("out")).unwrap(), "mine");
}

#[test]
fn a_failed_run_leaves_the_former_output() {
    let home = Home::with(GOOD);
    assert!(
        home.run("build main.topo --target all -o out")
            .status
            .success()
    );
    let before = fs::read_to_string(home.path("out/cfn/shop.template.json")).unwrap();
    fs::write(home.path("main.topo"), "topology shop { region = ").unwrap();
    assert_eq!(
        home.run("build main.topo --target all -o out")
            .status
            .code(),
        Some(1)
    );
    assert_eq!(
        fs::read_to_string(home.path("out/cfn/shop.template.json")).unwrap(),
        before
    );
    assert_eq!(names(home.0.path()), ["main.topo", "out"]);
}

#[test]
fn a_run_after_a_killed_one_finishes_what_it_left() {
    let home = Home::with(GOOD);
    assert!(
        home.run("build main.topo --target cfn -o out")
            .status
            .success()
    );
    fs::write(home.path("out/notes.txt"), "mine").unwrap();
    // killed before anything was moved, between the two moves, and before foreign files were carried over
    fs::create_dir_all(home.path(".out.topoc-staged")).unwrap();
    fs::write(home.path(".out.topoc-staged/half.json"), "{").unwrap();
    fs::create_dir_all(home.path(".out.topoc-retired")).unwrap();
    fs::rename(home.path("out"), home.path(".out.topoc-retired/old")).unwrap();
    assert!(
        home.run("build main.topo --target cfn -o out")
            .status
            .success()
    );
    assert_eq!(names(home.0.path()), ["main.topo", "out"]);
    assert_eq!(
        home.names("out"),
        [".topoc", "notes.txt", "shop.template.json"]
    );

    fs::create_dir_all(home.path(".out.topoc-carried/old")).unwrap();
    fs::write(
        home.path(".out.topoc-carried/old/.topoc"),
        "shop.template.json\n",
    )
    .unwrap();
    fs::write(home.path(".out.topoc-carried/old/state.json"), "state").unwrap();
    assert!(
        home.run("build main.topo --target cfn -o out")
            .status
            .success()
    );
    assert_eq!(names(home.0.path()), ["main.topo", "out"]);
    assert_eq!(
        home.names("out"),
        [".topoc", "notes.txt", "shop.template.json", "state.json"]
    );
}

#[test]
fn runs_that_are_killed_leave_an_output_that_is_whole() {
    let home = Home::with(GOOD);
    assert!(
        home.run("build main.topo --target all -o out")
            .status
            .success()
    );
    let whole = home.names("out/terraform");
    for pause in 0..8 {
        let mut run = Command::new(env!("CARGO_BIN_EXE_topoc"))
            .current_dir(home.0.path())
            .args([
                "build",
                "main.topo",
                "--target",
                "all",
                "-o",
                "out",
                "--quiet",
            ])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(pause * 7));
        run.kill().unwrap();
        run.wait().unwrap();
    }
    assert!(
        home.run("build main.topo --target all -o out")
            .status
            .success()
    );
    assert_eq!(home.names("out"), ["cfn", "pulumi", "terraform"]);
    assert_eq!(home.names("out/terraform"), whole);
    assert_eq!(names(home.0.path()), ["main.topo", "out"]);
}

#[test]
fn a_full_standard_output_is_no_reason_to_fail() {
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else {
        return;
    };
    let home = Home::with(GOOD);
    let status = Command::new(env!("CARGO_BIN_EXE_topoc"))
        .current_dir(home.0.path())
        .args(["build", "main.topo", "--target", "cfn", "-o", "out"])
        .stdout(full)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(home.path("out/shop.template.json").exists());
}

#[test]
fn reports_for_tools_say_everything() {
    let home =
        Home::with("topology shop { region = \"eu-central-1\" }\nqueue jobs { visibility = 30 }\n");
    let output = home.run("check main.topo --format json");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let pretty: serde_json::Value = serde_json::from_str(&text).unwrap();
    let pretty = serde_json::to_string_pretty(&pretty).unwrap();
    insta::assert_snapshot!("reports_for_tools", pretty);
}
