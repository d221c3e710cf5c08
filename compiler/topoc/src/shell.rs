//! What shells and `man` know of the command line, made from its own description.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::CommandFactory;
use topoc_driver::Code;

use crate::args::{Cli, Completions, Man};
use crate::disk::why;
use crate::folder::Refusal;
use crate::report::{self, Failed, fail};

/// `topoc completions`: a script on standard output.
pub fn completions(asked: &Completions) -> Result<(), Failed> {
    let mut script = Vec::new();
    clap_complete::generate(asked.shell, &mut Cli::command(), "topoc", &mut script);
    // A closed pipe is no reason to fail.
    let _ = io::stdout().write_all(&script);
    Ok(())
}

/// `topoc man`: a page for topoc and one for each of its commands.
pub fn man(asked: &Man) -> Result<(), Failed> {
    let dir = &asked.dir;
    let written =
        fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(Cli::command(), dir));
    written.map_err(|it| fail(Code::E0902, unwritable(dir, &it)))?;
    report::line(&format!("wrote the manual pages to {}", dir.display()));
    Ok(())
}

fn unwritable(dir: &Path, error: &io::Error) -> Refusal {
    Refusal {
        message: format!("`{}` cannot be written: {}", dir.display(), why(error)),
        help: None,
    }
}
