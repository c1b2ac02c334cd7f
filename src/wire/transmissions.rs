//! Files with several transmissions, one after the other.

use std::ops::Range;

const SOH: u8 = 0x01;
const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const EOT: u8 = 0x04;
/// A header line is at most so long: an STX farther away belongs to something else.
const HEADER_WITHIN: usize = 512;

/// Returns where each story of a file stands. The ranges tile the file, so that no byte is without
/// a story; what stands between two transmissions (sync characters, line ends) goes to the later
/// one.
pub(crate) fn members(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let mut closed = None;
    for at in memchr::memchr3_iter(SOH, ETX, EOT, bytes) {
        if bytes[at] == SOH {
            // UTF-16 and binary matter have stray controls; an envelope closes before the next
            // opens.
            if let Some(end) = closed.take().filter(|_| opens_transmission(&bytes[at..])) {
                starts.push(end);
            }
        } else if closed.is_some_and(|end| at < end) {
            // A control of the trailer that was read already.
        } else if closed.is_some() || starts.len() > 1 || opens_before(bytes, at) {
            closed = Some(end_of_trailer(bytes, at));
        }
    }
    starts.dedup();
    let ends = starts
        .iter()
        .skip(1)
        .copied()
        .chain(std::iter::once(bytes.len()));
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(start, end)| start..end)
        .collect()
}

fn opens_transmission(bytes: &[u8]) -> bool {
    let window = &bytes[..bytes.len().min(HEADER_WITHIN)];
    window.len() > 8 && bytes[1].is_ascii_alphanumeric() && window.contains(&STX)
}

fn opens_before(bytes: &[u8], at: usize) -> bool {
    let window = &bytes[..at.min(HEADER_WITHIN)];
    memchr::memchr(SOH, window).is_some_and(|soh| opens_transmission(&bytes[soh..]))
}

/// Returns the trailer after ETX: the rest of its line, then controls and line ends that still
/// close the story.
fn end_of_trailer(bytes: &[u8], etx: usize) -> usize {
    let line = memchr::memchr(b'\n', &bytes[etx..]).map_or(bytes.len(), |n| etx + n + 1);
    let rest = bytes[line..]
        .iter()
        .take_while(|b| matches!(**b, ETX | EOT | 0x0C | 0x7F | b'\r' | b'\n' | b' '))
        .count();
    line + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_transmissions_tile_the_file() {
        let one = b"\x05\x05F \n\x16\x16\x01f1769\x1freute\nr f BC-A   10-20 0054\n\x02\nA\n \
                    Reuter\n\x03\n";
        let file = [one.as_slice(), one.as_slice(), one.as_slice()].concat();
        assert_eq!(
            members(&file),
            [
                0..one.len(),
                one.len()..2 * one.len(),
                2 * one.len()..3 * one.len()
            ]
        );
    }

    #[test]
    fn plain_copy_is_one_story() {
        assert_eq!(members(b"Headline\n\nText \x01 \x03 text"), vec![0..23; 1]);
        assert_eq!(members(b""), vec![0..0; 1]);
    }
}
