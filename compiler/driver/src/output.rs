//! What is printed.

/// A file of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Below the output folder, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// How CloudFormation templates are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `NAME.template.json`
    #[default]
    Json,
    /// `NAME.template.yaml`
    Yaml,
}
