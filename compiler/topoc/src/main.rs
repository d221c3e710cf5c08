//! The command `topoc`: arguments, files, colours, exit status. The only crate that reads or writes files.

mod args;
mod build;
mod check;
mod disk;
mod examples;
mod exchange;
mod explain;
mod fmt;
mod folder;
mod fresh;
mod guard;
mod new;
mod page;
mod report;
mod same;
mod shell;
mod whole;
mod why;

use std::process::ExitCode;

use args::{Cli, Command};

/// The program has errors.
const ERRORS: u8 = 1;

/// Many small values are made and dropped: this allocator halves what that costs, and asks for pages of 2 MiB where it can have them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let done = match Cli::read().command {
        Command::Build(it) => build::run(&it),
        Command::Check(it) => check::run(&it),
        Command::Fmt(it) => fmt::run(&it),
        Command::Explain(it) => explain::run(&it),
        Command::New(it) => new::run(&it),
        Command::Completions(it) => shell::completions(&it),
        Command::Man(it) => shell::man(&it),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(report::Failed) => {
            report::closing();
            ExitCode::from(ERRORS)
        }
    }
}
