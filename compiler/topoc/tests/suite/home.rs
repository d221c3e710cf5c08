//! A folder to run the binary in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The binary.
pub const TOPOC: &str = env!("CARGO_BIN_EXE_topoc");

/// A folder with one program, `main.topo`, and a folder for temporary files.
pub struct Home(pub TempDir, TempDir);

impl Home {
    /// With nothing in it.
    pub fn empty() -> Home {
        Home(tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap())
    }

    /// With this text.
    pub fn with(program: &str) -> Home {
        let home = Home::empty();
        fs::write(home.path("main.topo"), program).unwrap();
        home
    }

    /// Runs topoc in the folder.
    pub fn run(&self, arguments: &str) -> Output {
        self.run_in(".", arguments)
    }

    /// Runs topoc in a folder of this one.
    pub fn run_in(&self, folder: &str, arguments: &str) -> Output {
        let mut command = self.command(TOPOC);
        command
            .current_dir(self.path(folder))
            .args(arguments.split_whitespace());
        command.output().unwrap()
    }

    /// A command in this folder.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.0.path())
            .env("TMPDIR", self.1.path());
        command
    }

    /// Runs topoc, which does what it is told.
    pub fn does(&self, arguments: &str) {
        let output = self.run(arguments);
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(0), "topoc {arguments}\n{told}");
    }

    /// Runs topoc, which refuses with a report that begins so; the whole of standard error.
    pub fn is_refused(&self, arguments: &str, beginning: &str) -> String {
        let output = self.run(arguments);
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "topoc {arguments}\n{told}");
        assert!(told.starts_with(beginning), "topoc {arguments}\n{told}");
        told
    }

    /// What lies in the folder for temporary files.
    pub fn litter(&self) -> Vec<String> {
        names(self.1.path())
    }

    /// Of a file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// What one of its folders holds.
    pub fn names(&self, folder: &str) -> Vec<String> {
        names(&self.path(folder))
    }
}

/// What a folder holds, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What was reported.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
