//! Stories taken apart and put together in other ways: a stand-in for a fuzzer, on a stable
//! compiler.
//!
//! Every run tries the same mutants. `ARCHIVE_FUZZ_ROUNDS` raises their number.

use crate::entries;
use std::fs;
use std::panic;
use std::path::Path;

/// A small generator, so that every run tries the same mutants.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }

    /// Returns a range of up to `most` places.
    fn range(&mut self, len: usize, most: usize) -> std::ops::Range<usize> {
        let start = self.roll(len + 1);
        start..(start + self.roll(most)).min(len)
    }
}

/// A line as the ledger has it.
const LEDGER_LINE: &str = r#"{"n":1,"time":"2026-11-24T10:00:00Z","event":"stored","id":"00000000000000aa","sha256":"00","record":null,"record_sha256":null,"record_bytes":9,"path":"a.txt","member":null,"program":"archive 0","options":{"year":1987,"tz":"Europe/Paris"},"note":null,"check":"00"}"#;

fn fixtures() -> Vec<Vec<u8>> {
    files("txt")
}

/// Returns the fixtures' files of one kind.
fn files(kind: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == kind))
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn rounds(usual: usize) -> usize {
    let given = std::env::var("ARCHIVE_FUZZ_ROUNDS").ok();
    given.map_or(usual, |given| given.parse().unwrap())
}

/// Every story of the bytes gives a true record.
fn check(bytes: &[u8]) {
    enter(bytes, entries::recognised);
}

/// Goes in by one of the doors that the fuzz targets use, and shows the mutant that breaks it.
#[allow(
    clippy::print_stderr,
    reason = "the panic says what broke, and not in which story"
)]
fn enter(bytes: &[u8], door: fn(&[u8])) {
    if let Err(fault) = panic::catch_unwind(|| door(bytes)) {
        eprintln!("--- the mutant:\n{}\n---", String::from_utf8_lossy(bytes));
        panic::resume_unwind(fault);
    }
}

/// Bytes changed, lost, doubled and put in.
#[test]
fn damaged_stories_give_true_records() {
    let seeds = fixtures();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..rounds(1500) {
        let mut bytes = dice.pick(&seeds).clone();
        for _ in 0..=dice.roll(4) {
            damage(&mut bytes, &seeds, &mut dice);
        }
        check(&bytes);
    }
}

/// The same, read as formats that they are not.
#[test]
fn damaged_stories_give_true_records_in_every_format() {
    let seeds = files("txt");
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    for _ in 0..rounds(1500) / 30 {
        let mut bytes = dice.pick(&seeds).clone();
        damage(&mut bytes, &seeds, &mut dice);
        enter(&bytes, entries::forced);
    }
}

/// Records that no program wrote are refused, or read back as the same.
#[test]
fn damaged_records_are_refused_or_read_back() {
    let mut seeds = files("json");
    seeds.push(LEDGER_LINE.as_bytes().to_vec());
    seeds.iter().for_each(|record| entries::stored(record));
    let mut dice = Dice(0x6C62_272E_07BB_0142);
    for _ in 0..rounds(1500) {
        let mut bytes = dice.pick(&seeds).clone();
        damage(&mut bytes, &seeds, &mut dice);
        enter(&bytes, entries::stored);
        let mut line = LEDGER_LINE.as_bytes().to_vec();
        damage(&mut line, &seeds, &mut dice);
        enter(&line, entries::stored);
    }
}

fn damage(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], dice: &mut Dice) {
    let piece = dice.range(bytes.len(), 40);
    match dice.roll(5) {
        0 if !piece.is_empty() => bytes[piece.start] = u8::try_from(dice.roll(256)).unwrap(),
        1 => drop(bytes.drain(piece)),
        2 => {
            let copy = bytes[piece.clone()].to_vec();
            bytes.splice(piece.start..piece.start, copy);
        }
        3 => {
            let other = dice.pick(seeds);
            let cut = dice.roll(other.len());
            bytes.splice(piece.start.., other[cut..].iter().copied());
        }
        _ => bytes.insert(
            piece.start,
            *dice.pick(&[b'\n', b'"', b' ', b'(', 0x01, 0x03, 0xE2]),
        ),
    }
}

/// Lines cut, joined, moved and indented, so that blocks begin and end where no story has it.
#[test]
fn stories_of_other_lines_give_true_records() {
    let seeds = fixtures();
    let mut dice = Dice(0x5851_F42D_4C95_7F2D);
    for _ in 0..rounds(1500) {
        let mut lines: Vec<Vec<u8>> = Vec::new();
        // Several stories without an envelope between them.
        for _ in 0..=dice.roll(3) {
            let story = dice.pick(&seeds);
            lines.extend(story.split(|byte| *byte == b'\n').map(<[u8]>::to_vec));
        }
        for _ in 0..=dice.roll(8) {
            rearrange(&mut lines, &mut dice);
        }
        check(&lines.join(&b'\n'));
    }
}

fn rearrange(lines: &mut Vec<Vec<u8>>, dice: &mut Dice) {
    let at = dice.roll(lines.len());
    match dice.roll(6) {
        // Cut at a word.
        0 => {
            let words: Vec<usize> = spaces(&lines[at]);
            if !words.is_empty() {
                let rest = lines[at].split_off(*dice.pick(&words));
                lines.insert(at + 1, rest);
            }
        }
        // Joined with the next.
        1 if at + 1 < lines.len() => {
            let next = lines.remove(at + 1);
            lines[at].push(b' ');
            lines[at].extend(next);
        }
        // Indented otherwise.
        2 => {
            let text = lines[at].trim_ascii_start().to_vec();
            let indent = dice.pick(&["", " ", "  ", "    ", "\t"]);
            lines[at] = [indent.as_bytes(), &text].concat();
        }
        3 => {
            let line = lines[at].clone();
            let to = dice.roll(lines.len());
            lines.insert(to, line);
        }
        4 => lines.insert(at, Vec::new()),
        _ => {
            let range = dice.range(lines.len(), 6);
            drop(lines.drain(range));
            if lines.is_empty() {
                lines.push(Vec::new());
            }
        }
    }
}

fn spaces(line: &[u8]) -> Vec<usize> {
    (0..line.len()).filter(|at| line[*at] == b' ').collect()
}

/// Paragraphs that end after any of their words, with an indented one after them: what reads a name
/// or a title at the end of a block must not run on into the next.
#[test]
fn paragraphs_cut_at_every_word_give_true_records() {
    for story in fixtures() {
        let text = String::from_utf8_lossy(&story);
        // The quotes' paragraphs; others have nothing that runs on.
        let quoting = text.lines().filter(|line| line.contains(['"', '“', '«']));
        for line in quoting.take(2) {
            for at in spaces(line.as_bytes()).into_iter().take(60) {
                let (before, after) = line.split_at(at);
                check(format!("Markets slow\n  {before}\n  {}\n", after.trim_start()).as_bytes());
                check(format!("Markets slow\n\n{before}\n\n{}\n", after.trim_start()).as_bytes());
            }
        }
    }
}

/// The smallest that was found: what says who somebody is ends with its block.
#[test]
fn a_title_that_ends_with_its_block_gives_a_true_record() {
    for end in [
        "Chief Economist at",
        "owner of",
        "the union's",
        "head of the",
        "minister for foreign affairs and",
        "41, of",
        "Prof.",
    ] {
        for next in ["Port", "Bank of the Port and Sea Trust Company", "a b", "P"] {
            for break_ in ["\n  ", "\n\n", "\n"] {
                check(
                    format!("Markets slow\n\n  \"Go,\" said Ana Ruiz, {end}{break_}{next}\n")
                        .as_bytes(),
                );
                check(
                    format!("economists said.\n  \"Go,\" said Ana Ruiz, {end}{break_}{next}\n")
                        .as_bytes(),
                );
            }
        }
    }
}
