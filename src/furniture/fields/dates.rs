//! Dates of lines and datelines: which is the day of publication.

use super::reader::{BylinePart, FieldReader, PlacedAuthor, PlacedDate};
use crate::furniture::labels::label::Phase;
use crate::furniture::readers::date;
use crate::furniture::readers::date_reading::DateMatch;
use crate::furniture::readers::dateline_reading::DatelineReading;
use crate::story::{Author, BlockKind, Dateline, Field, NoteKind};

impl FieldReader<'_> {
    pub(super) fn date(&mut self, i: usize, phase: Phase) {
        let reading = &self.labelled.observations[i];
        let dates = reading
            .dates
            .as_ref()
            .map(|d| d.dates.as_slice())
            .unwrap_or_default();
        let unit = &self.labelled.units[i];
        let span = self.span(unit);
        if dates.is_empty() {
            let text = self.text(unit.start..unit.end);
            self.note(NoteKind::Boilerplate, text, span);
            return;
        }
        // `渡辺洋介2025年1月13日`, `27. Januar 2026 • Gregor Meier`: a name may share the line.
        if let Some(read) = reading
            .byline
            .as_ref()
            .filter(|b| !b.authors.is_empty() && b.likeness >= 0.25 && phase < Phase::Body)
        {
            self.by
                .authors
                .extend(read.authors.iter().map(|author| PlacedAuthor {
                    unit: i,
                    author: author.clone(),
                }));
            self.by.agency = self.by.agency.or(read.agency);
        }
        self.dates.extend(dates.iter().map(|date| PlacedDate {
            phase,
            unit: Some(i),
            date: date.clone(),
        }));
    }

    pub(super) fn dateline(&mut self, i: usize) {
        let unit = &self.labelled.units[i];
        match &self.labelled.observations[i].dateline {
            Some(read) if self.out.dateline.is_none() => {
                self.take_dateline(i, read);
                // Whatever stands behind it on the line is story.
                if unit.start + read.body < unit.end {
                    self.block(BlockKind::Paragraph, unit.start + read.body..unit.end);
                }
            }
            _ => self.block(BlockKind::Paragraph, unit.start..unit.end),
        }
    }

    pub(super) fn take_dateline(&mut self, i: usize, read: &DatelineReading) {
        let unit = &self.labelled.units[i];
        let range = unit.start..unit.start + read.range.end;
        self.out.dateline = Some(Dateline {
            text: self.text(range.clone()),
            place: read.place.as_deref().map(fold_space),
            region: read.region.as_deref().map(fold_space),
            date: read.date.as_ref().map(|d| d.edtf(self.options)),
            agency: read.agency.clone(),
            span: self.copy.span(range),
        });
        if !read.authors.is_empty() {
            self.by
                .authors
                .extend(read.authors.iter().map(|name| PlacedAuthor {
                    unit: i,
                    author: Author {
                        name: name.clone(),
                        affiliation: read.agency.clone(),
                        ..Author::default()
                    },
                }));
            let range = unit.start..unit.start + read.range.end;
            self.by.parts.push(BylinePart {
                unit: i,
                phase: Phase::Head,
                text: self.text(range.clone()),
                span: self.copy.span(range),
                named: true,
            });
        }
        if let Some(found) = &read.date {
            self.dates.push(PlacedDate {
                phase: Phase::Body,
                unit: None,
                date: found.clone(),
            });
        }
    }

    pub(super) fn finish_dates(&mut self) {
        self.drop_future_dates();
        let own: Vec<(usize, &PlacedDate)> = self
            .dates
            .iter()
            .filter_map(|date| Some((date.unit?, date)))
            .collect();
        let front = own.iter().any(|(_, date)| date.phase < Phase::Body);
        let mut chosen = own
            .iter()
            .filter(|(_, date)| !front || date.phase < Phase::Body);
        // `Received 3 May; accepted 8 June; published 2 July`: the last is meant, whatever comes
        // first.
        let published = chosen
            .clone()
            .find(|(_, date)| date.date.published && !date.date.updated)
            .or_else(|| {
                chosen
                    .clone()
                    .find(|(_, date)| !date.date.updated && !date.date.received)
            })
            .or_else(|| chosen.clone().find(|(_, date)| !date.date.updated));
        let updated = chosen.find(|(_, date)| date.date.updated);
        let rfc3339 = |(_, placed): &(usize, &PlacedDate)| placed.date.rfc3339(self.options);
        self.out.published = published.and_then(rfc3339);
        self.out.updated = updated.and_then(rfc3339);
        if self.dates.is_empty()
            && let Some((year, month, day)) =
                self.out.source_url.as_deref().and_then(date::in_address)
        {
            // The story's address tells the day: `/2024/04/30/`.
            self.out.published = Some(format!("{year:04}-{month:02}-{day:02}"));
        }
        let main = published
            .or(updated)
            .map(|(unit, placed)| (*unit, placed.date.clone()));
        for (unit, placed) in &own {
            let field = if placed.date.updated {
                Field::Updated
            } else {
                Field::Published
            };
            let span = self.span(&self.labelled.units[*unit]);
            self.out.evidence.push((field, span));
        }
        self.date_dateline(main);
    }

    /// A date in the future loses against any other, and is said where it is the only one.
    fn drop_future_dates(&mut self) {
        if self.dates.iter().any(|date| !date.date.is_in_future()) {
            self.dates.retain(|date| !date.date.is_in_future());
        } else if let Some(first) = self.dates.first() {
            self.out.future_date = match first.unit {
                Some(unit) => Some(self.span(&self.labelled.units[unit])),
                None => self.out.dateline.as_ref().map(|dateline| dateline.span),
            };
        }
    }

    /// Lets the story's own date, with the unit that prints it, and its dateline learn from each
    /// other.
    fn date_dateline(&mut self, main: Option<(usize, DateMatch)>) {
        match (&mut self.out.dateline, main) {
            (Some(dateline), Some((_, found))) => {
                // The story's date line may know the year that its dateline does not print.
                if let (Some(date), Some(year)) = (&dateline.date, found.year)
                    && let Some(month_day) = date.strip_prefix("XXXX-")
                    && month_day.get(..2).and_then(|m| m.parse::<u32>().ok()) == Some(found.month)
                {
                    dateline.date = Some(format!("{year:04}-{month_day}"));
                }
            }
            (None, Some((unit, found))) => {
                let unit = &self.labelled.units[unit];
                self.out.dateline = Some(Dateline {
                    text: self.text(unit.start..unit.end),
                    place: None,
                    region: None,
                    date: Some(found.edtf(self.options)),
                    agency: None,
                    span: self.span(unit),
                });
            }
            (Some(_), None) => {
                if let Some(placed) = self.dates.iter().find(|date| date.unit.is_none()) {
                    self.out.published = placed.date.rfc3339(self.options);
                }
            }
            (None, None) => {}
        }
    }
}

fn fold_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
