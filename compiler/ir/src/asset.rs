//! Files and folders of the program, packed.

use std::fmt;
use std::sync::Arc;

use ustr::Ustr;

/// The folder of packages beside what is printed.
pub const PACKAGES: &str = "assets";

/// The input that asks for the bucket of the packages, where a target has them fetched from one.
pub const BUCKET: &str = "asset_bucket";

/// A package. Equal content has an equal name, wherever it comes from.
#[derive(Clone, PartialEq, Eq)]
pub struct Asset {
    /// What was packed, as a path from the root's folder.
    pub source: Ustr,
    /// The SHA-256 of the package, and `.zip`.
    pub key: Ustr,
    /// The same SHA-256 in Base64.
    pub sha256: Ustr,
    /// The package.
    pub bytes: Arc<[u8]>,
}

impl Asset {
    /// Where it lies beside what is printed.
    pub fn path(&self) -> Ustr {
        Ustr::from(&format!("{PACKAGES}/{}", self.key))
    }
}

impl fmt::Debug for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Asset({}, {})", self.source, self.key)
    }
}
