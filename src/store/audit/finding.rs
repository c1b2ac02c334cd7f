//! What an audit finds.

use crate::store::catalog::Depth;
use crate::store::story_id::StoryId;
use serde::Serialize;

/// How closely to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audit {
    /// Every file is hashed. One story in [`Audit::ONE_IN`], by id, is also made again from its raw
    /// copy, and compared with every row of the catalog about it.
    #[default]
    Sample,
    /// All stories are made again, and compared with the catalog.
    Everything,
}

impl Audit {
    /// Of so many stories one is in the sample.
    pub const ONE_IN: u64 = 64;

    /// Returns whether a story is looked at closely.
    pub(super) fn has(self, id: StoryId) -> bool {
        match self {
            Self::Sample => id.number().is_multiple_of(Self::ONE_IN),
            Self::Everything => true,
        }
    }

    pub(super) fn depth(self) -> Depth {
        match self {
            Self::Sample => Depth::Sample,
            Self::Everything => Depth::Everything,
        }
    }
}

/// Makes the enum of the codes, and their stable names.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $code:ident = $name:literal,)+) => {
        /// What is wrong with a file. The names (`raw-changed` and so on) are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Code {
            $($(#[doc = $doc])+ $code,)+
        }

        impl Code {
            /// All codes, in the order in which an audit looks.
            pub const ALL: &[Self] = &[$(Self::$code),+];

            /// Returns the code's name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)+
                }
            }
        }
    };
}

codes! {
    /// `archive.json` is gone. `--repair` writes it.
    ManifestMissing = "manifest-missing",
    /// `archive.json` cannot be understood. `--repair` writes it.
    ManifestDamaged = "manifest-damaged",
    /// `README.txt` is gone. `--repair` writes it.
    ReadmeMissing = "readme-missing",
    /// `README.txt` is not what this program writes. `--repair` writes it.
    ReadmeChanged = "readme-changed",
    /// `lock` is gone. `--repair` makes it.
    LockMissing = "lock-missing",
    /// `lock` is no empty file. `--repair` makes it again.
    LockChanged = "lock-changed",
    /// Something stands among the archive's own files. It stays: move it elsewhere.
    FileExtra = "file-extra",
    /// A directory of records or raw copies is empty. `--repair` removes it.
    DirectoryEmpty = "directory-empty",
    /// A temporary file or directory was left. `--repair` removes files and empty directories.
    TemporaryLeft = "temporary-left",
    /// An interrupted ingest waits to be finished. `--repair` finishes it.
    Unfinished = "unfinished",
    /// A line of the ledger is missing, changed, moved or no line at all. `--repair` restores it if
    /// the catalog knows it and the checks prove it.
    LedgerDamaged = "ledger-damaged",
    /// The catalog knows lines that the ledger has lost. `--repair` restores those that the checks
    /// prove, and keeps the catalog that knew the others.
    LedgerLost = "ledger-lost",
    /// A line of the annotations is missing, changed, moved, no line at all, or about no story of
    /// the archive. `--repair` keeps the file and seals the lines that can be read again.
    AnnotationsDamaged = "annotations-damaged",
    /// The ledger names bytes that are not there. Restore them, or ingest their source again.
    RawMissing = "raw-missing",
    /// The bytes do not hash to the file's name. Ingest their source again, or restore them.
    RawChanged = "raw-changed",
    /// The system refuses to read the file or directory.
    RawUnreadable = "raw-unreadable",
    /// No ledger line names the file, or it is no raw copy. `--repair` stores the story, if the
    /// name is right.
    RawExtra = "raw-extra",
    /// The ledger names a record that is not there. `--repair` makes it from the raw copy.
    RecordMissing = "record-missing",
    /// The record is not the one that the ledger names. `--repair` makes it from the raw copy.
    RecordChanged = "record-changed",
    /// The system refuses to read the file or directory. `--repair` makes it from the raw copy.
    RecordUnreadable = "record-unreadable",
    /// No ledger line names the file. `--repair` enters it, or removes it if it is a copy of one
    /// that is in place.
    RecordExtra = "record-extra",
    /// This program, with the options of the ledger, makes another record. `--repair` makes it
    /// again.
    RecordDiffers = "record-differs",
    /// This program fails on the story, so its record cannot be compared. It stays; report the
    /// fault.
    StoryFault = "story-fault",
    /// The catalog is no sound database. `--repair` makes it again.
    CatalogDamaged = "catalog-damaged",
    /// The catalog says something else than the ledger or the records. `--repair` makes it again.
    CatalogDiffers = "catalog-differs",
    /// The catalog lacks a story whose record was away, and can be read now. The next command that
    /// reads or writes takes it in.
    CatalogIncomplete = "catalog-incomplete",
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What kind of thing.
    pub code: Code,
    /// The file, below the archive.
    pub path: String,
    /// The story, where one is concerned.
    pub id: Option<String>,
    /// What is wrong, and what can be done, for people.
    pub message: String,
}

/// What an audit has looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// Raw copies hashed.
    pub raw: usize,
    /// Records hashed.
    pub records: usize,
    /// Lines of the ledger.
    pub ledger_lines: u64,
    /// Records made again from their raw copies, to compare.
    pub reparsed: usize,
    /// Stories whose rows in the catalog were compared with their records.
    pub compared: usize,
    /// Things that are wrong.
    pub findings: usize,
    /// Things that were wrong and are mended.
    pub repaired: usize,
}

/// What happens in an audit or a repair.
#[derive(Debug)]
pub enum AuditEvent<'a> {
    /// Files were looked at: so many more, of so many.
    Looked {
        /// How many more.
        more: u64,
        /// Of how many, as far as is known.
        of: u64,
    },
    /// Something is wrong.
    Found(Finding),
    /// Another program is writing, and is waited for.
    Waiting,
    /// The archive was opened, and this had been left undone.
    Recovered(&'a crate::store::Recovery),
    /// Something was wrong, and is right now.
    Repaired {
        /// The file, below the archive.
        path: &'a str,
        /// What was done.
        what: &'a str,
    },
    /// Something is still wrong.
    NotRepaired {
        /// The file, below the archive.
        path: &'a str,
        /// Why, and what can be done.
        why: &'a str,
    },
}

/// Takes what happens in an audit.
pub(super) type Tell<'a> = dyn FnMut(AuditEvent<'_>) + 'a;

/// The report of one look at the archive, as it is made.
pub(super) struct Report<'a, 't> {
    tell: &'a mut Tell<'t>,
    /// How many things are wrong so far.
    pub findings: usize,
}

impl<'a, 't> Report<'a, 't> {
    pub(crate) fn to(tell: &'a mut Tell<'t>) -> Self {
        Self { tell, findings: 0 }
    }

    pub(crate) fn found(&mut self, finding: Finding) {
        self.findings += 1;
        (self.tell)(AuditEvent::Found(finding));
    }

    /// Says that something is wrong with a file of no one story.
    pub(crate) fn file(&mut self, code: Code, path: impl Into<String>, message: impl Into<String>) {
        self.found(Finding {
            code,
            path: path.into(),
            id: None,
            message: message.into(),
        });
    }

    pub(crate) fn looked(&mut self, more: u64, of: u64) {
        (self.tell)(AuditEvent::Looked { more, of });
    }
}
