//! Comparing and converting.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::convert::Infallible;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::{Ustr, ustr};

impl PartialEq for Ustr {
    fn eq(&self, other: &Ustr) -> bool {
        // by (once)
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Ustr {}

impl PartialOrd for Ustr {
    fn partial_cmp(&self, other: &Ustr) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ustr {
    fn cmp(&self, other: &Ustr) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Ustr {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

macro_rules! compares_with {
    ($($other:ty),*) => { $(
        impl PartialEq<$other> for Ustr {
            fn eq(&self, other: &$other) -> bool {
                let other: &str = other.as_ref();
                self.as_str() == other
            }
        }

        impl PartialEq<Ustr> for $other {
            fn eq(&self, other: &Ustr) -> bool {
                other == self
            }
        }
    )* };
}

compares_with!(str, &str, String, &String);

impl AsRef<str> for Ustr {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

macro_rules! keeps {
    ($($text:ty),*) => { $(
        impl From<$text> for Ustr {
            fn from(text: $text) -> Ustr {
                ustr(text.as_ref())
            }
        }
    )* };
}

keeps!(&str, &String, String, Box<str>, Cow<'_, str>);

impl From<Ustr> for &'static str {
    fn from(name: Ustr) -> &'static str {
        name.as_str()
    }
}

impl From<Ustr> for String {
    fn from(name: Ustr) -> String {
        name.as_str().to_owned()
    }
}

impl FromStr for Ustr {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Ustr, Infallible> {
        Ok(ustr(text))
    }
}
