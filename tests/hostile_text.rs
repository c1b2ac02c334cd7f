//! Copy that no newsroom sends costs no more than other copy: time grows as the copy does, and
//! memory stays a small multiple of it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/pathological.rs"]
mod pathological;

use archive::story::{NoteKind, WarningCode};
use archive::{ParseOptions, Story, parse, stories};
use pathological::{KINDS, Kind, Strains};
use std::time::{Duration, Instant};

/// Returns the least time of a few runs: what else the machine does only ever adds to it.
fn time(copy: &[u8]) -> Duration {
    (0..3)
        .map(|_| {
            let started = Instant::now();
            let options = ParseOptions::default();
            for story in stories(copy, &options).each(copy) {
                drop(parse(&story, &options));
            }
            started.elapsed()
        })
        .min()
        .unwrap()
}

/// Returns whether four times the copy costs clearly more than four times the time.
fn grows_too_fast(kind: &Kind) -> Option<String> {
    const SMALL: usize = 16 << 10;
    // Caches and the allocator make the larger copy dearer by a half or so; what is quadratic
    // costs sixteen times as much, and four times that at the next size.
    const RATIO: u32 = 8;
    // On a machine that has other work, a run may be put off for a while.
    const PAUSE: Duration = Duration::from_millis(100);
    let sizes = [SMALL, SMALL * 4, SMALL * 16].map(|size| kind.copy(size));
    let mut times = [Duration::ZERO; 3];
    for (time_of, copy) in times.iter_mut().zip(&sizes) {
        *time_of = time(copy);
        // Something quadratic would run for hours at the next size.
        if *time_of > Duration::from_secs(5) {
            return Some(format!("{kind}: {} bytes take {time_of:?}", copy.len()));
        }
    }
    let too_fast = |pair: &[Duration]| pair[1] > PAUSE && pair[1] > pair[0] * RATIO;
    times
        .windows(2)
        .any(too_fast)
        .then(|| format!("{kind}: {times:?} for 16, 64 and 256 KiB"))
}

#[test]
fn time_grows_as_the_copy_does() {
    let slow: Vec<String> = KINDS
        .iter()
        .filter(|kind| kind.strains == Strains::Furniture)
        .filter_map(|kind| grows_too_fast(kind).and_then(|_| grows_too_fast(kind)))
        .collect();
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

/// Bytes that a record holds on the heap, as far as they grow with the story.
fn size(story: &Story) -> usize {
    serde_json::to_string(story).unwrap().len()
}

#[test]
fn a_record_is_a_few_times_as_large_as_its_story() {
    const BYTES: usize = 256 << 10;
    let large: Vec<String> = KINDS
        .iter()
        .filter(|kind| kind.strains == Strains::Furniture)
        .filter_map(|kind| {
            let copy = kind.copy(BYTES);
            let options = ParseOptions::default();
            let members = stories(&copy, &options).parts;
            // A record has keys of its own, which thousands of tiny stories repeat.
            let story = parse(&members[0].bytes(&copy), &options);
            let size = size(&story);
            (members.len() == 1 && size > 8 * copy.len())
                .then(|| format!("{kind}: {} bytes give {size}", copy.len()))
        })
        .collect();
    assert!(large.is_empty(), "{}", large.join("\n"));
}

#[test]
fn hundreds_of_lines_that_nobody_can_explain_are_one_note() {
    let copy = format!(
        "Ferry slip to close\n\nBy Ana Ruiz\n\n{}",
        "a\n".repeat(5000)
    );
    let story = parse(copy.as_bytes(), &ParseOptions::default());
    let unknown: Vec<_> = story
        .notes
        .iter()
        .filter(|note| note.kind == NoteKind::Unknown)
        .collect();
    assert_eq!(unknown.len(), 1);
    assert!(unknown[0].span.len() > 9000, "{:?}", unknown[0].span);
    assert_eq!(story.headline.as_deref(), Some("Ferry slip to close"));
}

#[test]
fn a_long_table_stays_one_block() {
    let rows = "Leeds  12 7 3 2  24\n".repeat(3000);
    let copy = format!(
        "League table after the last round\n\nBy Ana Ruiz\n\nThe league has published its table, \
         which shows that nothing has changed since the last round was played.\n\n{rows}\n"
    );
    let story = parse(copy.as_bytes(), &ParseOptions::default());
    let table = story.body.last().unwrap();
    assert_eq!(table.text.lines().count(), 3000);
}

#[test]
fn a_date_in_the_future_loses_against_any_other() {
    let read = |copy: &str| parse(copy.as_bytes(), &ParseOptions::default());
    let body =
        "The board of the harbour met on Tuesday and said that the old ferry slip will close.";
    let two = read(&format!(
        "Ferry slip to close for winter repairs\n\nMarch 4, 2087\n\nUpdated: March 5, \
         2019\n\n{body}\n"
    ));
    assert_eq!(two.published, None);
    assert_eq!(two.updated.as_deref(), Some("2019-03-05"));
    assert!(
        two.warnings
            .iter()
            .all(|w| w.code != WarningCode::DateInFuture)
    );
    let alone = read(&format!(
        "Ferry slip to close for winter repairs\n\nMarch 4, 2087\n\n{body}\n"
    ));
    assert_eq!(alone.published.as_deref(), Some("2087-03-04"));
    assert!(
        alone
            .warnings
            .iter()
            .any(|w| w.code == WarningCode::DateInFuture)
    );
    let short = read(&format!(
        "Ferry slip to close for winter repairs\n\n09/04/87\n\n{body}\n"
    ));
    assert_eq!(short.published.as_deref(), Some("1987-04-09"));
}
