//! What the help of each command ends with. A test runs every line.

/// `topoc help`
pub const TOPOC: &str = "\
Examples:
  topoc new shop                              a first program, in the folder shop
  topoc build main.topo --target terraform    its files, in build/NAME/terraform
  topoc explain E0203                         what a report means";

/// `topoc help build`
pub const BUILD: &str = "\
Examples:
  topoc build main.topo --target terraform                      write build/NAME/terraform
  topoc build main.topo --target all -o out                     write out/cfn, out/terraform, out/pulumi
  topoc build main.topo --target cfn --format yaml              a template in YAML
  topoc build shop.topo --target pulumi --env prod              one of the program's environments
  topoc build main.topo --target terraform --params prod.yaml   values of params from a file
  topoc build main.topo --target terraform --set copies=3..6    the value of one param
  topoc build main.topo --target all --locked --deny warnings   in continuous integration";

/// `topoc help check`
pub const CHECK: &str = "\
Examples:
  topoc check main.topo                                 for every target and every environment
  topoc check shop.topo --env prod                      one environment
  topoc check main.topo --set copies=3..6               with another value of a param
  topoc check main.topo --deny warnings                 fail where there is a warning
  topoc check main.topo --format json > reports.json    for tools";

/// `topoc help fmt`
pub const FMT: &str = "\
Examples:
  topoc fmt main.topo shop.topo    write both in the one layout
  topoc fmt --check main.topo      write nothing, and fail if something would change
  topoc fmt - < main.topo          standard input to standard output, for editors";

/// `topoc help explain`
pub const EXPLAIN: &str = "\
Examples:
  topoc explain                              every code
  topoc explain E0203                        what error[E0203] means
  topoc explain unknown-attribute            the same by name
  topoc explain single_zone_database         a lint, as `@allow` calls it
  topoc explain main.topo                    every resource of a program
  topoc explain main.topo db                 the resources of one node
  topoc explain main.topo 'app -> db'        the resources of one edge
  topoc explain main.topo aws_lb.alb_main    why this resource exists";

/// `topoc help new`
pub const NEW: &str = "\
Examples:
  topoc new blog                     a program called blog, in a folder of that name
  topoc new web/2027 --name blog     another name than the folder's";

/// `topoc help completions`
pub const COMPLETIONS: &str = "\
Examples:
  topoc completions bash > ~/.local/share/bash-completion/completions/topoc
  topoc completions zsh > ~/.zfunc/_topoc
  topoc completions fish > ~/.config/fish/completions/topoc.fish
  topoc completions powershell > topoc.ps1
  topoc completions elvish > ~/.config/elvish/lib/topoc.elv";

/// `topoc help man`
pub const MAN: &str = "\
Examples:
  topoc man ~/.local/share/man/man1    then `man topoc` and `man topoc-build`";
