//! The pieces that a format marks, as units.

use super::units::{self, Setting, Unit};
use crate::text::Line;
use crate::wire::{CleanCopy, PieceKind};

/// Returns the units of a copy whose pieces are marked, and what the format says of each. What it
/// says nothing of is joined by its layout, like copy without marks.
pub(crate) fn units(copy: &CleanCopy<'_>, lines: &[Line]) -> (Vec<Unit>, Vec<PieceKind>) {
    let mut out: Vec<Unit> = Vec::with_capacity(lines.len());
    let mut kinds: Vec<PieceKind> = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let piece = copy.piece(lines[at].range().start);
        let count = lines[at..]
            .iter()
            .take_while(|line| copy.piece(line.range().start).map(|p| p.0) == piece.map(|p| p.0))
            .count()
            .max(1);
        let kind = piece.map_or(PieceKind::Any, |piece| piece.1);
        let end = at + count;
        match kind {
            PieceKind::Any => {
                for unit in units::units(&copy.text, &lines[at..end]) {
                    out.push(Unit {
                        lines: unit.lines.start + at..unit.lines.end + at,
                        ..unit
                    });
                    kinds.push(kind);
                }
            }
            PieceKind::Preformatted => {
                out.push(unit(&lines[at..end], at, Setting::Columns));
                kinds.push(kind);
            }
            _ => {
                // An empty line inside a paragraph parts it all the same.
                let mut start = at;
                for next in at + 1..=end {
                    if next == end || lines[next].blanks > 0 {
                        out.push(unit(&lines[start..next], start, Setting::Text));
                        kinds.push(kind);
                        start = next;
                    }
                }
            }
        }
        at = end;
    }
    (out, kinds)
}

/// Returns the unit of some lines, of which the first has the number `at`.
fn unit(lines: &[Line], at: usize, setting: Setting) -> Unit {
    let (first, last) = (&lines[0], &lines[lines.len() - 1]);
    Unit {
        lines: at..at + lines.len(),
        start: first.range().start,
        end: last.range().end,
        blanks: first.blanks,
        indent: first.indent,
        setting,
    }
}
