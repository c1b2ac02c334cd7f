//! A story's memory is at most twenty times its size, whatever stands in it.
//!
//! One test, alone in its program: it counts what the allocator hands out.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/pathological.rs"]
mod pathological;

use archive::{ParseOptions, parse, stories};
use pathological::{KINDS, Kind, Strains};
use peakmem_alloc::{INSTRUMENTED_SYSTEM, PeakMemAlloc, PeakMemAllocTrait};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &PeakMemAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Returns the most that is held at once while a story is read and its record written, in bytes.
fn peak(copy: &[u8], options: &ParseOptions) -> usize {
    ALLOCATOR.reset_peak_memory();
    for story in stories(copy, options).each(copy) {
        serde_json::to_writer(std::io::sink(), &parse(&story, options)).unwrap();
    }
    ALLOCATOR.get_peak_memory()
}

/// Returns how many times its size a kind of copy costs, if that is too much.
fn costs_too_much(kind: &Kind) -> Option<String> {
    const TIMES: usize = 20;
    // Windows on a long story have a size of their own; it is a small part of this.
    let size = match kind.strains {
        Strains::Quotes => 2 << 20,
        Strains::Furniture => 512 << 10,
    };
    let copy = kind.copy(size);
    let peak = peak(&copy, &ParseOptions::default());
    let times = peak.div_ceil(copy.len());
    (times > TIMES).then(|| format!("{kind}: {times} times"))
}

#[test]
fn memory_is_at_most_twenty_times_the_story() {
    // What is read once for all stories is not the story's.
    parse(
        b"\"We won,\" said Ana Ruiz, a docker.\n",
        &ParseOptions::default(),
    );
    let dear: Vec<String> = KINDS.iter().filter_map(costs_too_much).collect();
    assert!(dear.is_empty(), "{}", dear.join("\n"));
}
