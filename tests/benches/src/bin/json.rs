//! What the compiler is compared with: reads the finished template with `serde_json` and writes it again, prettily.
//!
//! An ordinary program, with the allocator of the system: `json TEMPLATE COPY`.

use std::fs;
use std::io;

use serde_json::Value;

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(template), Some(copy)) = (args.next(), args.next()) else {
        return Err(io::Error::other("json TEMPLATE COPY"));
    };
    let value: Value = serde_json::from_str(&fs::read_to_string(template)?)?;
    fs::write(copy, serde_json::to_string_pretty(&value)?)?;
    // as the compiler does, it leaves its trees to the end of the process
    std::mem::forget(value);
    Ok(())
}
