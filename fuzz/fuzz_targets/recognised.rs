//! Stories, read as what they look like.
#![no_main]
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "shared with tests"
)]

#[path = "../../tests/common/mod.rs"]
mod common;
#[path = "../../tests/common/entries.rs"]
mod entries;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| entries::recognised(bytes));
