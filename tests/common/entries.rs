//! Where bytes that nobody vouches for come in. The mutants of `tests/hostile/` and the targets of
//! `fuzz/` go in by the same doors.

use crate::common;
use archive::store::ledger::Line;
use archive::story::Story;
use archive::{FORMATS, ParseOptions, parse, stories};

/// Reads the stories of `bytes` as what they look like; fails unless every record is true.
pub(crate) fn recognised(bytes: &[u8]) {
    read(bytes, &ParseOptions::default());
}

/// Reads the stories of `bytes` as each format in turn, whatever they look like; fails unless every
/// record is true.
pub(crate) fn forced(bytes: &[u8]) {
    for known in FORMATS {
        read(bytes, &ParseOptions::default().format(known.format));
    }
}

/// Reads `bytes` as a record and as a line of the ledger; fails if what was read does not read back
/// as the same.
pub(crate) fn stored(bytes: &[u8]) {
    if let Ok(record) = serde_json::from_slice::<Story>(bytes) {
        let written = serde_json::to_vec(&record).expect("a record is JSON");
        let back: Story = serde_json::from_slice(&written).expect("a written record reads back");
        assert_eq!(back, record);
    }
    if let Ok(line) = serde_json::from_slice::<Line>(bytes) {
        let written = serde_json::to_vec(&line).expect("a line of the ledger is JSON");
        let mut back: Line = serde_json::from_slice(&written).expect("a written line reads back");
        // The check is put on when the line is sealed.
        back.check.clone_from(&line.check);
        assert_eq!(back, line);
    }
}

fn read(bytes: &[u8], options: &ParseOptions) {
    for story in stories(bytes, options).each(bytes) {
        common::check(&story, &parse(&story, options));
    }
}
