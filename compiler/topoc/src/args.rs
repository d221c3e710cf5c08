//! The command line.

use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use topoc_driver::Compilation;

use crate::examples;

/// Compiles a typed topology to CloudFormation, Terraform and Pulumi YAML.
#[derive(Parser)]
#[command(name = "topoc", version, after_help = examples::TOPOC)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Every command.
#[derive(Subcommand)]
pub enum Command {
    /// Compile a program and write its files; nothing is written unless everything succeeds
    Build(Build),
    /// Compile a program for every target, write nothing, report what is wrong
    Check(Check),
    /// Lay `.topo` files out in the one way; prints which changed
    Fmt(Fmt),
    /// Say what a code means, with an example that fails and how it is mended; or why a resource of a program exists
    Explain(Explain),
    /// Make a folder with a small program that works, its README and its continuous integration
    New(New),
    /// Print a script that completes topoc's commands and options in a shell
    Completions(Completions),
    /// Write the manual pages, for packages
    Man(Man),
}

/// `topoc build`
#[derive(Args)]
#[command(after_help = examples::BUILD)]
pub struct Build {
    /// What to compile, and with which values
    #[command(flatten)]
    pub program: Program,
    /// What to print
    #[arg(long, value_enum)]
    pub target: TargetArg,
    /// The folder to write, replaced as a whole [default: build/NAME[-ENV]/TARGET]; with `--target all` it
    /// receives the folders cfn, terraform and pulumi [default: build/NAME[-ENV]]
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output: Option<PathBuf>,
    /// How CloudFormation templates are written
    #[arg(long, value_enum, default_value_t = FormatArg::Json)]
    pub format: FormatArg,
    /// Fail instead of changing topo.lock
    #[arg(long)]
    pub locked: bool,
    /// Print nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

/// `topoc check`
#[derive(Args)]
#[command(after_help = examples::CHECK)]
pub struct Check {
    /// What to compile, and with which values
    #[command(flatten)]
    pub program: Program,
    /// How reports are written
    #[arg(long, value_enum, default_value_t = ReportArg::Human)]
    pub format: ReportArg,
    /// Print nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

/// `topoc fmt`
#[derive(Args)]
#[command(after_help = examples::FMT)]
pub struct Fmt {
    /// The files; `-` reads standard input and writes standard output
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// Write nothing; show what would change, and fail if something would
    #[arg(long)]
    pub check: bool,
}

/// `topoc explain`
#[derive(Args)]
#[command(after_help = examples::EXPLAIN)]
pub struct Explain {
    /// A code, its slug or the name of a lint: E0203, unknown-attribute, single_zone_database; or the root file of a
    /// program, to explain its resources; without it, all codes are listed
    #[arg(value_name = "CODE|FILE", value_hint = ValueHint::FilePath)]
    pub what: Option<String>,
    /// A resource of the program, by its name in any target, or the node or edge that has it; without it, all are listed
    pub resource: Option<String>,
    /// The environment and the params of the program
    #[command(flatten)]
    pub values: Values,
}

/// `topoc new`
#[derive(Args)]
#[command(after_help = examples::NEW)]
pub struct New {
    /// The folder to make; it may be there if it is empty
    #[arg(value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
    /// The name of the topology [default: the folder's]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// `topoc completions`
#[derive(Args)]
#[command(after_help = examples::COMPLETIONS)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// `topoc man`
#[derive(Args)]
#[command(after_help = examples::MAN)]
pub struct Man {
    /// The folder to write them to
    #[arg(value_hint = ValueHint::DirPath)]
    pub dir: PathBuf,
}

/// A program and the values given to it.
#[derive(Args)]
pub struct Program {
    /// The root file of the program
    #[arg(value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Its environment and params
    #[command(flatten)]
    pub values: Values,
    /// Make an error of a warning, by its code or name (W0707, single_zone_database), or of all `warnings`; `@allow`
    /// with a reason still silences them
    #[arg(long, value_name = "CODE|warnings")]
    pub deny: Vec<String>,
}

/// What a program is compiled with.
#[derive(Args)]
pub struct Values {
    /// The environment; needed by `build` if the program declares environments
    #[arg(long, value_name = "ENV")]
    pub env: Option<String>,
    /// The value of a param, `name=value` or `name.field=value`; stronger than `--params`
    #[arg(long, value_name = "K=V", value_parser = key_value)]
    pub set: Vec<(String, String)>,
    /// Values of params from a YAML, JSON or TOML file; later files are stronger
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub params: Vec<PathBuf>,
}

/// `--target`
#[derive(Clone, Copy, ValueEnum)]
pub enum TargetArg {
    /// CloudFormation
    Cfn,
    /// Terraform
    Terraform,
    /// Pulumi YAML
    Pulumi,
    /// All three
    All,
}

/// `--format` of `build`
#[derive(Clone, Copy, ValueEnum)]
pub enum FormatArg {
    /// NAME.template.json
    Json,
    /// NAME.template.yaml
    Yaml,
}

/// `--format` of `check`
#[derive(Clone, Copy, ValueEnum)]
pub enum ReportArg {
    /// Text, on standard error
    Human,
    /// JSON, on standard output: an object with a version, as docs/reports.md describes
    Json,
}

impl Cli {
    /// The arguments of this run; ends it if they are wrong.
    pub fn read() -> Cli {
        Cli::try_parse().unwrap_or_else(|mut error| {
            if let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand)
                && word.ends_with(".topo")
            {
                let tip = format!("a program is built by 'topoc build {word} --target terraform'");
                let tip = ContextValue::StyledStrs(vec![tip.into()]);
                error.insert(ContextKind::Suggested, tip);
            }
            error.exit()
        })
    }
}

/// Ends the run as every other wrong use of the command line does.
pub fn misuse(command: &str, message: String) -> ! {
    let mut cli = Cli::command();
    cli.build();
    let found = cli.find_subcommand_mut(command);
    match found {
        Some(command) => command.error(ErrorKind::InvalidValue, message).exit(),
        None => cli.error(ErrorKind::InvalidValue, message).exit(),
    }
}

/// Ends the run if `--deny` names what is no warning.
pub fn must_be_understood<'c>(command: &str, found: impl IntoIterator<Item = &'c Compilation>) {
    let mut words = found.into_iter().filter_map(|it| it.misunderstood.clone());
    if let Some(message) = words.next() {
        misuse(command, message);
    }
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a setting is written name=value".to_owned()),
    }
}
