//! What people say of stories: each line sealed, and of a story that is there.

use super::expected::Expected;
use super::finding::{Code, Finding, Report};
use crate::store::annotations::{AnnotationEvent, file};
use crate::store::directory::layout::ANNOTATIONS;
use crate::store::error::ArchiveError;
use crate::store::story_id::StoryId;

const MEND: &str = "`archive verify --repair` seals the lines that can be read again, and keeps \
                    the file as it is in `evidence/`";

/// Looks at the annotations of the archive at `root`.
pub(super) fn look(
    root: &std::path::Path,
    expected: &Expected,
    report: &mut Report<'_, '_>,
) -> Result<(), ArchiveError> {
    let mut findings = Vec::new();
    let mut strays = Vec::new();
    file::check(
        root,
        |damage| findings.push(finding(damage.line, None, damage.reason)),
        |number, line| {
            if line.event != AnnotationEvent::Struck {
                strays.push((number, line.id.clone()));
            }
        },
    )?;
    for (number, id) in strays {
        let stored = match StoryId::read(&id) {
            Some(id) => expected.register.stored(id)?,
            None => None,
        };
        if stored.is_none() {
            let reason = "is about a story that is not in the archive";
            findings.push(finding(number, Some(id), reason));
        }
    }
    findings
        .into_iter()
        .for_each(|finding| report.found(finding));
    Ok(())
}

fn finding(line: u64, id: Option<String>, reason: &str) -> Finding {
    Finding {
        code: Code::AnnotationsDamaged,
        path: ANNOTATIONS.to_owned(),
        id,
        message: format!("line {line}: {reason}; {MEND}"),
    }
}
