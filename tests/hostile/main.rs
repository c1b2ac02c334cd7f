//! Inputs that mean no good, or that nobody thought of: none of them stops a batch, and each costs
//! no more than its size allows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests are tests"
)]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "each suite uses a part of it")]
mod common;
#[path = "../common/entries.rs"]
mod entries;
#[path = "../common/program.rs"]
#[allow(dead_code, reason = "each suite uses a part of it")]
mod program;

mod exports;
mod fence;
mod formats;
mod mutants;
mod not_a_story;
mod threads;
