//! The compiler as a library: text and settings in, files out.

mod params;
