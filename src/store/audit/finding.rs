//! What an audit finds.

use serde::Serialize;

/// What is wrong with a file. The names (`raw-changed` and so on) are stable.
///
/// | code | what it means | what `--repair` does |
/// | --- | --- | --- |
/// | `ledger-damaged` | a line of the ledger is missing, changed, moved or no line at all | nothing: restore it from a backup |
/// | `unfinished` | an interrupted ingest waits to be finished | finishes it |
/// | `raw-missing` | the ledger names bytes that are not there | nothing: restore them, or ingest the source again |
/// | `raw-changed` | the bytes do not hash to the file's name | nothing: restore them |
/// | `raw-unreadable` | the system refuses to read the file or directory | nothing |
/// | `raw-extra` | no ledger line names the file, or it is no raw copy | stores the story, if the name is right |
/// | `record-missing` | the ledger names a record that is not there | makes it from the raw copy |
/// | `record-changed` | the record is not the one that the ledger names | makes it from the raw copy |
/// | `record-unreadable` | the system refuses to read the file or directory | makes it from the raw copy |
/// | `record-extra` | no ledger line names the file | enters it, or removes it if it is a copy of one that is in place |
/// | `record-differs` | this program, with the options of the ledger, makes another record | makes it from the raw copy |
/// | `story-fault` | this program fails on the story, so its record cannot be compared | nothing: the record stays; report the fault |
/// | `catalog-damaged` | the catalog is no sound database | makes it anew |
/// | `catalog-differs` | the catalog tells of other stories or records than the ledger | makes it anew |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the table above")]
pub enum Code {
    LedgerDamaged,
    Unfinished,
    RawMissing,
    RawChanged,
    RawUnreadable,
    RawExtra,
    RecordMissing,
    RecordChanged,
    RecordUnreadable,
    RecordExtra,
    RecordDiffers,
    StoryFault,
    CatalogDamaged,
    CatalogDiffers,
}

impl Code {
    /// The code's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::LedgerDamaged => "ledger-damaged",
            Self::Unfinished => "unfinished",
            Self::RawMissing => "raw-missing",
            Self::RawChanged => "raw-changed",
            Self::RawUnreadable => "raw-unreadable",
            Self::RawExtra => "raw-extra",
            Self::RecordMissing => "record-missing",
            Self::RecordChanged => "record-changed",
            Self::RecordUnreadable => "record-unreadable",
            Self::RecordExtra => "record-extra",
            Self::RecordDiffers => "record-differs",
            Self::StoryFault => "story-fault",
            Self::CatalogDamaged => "catalog-damaged",
            Self::CatalogDiffers => "catalog-differs",
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind of thing.
    pub code: Code,
    /// The file, below the archive.
    pub path: String,
    /// The story, where one is concerned.
    pub id: Option<String>,
    /// What is wrong, for people.
    pub message: String,
}

/// What an audit has looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Raw copies hashed.
    pub raw: usize,
    /// Records hashed.
    pub records: usize,
    /// Lines of the ledger.
    pub ledger_lines: u64,
    /// Records made again from their raw copies, to compare.
    pub reparsed: usize,
    /// Things that are wrong.
    pub findings: usize,
    /// Things that were wrong and are mended.
    pub repaired: usize,
}
