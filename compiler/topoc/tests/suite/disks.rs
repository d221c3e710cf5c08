//! Disks that are full or read-only, and files that may not grow: a report, and everything is as it was.
#![cfg(unix)]

use std::fs;
use std::io::Write;

use crate::home::{Home, TOPOC, names};

/// With a network, so that there is a lock.
const FIRST: &str = "topology shop { region = \"eu-central-1\" }\n\nnetwork main {\n  cidr = 10.0.0.0/16\n  zones = [a]\n  subnet app { tier = isolated }\n}\n";
/// Another output, and another lock.
const SECOND: &str = "topology shop { region = \"eu-central-1\" }\n\nnetwork main {\n  cidr = 10.0.0.0/16\n  zones = [a, b]\n  subnet app { tier = isolated }\n}\nqueue jobs\n";

/// Standard output of a script that has mounts of its own; `None`, and said so, where the system does not allow them.
/// In continuous integration (`CI=true`) it has to.
///
/// Its first argument is topoc, its folder has `first.topo`, `second.topo` and the empty folder `disk`.
fn in_own_mounts(home: &Home, test: &str, script: &str) -> Option<String> {
    fs::create_dir(home.path("disk")).unwrap();
    fs::write(home.path("first.topo"), FIRST).unwrap();
    fs::write(home.path("second.topo"), SECOND).unwrap();
    let mount = "mount -t tmpfs -o size=1m tmpfs disk";
    let run = |script: &str| {
        let mut unshare = home.command("unshare");
        unshare.args(["-rm", "sh", "-euc", script, "sh", TOPOC]);
        unshare.output()
    };
    if !run(mount).is_ok_and(|it| it.status.success()) {
        let must = std::env::var("CI").is_ok_and(|it| it == "true");
        assert!(!must, "{test}: no mounts of one's own here (unshare -rm)");
        // Not by `eprintln!`, which is shown of failing tests only.
        let mut stderr = std::io::stderr();
        let _ = writeln!(
            stderr,
            "skipped: {test}: no mounts of one's own here (unshare -rm)"
        );
        return None;
    }
    let output = run(&format!("{mount}\n{script}")).unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// The disk grows by a page until a build fits; before that each fails, and the disk is what it was.
const GROWING: &str = r#"
cd disk
until_it_fits() {
  rm -rf ../before && cp -r . ../before
  size=0
  while [ $size -lt 1024 ]; do
    size=$((size + 4))
    mount -o remount,size=${size}k tmpfs . 2> ../ignored || continue
    if "$1" build main.topo --target all -o "$2" --quiet 2> ../told; then return; fi
    diff -r ../before . || exit 1
    head -n 1 ../told
  done
  echo "it never fits"
}
cp ../first.topo main.topo
until_it_fits "$1" new/out
mount -o remount,size=1m tmpfs .
cp ../second.topo main.topo
until_it_fits "$1" new/out
cp -r . ../after
"#;

#[test]
fn a_full_disk_keeps_what_it_had() {
    let home = Home::empty();
    let Some(told) = in_own_mounts(&home, "a full disk", GROWING) else {
        return;
    };
    let told: Vec<&str> = told.lines().collect();
    let places = ["topo.lock", "new/out/cfn", "new/out/terraform"];
    for place in places {
        let report = format!("error[E0902]: `{place}` cannot be written: the disk is full");
        assert!(told.contains(&report.as_str()), "{place}: {told:#?}");
    }
    let is_report =
        |it: &&str| it.starts_with("error[E0902]: `") && it.ends_with("the disk is full");
    assert!(told.iter().all(is_report), "{told:#?}");
    let after = names(&home.path("after"));
    assert_eq!(after, ["main.topo", "new", "topo.lock"]);
    assert!(home.litter().is_empty());
}

const READ_ONLY: &str = r#"
cd disk
cp ../first.topo main.topo
"$1" build main.topo --target all -o out --quiet
printf 'queue   jobs\n' >> main.topo
mount -o remount,ro tmpfs .
cp -r . ../before
for command in "build main.topo --target all -o out" "build main.topo --target cfn -o new/out" "fmt main.topo" \
  "new shop" "man pages"; do
  "$1" $command 2> ../told && exit 1
  head -n 1 ../told
done
diff -r ../before .
"$1" build main.topo --target cfn -o ../elsewhere
"#;

#[test]
fn a_read_only_disk_is_named() {
    let home = Home::empty();
    let Some(told) = in_own_mounts(&home, "a read-only disk", READ_ONLY) else {
        return;
    };
    let refused =
        |place: &str| format!("error[E0902]: `{place}` cannot be written: the disk is read-only\n");
    let places = ["out/cfn", "new/out", "main.topo", "shop", "pages"].map(refused);
    let end = "wrote ../elsewhere (1 file)\n";
    assert_eq!(told, places.concat() + end);
}

/// Runs topoc where no file may become larger than so many blocks: works without a disk of one's own.
fn limited(home: &Home, blocks: usize, arguments: &str) -> (Option<i32>, String) {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" {arguments}");
    let output = home.command("sh").args(["-c", &script, TOPOC]).output();
    let output = output.unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn a_file_that_may_not_grow_is_no_half_file() {
    let home = Home::with(FIRST);
    home.does("build main.topo --target all -o out");
    let before = contents(&home);
    fs::write(home.path("main.topo"), SECOND).unwrap();
    let mut blocks = 0;
    let mut failed = 0;
    while limited(&home, blocks, "build main.topo --target all -o out").0 != Some(0) {
        let (status, told) = limited(&home, blocks, "build main.topo --target all -o new/out");
        assert_eq!(status, Some(1), "{told}");
        let end = "cannot be written: a file would be larger than is allowed here\n";
        let line = told.lines().next().unwrap_or_default().to_owned() + "\n";
        assert!(
            line.starts_with("error[E0902]: `") && line.ends_with(end),
            "{told}"
        );
        assert_eq!(contents(&home), before);
        assert_eq!(names(home.0.path()), ["main.topo", "out", "topo.lock"]);
        failed += 1;
        blocks = (blocks * 2).max(1);
    }
    assert!(failed > 3, "only {failed} runs failed");
    assert_ne!(contents(&home), before);
}

#[test]
fn every_command_reports_a_file_that_may_not_grow() {
    let home = Home::with("queue   jobs\n");
    for (arguments, place) in [
        ("fmt main.topo", "main.topo"),
        ("new shop", "shop"),
        ("man pages", "pages"),
    ] {
        let (status, told) = limited(&home, 0, arguments);
        let report = format!(
            "error[E0902]: `{place}` cannot be written: a file would be larger than is allowed here\n"
        );
        assert!(told.starts_with(&report), "{told}");
        assert_eq!(status, Some(1));
    }
    assert_eq!(names(home.0.path()), ["main.topo"]);
    assert_eq!(
        fs::read_to_string(home.path("main.topo")).unwrap(),
        "queue   jobs\n"
    );
}

/// The lock and every file of the output.
fn contents(home: &Home) -> Vec<String> {
    let mut found = vec![fs::read_to_string(home.path("topo.lock")).unwrap()];
    for target in home.names("out") {
        for name in home.names(&format!("out/{target}")) {
            found.push(fs::read_to_string(home.path(&format!("out/{target}/{name}"))).unwrap());
        }
    }
    found
}
