//! Bad input and bad luck: a clear report, no panic, and what was there before is still there.

use std::fs;

use crate::home::{Home, TOPOC, stderr};

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
        (
            format!("{topology}\nlet x = {}", "[".repeat(5_000)).into(),
            "error[E0109]: `[` is not closed",
        ),
        (
            format!("{topology}\nlet x = 1 {}", ")".repeat(5_000)).into(),
            "error[E0109]: nothing to close here",
        ),
        (
            format!("{topology}\n{}", "é".repeat(1_000_000)).into(),
            "error[E0103]: `",
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
    let told = home.is_refused("check main.topo", "error[E0209]");
    assert!(told.contains("it is a folder"), "{told}");
    assert!(told.contains("there is no such file"), "{told}");
    home.is_refused(
        "check folder",
        "error[E0901]: `folder` cannot be read: it is a folder\n",
    );
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_reported() {
    use std::os::unix::fs::symlink;
    let home = Home::empty();
    symlink("two.topo", home.path("one.topo")).unwrap();
    symlink("one.topo", home.path("two.topo")).unwrap();
    home.is_refused(
        "check one.topo",
        "error[E0901]: `one.topo` cannot be read: symbolic links lead back to themselves\n",
    );
}

#[test]
fn files_that_use_each_other_are_reported() {
    let home = Home::with("topology shop { region = \"eu-central-1\" }\nuse \"./b.topo\"\n");
    fs::write(home.path("b.topo"), "use \"./main.topo\"\n").unwrap();
    home.is_refused("check main.topo", "error[E0209]: `main.topo` uses itself");
}

#[test]
fn an_output_that_is_a_file_is_kept() {
    let home = Home::with(GOOD);
    fs::write(home.path("out"), "mine").unwrap();
    for place in ["out", "out/below"] {
        home.is_refused(
            &format!("build main.topo --target cfn -o {place}"),
            "error[E0902]",
        );
    }
    assert_eq!(fs::read_to_string(home.path("out")).unwrap(), "mine");
}

#[test]
fn a_full_standard_output_is_no_reason_to_fail() {
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else {
        return;
    };
    let home = Home::with(GOOD);
    let status = home
        .command(TOPOC)
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
