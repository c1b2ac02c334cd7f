//! The catalog against the ledger. It is derived, so nothing is lost when it is wrong; but a reader
//! who asks it would be told wrong things.

use super::Audit;
use super::expected::Expected;
use super::finding::{Code, Finding};
use crate::store::catalog::Catalog;
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::CATALOG;
use crate::store::error::ArchiveError;
use crate::store::ledger::index::number;

/// Compares the catalog with what the ledger says. One that is missing, behind or of another version
/// is no finding: the next command makes it right by itself.
pub(super) fn catalog(
    expected: &Expected,
    audit: Audit,
    tell: &mut dyn FnMut(Finding),
) -> Result<(), ArchiveError> {
    let mut wrong = |code, id, message: String| {
        let message = format!("{message}; `archive reindex` makes it anew");
        tell(Finding {
            code,
            path: CATALOG.to_owned(),
            id,
            message,
        });
    };
    let catalog = match Catalog::open_read_only(&expected.root) {
        Ok(catalog) => catalog,
        Err(
            ArchiveError::CatalogMissing { .. }
            | ArchiveError::CatalogOutdated { .. }
            | ArchiveError::CatalogBusy { .. },
        ) => return Ok(()),
        Err(ArchiveError::CatalogDamaged { reason, .. }) => {
            wrong(
                Code::CatalogDamaged,
                None,
                format!("is no sound database ({reason})"),
            );
            return Ok(());
        }
        Err(ArchiveError::Read { source, .. } | ArchiveError::Write { source, .. }) => {
            wrong(
                Code::CatalogDamaged,
                None,
                format!("cannot be read ({source})"),
            );
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    // Asked of one moment: a writer may have got further meanwhile.
    let looked = catalog.snapshot(|| {
        if audit.every == 1
            && let Some(damage) = catalog.damage()?
        {
            wrong(
                Code::CatalogDamaged,
                None,
                format!("is no sound database ({damage})"),
            );
            return Ok(());
        }
        if catalog.position()? != expected.register.position() {
            return Ok(());
        }
        let mut known = 0;
        let mut failed = Ok(());
        catalog.each_record(|id, record, record_sha256| {
            known += 1;
            let held = number(id).and_then(|number| match expected.register.held(number) {
                Ok(held) => held,
                Err(error) => {
                    failed = Err(error);
                    None
                }
            });
            if !held.is_some_and(|held| {
                *held.record == *record && Fixity::read(record_sha256) == Some(held.record_sha256)
            }) {
                wrong(
                    Code::CatalogDiffers,
                    Some(id.to_owned()),
                    format!("tells of {record}, which is not what the ledger says"),
                );
            }
        })?;
        failed?;
        let stories = expected.register.len()?;
        // Of a record that cannot be read, the record is told.
        if known + (catalog.unread()?.len() as u64) < stories {
            wrong(
                Code::CatalogDiffers,
                None,
                format!("tells of {known} stories where the ledger has {stories}"),
            );
        }
        Ok(())
    });
    match looked {
        Err(ArchiveError::CatalogDamaged { reason, .. }) => {
            wrong(
                Code::CatalogDamaged,
                None,
                format!("is no sound database ({reason})"),
            );
            Ok(())
        }
        other => other,
    }
}
