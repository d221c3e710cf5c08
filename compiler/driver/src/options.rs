//! What a compilation is told besides the program.

/// Everything that decides the output besides the sources.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--env`
    pub env: Option<String>,
    /// `--set`: name or `name.field`, and the value.
    pub sets: Vec<(String, String)>,
    /// `--params`: names and texts, weakest first. The ending of the name decides how it is read.
    pub params: Vec<(String, String)>,
    /// The text of `topo.lock`, if there is one.
    pub lock: Option<String>,
    /// The day, `2027-06-30`: an `@allow` whose day has passed silences nothing. Without it none expires.
    pub today: Option<String>,
    /// A lock that would change is an error.
    pub locked: bool,
    /// `--deny`: warnings that count as errors, by code or name; `warnings` is all of them.
    pub deny: Vec<String>,
    /// What messages show before the names of the program's files, `examples/web/`.
    pub folder: String,
}
