//! Same input, same bytes: every case is compiled in two further processes, with hash seeds of their own.

use std::env;
use std::fs;
use std::process::Command;

use topoc_driver::{Format, Target, emit};

use crate::cases::{self, joined, shown};

const CHILD: &str = "TOPOC_DETERMINISM_CHILD";

#[test]
fn two_processes_print_the_same_bytes() {
    if let Some(path) = env::var_os(CHILD) {
        fs::write(path, everything()).expect("the parent named a file that can be written");
        return;
    }
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let outputs = ["first", "second"].map(|name| {
        let path = folder.path().join(name);
        let program = env::current_exe().expect("a test knows its binary");
        let mut child = Command::new(program);
        child.args(["--exact", "determinism::two_processes_print_the_same_bytes"]);
        let output = child
            .env(CHILD, &path)
            .output()
            .expect("a test can start itself");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
        fs::read_to_string(path).expect("the child wrote it")
    });
    assert!(outputs[0] == outputs[1], "two runs print different bytes");
}

fn everything() -> String {
    let mut text = String::new();
    for case in cases::all() {
        let compilation = case.compile();
        text.push_str(&shown(&compilation));
        for target in Target::ALL {
            let files = emit(&compilation, target, Format::Json);
            text.push_str(&joined(&files.unwrap_or_default().files));
        }
        text.push_str(&compilation.new_lock.clone().unwrap_or_default());
    }
    text
}
