//! The way back from a text to the text that it was made from.

use std::ops::Range;

/// A monotone map from byte offsets of a derived text to byte offsets of its source.
///
/// Made of runs in which every character has one width in the derived text and one in the source;
/// source bytes between two runs have no counterpart. Without runs it is the identity.
#[derive(Clone, Debug, Default)]
pub struct OffsetMap {
    runs: Vec<Run>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    // Four bytes each: copy that changes at every other character has as many runs.
    to: u32,
    from: u32,
    to_step: u32,
    from_step: u32,
}

impl OffsetMap {
    /// Returns whether derived text and source are the same.
    pub fn is_identity(&self) -> bool {
        self.runs.is_empty()
    }

    /// Says that the character at `to`, `to_len` bytes long, was made from `from_len` bytes at
    /// `from`.
    /// Calls come in ascending order and leave no gap in `to`.
    pub fn push(&mut self, to: usize, to_len: usize, from: usize, from_len: usize) {
        let (to_step, from_step) = (to_len as u32, from_len as u32);
        if let Some(last) = self.runs.last()
            && last.to_step == to_step
            && last.from_step == from_step
        {
            let (last_to, last_from) = (last.to as usize, last.from as usize);
            let steps = (to - last_to) / to_len.max(1);
            if to_len > 0 && last_to + steps * to_len == to && last_from + steps * from_len == from
            {
                return;
            }
        }
        self.runs.push(Run {
            to: to as u32,
            from: from as u32,
            to_step,
            from_step,
        });
    }

    /// Says that `len` bytes at `to` are the same `len` bytes at `from`.
    pub fn push_same(&mut self, to: usize, from: usize, len: usize) {
        if len == 0 {
            return;
        }
        match self.runs.last() {
            Some(last)
                if last.to_step == 1
                    && last.from_step == 1
                    && from.checked_sub(last.from as usize) == Some(to - last.to as usize) => {}
            _ => self.runs.push(Run {
                to: to as u32,
                from: from as u32,
                to_step: 1,
                from_step: 1,
            }),
        }
    }

    /// Moves the source by `offset` bytes. Not for the identity, which has no runs to move.
    pub fn shift(&mut self, offset: usize) {
        self.runs
            .iter_mut()
            .for_each(|run| run.from += offset as u32);
    }

    /// Returns how many bytes from `offset`, at most up to `end`, stand for the same number of
    /// source bytes each, in one run.
    pub fn straight(&self, offset: usize, end: usize) -> usize {
        let i = self
            .runs
            .partition_point(|run| run.to as usize <= offset)
            .max(1)
            - 1;
        match self.runs.get(i) {
            Some(run) if run.to_step == 1 && run.from_step == 1 && run.to as usize <= offset => {
                let stop = self
                    .runs
                    .get(i + 1)
                    .map_or(end, |next| (next.to as usize).min(end));
                stop.saturating_sub(offset)
            }
            _ => 0,
        }
    }

    /// Source range of a derived range, widened to whole source characters.
    pub fn source(&self, range: Range<usize>) -> Range<usize> {
        if self.runs.is_empty() {
            return range;
        }
        let start = self.at(range.start).0;
        if range.is_empty() {
            return start..start;
        }
        start..self.at(range.end - 1).1
    }

    /// Source start and end of the character that holds the derived byte `offset`.
    fn at(&self, offset: usize) -> (usize, usize) {
        let i = self
            .runs
            .partition_point(|run| run.to as usize <= offset)
            .max(1)
            - 1;
        let Some(run) = self.runs.get(i) else {
            return (offset, offset + 1);
        };
        let step = offset.saturating_sub(run.to as usize) / run.to_step.max(1) as usize;
        let start = run.from as usize + step * run.from_step as usize;
        (start, start + run.from_step as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_back_through_gaps_and_widths() {
        let mut map = OffsetMap::default();
        map.push_same(0, 3, 2); // three bytes dropped at the front
        map.push(2, 2, 5, 1); // é from one byte
        map.push(4, 2, 6, 1);
        map.push(6, 1, 7, 5); // & from &amp;
        map.push_same(7, 12, 4);
        assert_eq!(map.source(0..2), 3..5);
        assert_eq!(map.source(2..6), 5..7);
        assert_eq!(map.source(3..5), 5..7);
        assert_eq!(map.source(6..7), 7..12);
        assert_eq!(map.source(0..11), 3..16);
        assert_eq!(map.source(7..7), 12..12);
    }
}
