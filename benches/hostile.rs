//! Throughput of the whole road on copy that no newsroom sends: `cargo bench --bench hostile`.
//!
//! Every kind must run at 5 MB/s or better; `tests/hostile_text.rs` checks that each grows
//! linearly.

#[path = "../tests/common/pathological.rs"]
mod pathological;

use archive::{ParseOptions, parse, stories};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use pathological::{KINDS, Kind, Strains};

fn main() {
    divan::main();
}

/// Copy of each kind is so long.
const SIZE: usize = 1 << 20;

fn of(strains: Strains) -> impl Iterator<Item = Kind> {
    KINDS
        .iter()
        .copied()
        .filter(move |kind| kind.strains == strains)
}

fn read(bencher: Bencher<'_, '_>, kind: Kind) {
    let copy = kind.copy(SIZE);
    bencher.counter(BytesCount::new(copy.len())).bench(|| {
        let options = ParseOptions::default();
        for story in stories(&copy, &options).each(&copy) {
            drop(black_box(parse(&story, &options)));
        }
    });
}

#[divan::bench(args = of(Strains::Furniture), sample_count = 3, sample_size = 1)]
fn furniture(bencher: Bencher<'_, '_>, kind: Kind) {
    read(bencher, kind);
}

#[divan::bench(args = of(Strains::Quotes), sample_count = 3, sample_size = 1)]
fn quotes(bencher: Bencher<'_, '_>, kind: Kind) {
    read(bencher, kind);
}
