//! Counts on scales, counts of neighbours, and distances.

/// Returns a share on a scale of doublings: 0 for less than one in 60 million, 26 for all.
pub(super) fn graded(share: f32) -> u8 {
    let exponent = (share.to_bits() >> 23) as i32 - 127;
    (26 + exponent).clamp(0, 26) as u8
}

/// Returns a count on a scale that grows coarser.
pub(super) fn scaled(count: usize) -> usize {
    match count {
        0..=31 => count,
        32..=127 => 24 + count / 4,
        _ => (48 + count / 16).min(120),
    }
}

/// `part` of `whole` in so many `steps`.
pub(super) fn steps(part: usize, whole: usize, steps: usize) -> usize {
    (part * steps).checked_div(whole).unwrap_or(0)
}

/// Counts of something over all units before each.
pub(super) struct Counted(Vec<usize>);

impl Counted {
    pub(super) fn of(units: usize, count: impl Fn(usize) -> usize) -> Self {
        let mut sums = Vec::with_capacity(units + 1);
        let mut sum = 0;
        sums.push(0);
        for unit in 0..units {
            sum += count(unit);
            sums.push(sum);
        }
        Self(sums)
    }

    pub(super) fn before(&self, unit: usize) -> usize {
        self.0[unit]
    }

    pub(super) fn after(&self, unit: usize) -> usize {
        self.0[self.0.len() - 1] - self.0[unit + 1]
    }

    /// Among the `reach` units before.
    pub(super) fn just_before(&self, unit: usize, reach: usize) -> usize {
        self.0[unit] - self.0[unit.saturating_sub(reach)]
    }

    /// Among the `reach` units after.
    pub(super) fn just_after(&self, unit: usize, reach: usize) -> usize {
        self.0[(unit + 1 + reach).min(self.0.len() - 1)] - self.0[unit + 1]
    }
}

/// Units since and until the nearest that `is` one.
pub(super) fn distances(units: usize, is: impl Fn(usize) -> bool) -> (Vec<usize>, Vec<usize>) {
    const FAR: usize = 60;
    let (mut since, mut until) = (vec![FAR; units], vec![FAR; units]);
    let mut last = FAR;
    for (i, since) in since.iter_mut().enumerate() {
        *since = last.min(FAR);
        last = if is(i) { 1 } else { last + 1 };
    }
    last = FAR;
    for (i, until) in until.iter_mut().enumerate().rev() {
        *until = last.min(FAR);
        last = if is(i) { 1 } else { last + 1 };
    }
    (since, until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_units() {
        let (since, until) = distances(4, |unit| unit == 1);
        assert_eq!(since, [60, 60, 1, 2]);
        assert_eq!(until, [1, 60, 60, 60]);
    }
}
