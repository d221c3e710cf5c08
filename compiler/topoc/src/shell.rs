//! What shells and `man` know of the command line, made from its own description.

use std::io::{self, Write};
use std::path::Path;

use clap::{Command, CommandFactory};
use topoc_driver::Code;

use crate::args::{Cli, Completions, Man};
use crate::folder::{MadeFolders, Refusal};
use crate::report::{self, Failed, fail};
use crate::whole::Whole;

/// `topoc completions`: a script on standard output.
pub fn completions(asked: &Completions) -> Result<(), Failed> {
    let mut script = Vec::new();
    clap_complete::generate(asked.shell, &mut Cli::command(), "topoc", &mut script);
    report::result(&String::from_utf8_lossy(&script))
}

/// `topoc man`: a page for topoc and one for each of its commands.
pub fn man(asked: &Man) -> Result<(), Failed> {
    let dir = &asked.dir;
    let written = MadeFolders::to(dir).and_then(|_made| pages(dir));
    written.map_err(|it| fail(Code::E0902, Refusal::unwritable(dir, &it)))?;
    report::line(&format!("wrote the manual pages to {}", dir.display()));
    Ok(())
}

fn pages(dir: &Path) -> io::Result<()> {
    let mut cli = Cli::command().disable_help_subcommand(true);
    cli.build();
    let mut written = Vec::new();
    for command in std::iter::once(&cli).chain(cli.get_subcommands()) {
        let man = clap_mangen::Man::new(command.clone());
        let name = man.get_filename();
        written.push(Whole::beside(&dir.join(name), &page(&man, command)?)?);
    }
    written.into_iter().try_for_each(Whole::put)
}

/// The sections of a manual page; examples as lines of their own, which the generator would fill to paragraphs.
fn page(man: &clap_mangen::Man, command: &Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let examples = command.get_after_help().map(ToString::to_string);
    let examples = examples
        .unwrap_or_default()
        .replace('\\', "\\\\")
        .replace('-', "\\-");
    let lines = examples.strip_prefix("Examples:\n").unwrap_or(&examples);
    write!(page, ".SH EXAMPLES\n.nf\n{lines}\n.fi\n")?;
    Ok(page)
}
