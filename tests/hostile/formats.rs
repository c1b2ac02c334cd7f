//! Files of every format that were cut off, or that have bytes in them that mean nothing.

use crate::entries::recognised;
use std::fs;
use std::path::Path;

/// Returns the files of the fixtures, whatever their format.
pub(crate) fn fixtures() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind != "json"))
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Returns where a file of any format can be cut: around marks, at line ends, in the middle of
/// words.
fn cuts(bytes: &[u8], most: usize) -> Vec<usize> {
    let places: Vec<usize> = (0..bytes.len())
        .filter(|at| at % 37 == 0 || b"<>:{}\\\n\t;&|\"".contains(&bytes[*at]))
        .flat_map(|at| [at, at + 1])
        .collect();
    let step = places.len().div_ceil(most).max(1);
    places.into_iter().step_by(step).collect()
}

#[test]
fn files_cut_off_anywhere_give_true_records() {
    for bytes in fixtures() {
        for cut in cuts(&bytes, 8) {
            recognised(&bytes[..cut]);
            recognised(&bytes[cut..]);
        }
    }
}

#[test]
fn bytes_that_mean_nothing_give_true_records() {
    for bytes in fixtures() {
        for cut in cuts(&bytes, 2) {
            for junk in [
                &b"\0\xFF\xFE\x80"[..],
                b"<<<<",
                b"}}}}",
                b"\n\n\n",
                b"\xE2\x80",
            ] {
                recognised(&[&bytes[..cut], junk, &bytes[cut..]].concat());
            }
        }
    }
}
