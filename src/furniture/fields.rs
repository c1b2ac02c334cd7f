//! From labelled units to the parts of a story.

use super::features::Feature;
use super::given;
use super::labelled::Labelled;
use super::labels::label::{Label, Phase};
use super::parts::{Furniture, Passage};
use super::readers::byline::{BylineReading, read_byline};
use super::readers::credit::{Known, credit_start};
use super::readers::date;
use super::readers::date_reading::DateMatch;
use super::readers::dateline_reading::DatelineReading;
use super::readers::version::read_version;
use super::units::{Setting, Unit, bullet};
use crate::lexicon::{Edges, LEXICON};
use crate::options::ParseOptions;
use crate::story::{
    Author, BlockKind, Byline, Dateline, Field, Medium, MediumKind, Note, NoteKind, Related,
};
use crate::text::{OffsetMap, Span, boundary, find_url, flow, flow_text, fold};
use crate::wire::{CleanCopy, Given};
use std::collections::HashSet;
use std::ops::Range;

/// Reads the fields off a labelled copy.
pub(crate) fn read_fields(
    copy: &CleanCopy<'_>,
    labelled: &Labelled,
    given: Given,
    options: &ParseOptions,
) -> Furniture {
    let mut reader = FieldReader {
        copy,
        labelled,
        options,
        out: Furniture::default(),
        by: BylineParts::default(),
        dates: Vec::new(),
        standfirst: Vec::new(),
        paragraphs: 0,
    };
    let mut i = 0;
    while i < labelled.units.len() {
        i += reader.unit(i);
    }
    reader.note_markup();
    let mut out = reader.finish();
    out.language = given.language.clone();
    given::overlay(&mut out, given, copy, options);
    given::complete(&mut out, &options.facts);
    out
}

/// A byline is not longer, in bytes.
const BYLINE_AT_MOST: usize = 680;

struct FieldReader<'a> {
    copy: &'a CleanCopy<'a>,
    labelled: &'a Labelled,
    options: &'a ParseOptions,
    out: Furniture,
    by: BylineParts,
    dates: Vec<PlacedDate>,
    standfirst: Vec<String>,
    /// Paragraphs taken so far.
    paragraphs: usize,
}

impl FieldReader<'_> {
    /// Notes where marks stand that a unit was narrowed by, so that none of them vanishes.
    fn note_markup(&mut self) {
        for unit in &self.labelled.units {
            let lines = &self.labelled.lines[unit.lines.clone()];
            let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
                continue;
            };
            let (start, end) = (first.range().start, last.range().end);
            for marks in [start..unit.start, unit.end..end] {
                if !marks.is_empty() && !self.copy.text[marks.clone()].trim().is_empty() {
                    let span = self.copy.span(marks);
                    self.out.evidence.push((Field::Markup, span));
                }
            }
        }
    }
}

/// A date, and where in the story it stands.
#[derive(Clone)]
struct PlacedDate {
    phase: Phase,
    /// The unit; none for the date of a dateline.
    unit: Option<usize>,
    date: DateMatch,
}

/// A line that names authors.
struct BylinePart {
    unit: usize,
    phase: Phase,
    text: String,
    span: Span,
    /// Whether a by-word introduces a name.
    named: bool,
}

/// An author, and the unit that named them.
struct PlacedAuthor {
    unit: usize,
    author: Author,
}

/// Byline lines met so far.
#[derive(Default)]
struct BylineParts {
    parts: Vec<BylinePart>,
    authors: Vec<PlacedAuthor>,
    agency: Option<&'static str>,
}

impl FieldReader<'_> {
    fn text(&self, range: Range<usize>) -> String {
        flow_text(&self.copy.text, range)
    }

    fn span(&self, unit: &Unit) -> Span {
        self.copy.span(unit.start..unit.end)
    }

    fn note(&mut self, kind: NoteKind, text: String, span: Span) {
        self.out.notes.push(Note { kind, text, span });
    }

    /// Takes unit `i`; how many units were used.
    fn unit(&mut self, i: usize) -> usize {
        let labelled = self.labelled;
        let unit = &labelled.units[i];
        let choice = &labelled.choices[i];
        let span = self.span(unit);
        match choice.label() {
            Label::Headline => return self.headline(i),
            // A line of a headline belongs to the headline before it, which has taken it.
            Label::HeadlineMore | Label::Navigation | Label::RelatedLabel => {
                let text = self.text(unit.start..unit.end);
                self.note(NoteKind::Boilerplate, text, span);
            }
            Label::Slug => {
                let text = self.text(unit.start..unit.end);
                self.out
                    .slug
                    .get_or_insert_with(|| text.trim_matches(['^', '<', ' ']).to_owned());
                self.out.evidence.push((Field::Slug, span));
            }
            Label::Standfirst => {
                let text = self.text(unit.start..unit.end);
                self.standfirst.push(text);
                self.out.evidence.push((Field::Subheadline, span));
            }
            Label::Byline => self.byline(i, choice.phase()),
            Label::Date => self.date(i, choice.phase()),
            Label::Caption => return self.caption(i),
            Label::Paragraph => self.paragraph(i),
            Label::Crosshead => self.block(BlockKind::Crosshead, unit.start..unit.end),
            Label::ListItem => {
                let start = unit.start + bullet(unit.str(&self.copy.text));
                if self.copy.text[start..unit.end].trim().is_empty() {
                    // A bullet with nothing behind it.
                    let text = self.text(unit.start..unit.end);
                    self.note(NoteKind::Unknown, text, span);
                    return 1;
                }
                self.block(BlockKind::ListItem, start..unit.end);
                if let Some(last) = self.out.blocks.last_mut() {
                    last.span = span;
                }
            }
            Label::Preformatted => return self.table(i),
            Label::Dateline => self.dateline(i),
            Label::Related => self.related(i),
            Label::Note => {
                let text = self.text(unit.start..unit.end);
                let kind = match unit.setting {
                    Setting::Rubble => NoteKind::Unknown,
                    _ => note_kind(&labelled.observations[i].folded, &text),
                };
                self.note(kind, text, span);
            }
            Label::EndMark => {
                let text = self.text(unit.start..unit.end);
                let bare = fold(&text);
                if let Some(agency) = LEXICON
                    .agencies
                    .get(bare.trim_matches(['.', ' ', '(', ')']))
                {
                    self.out.agency.get_or_insert_with(|| agency.to_owned());
                }
                self.note(NoteKind::EndMark, text, span);
            }
            Label::Url => {
                let text = unit.str(&self.copy.text);
                // A bare address in the middle of things need not be the story's own.
                let own = labelled.observations[i].features.has(Feature::Url)
                    || i == 0
                    || i + 1 == labelled.units.len();
                match find_url(text).filter(|_| own) {
                    Some(url) => {
                        self.out.source_url = Some(text[url].to_owned());
                        self.out.evidence.push((Field::SourceUrl, span));
                    }
                    None => {
                        let text = self.text(unit.start..unit.end);
                        self.note(NoteKind::Boilerplate, text, span);
                    }
                }
            }
        }
        1
    }

    fn headline(&mut self, i: usize) -> usize {
        let labelled = self.labelled;
        let more = labelled.choices[i + 1..]
            .iter()
            .take_while(|c| c.label() == Label::HeadlineMore)
            .count();
        let units = &labelled.units[i..=i + more];
        let mut text = units
            .iter()
            .map(|u| self.text(u.start..u.end))
            .collect::<Vec<_>>()
            .join(" ");
        for unit in units {
            let span = self.span(unit);
            self.out.evidence.push((Field::Headline, span));
        }
        let stars = text.trim_start_matches(['*', ' ']).len();
        text.drain(..text.len() - stars);
        if let Some((end, label)) = read_version(&text) {
            text.drain(..end);
            self.out.version = Some(label);
            let span = self.span(&units[0]);
            self.out.evidence.push((Field::Version, span));
        }
        let text = text.trim_end_matches(['=', '<', ' ']).trim();
        let text = without_site(text);
        self.out.headline = (!text.is_empty()).then(|| text.to_owned());
        1 + more
    }

    fn byline(&mut self, i: usize, phase: Phase) {
        let unit = &self.labelled.units[i];
        let text = self.text(unit.start..unit.end);
        // Wide gaps part a name from a role, and flowing text has none.
        let read = match &self.labelled.observations[i].byline {
            Some(read) if unit.lines.len() == 1 => (**read).clone(),
            None if unit.lines.len() == 1 => BylineReading::default(),
            _ => read_byline(&text[..boundary(&text, BYLINE_AT_MOST)]),
        };
        let span = self.span(unit);
        if let Some(dates) = &self.labelled.observations[i].dates {
            self.dates.extend(dates.dates.iter().map(|date| PlacedDate {
                phase,
                unit: Some(i),
                date: date.clone(),
            }));
        }
        let part = BylinePart {
            unit: i,
            phase,
            named: read.by_word && !read.authors.is_empty(),
            text,
            span,
        };
        self.by.take(part, read);
    }

    fn date(&mut self, i: usize, phase: Phase) {
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

    fn caption(&mut self, i: usize) -> usize {
        let labelled = self.labelled;
        let unit = &labelled.units[i];
        let text = self.text(unit.start..unit.end);
        let mut span = self.span(unit);
        let (mut caption, mut credit) = split_credit(&text);
        let mut used = 1;
        // The credit may stand on a line of its own.
        if credit.is_none()
            && let Some(next) = labelled
                .choices
                .get(i + 1)
                .filter(|c| c.label() == Label::Caption)
            && next.phase() == labelled.choices[i].phase()
        {
            let below = &labelled.units[i + 1];
            if let (None, Some(found)) = split_credit(&self.text(below.start..below.end)) {
                credit = Some(found);
                span = span.to(self.span(below));
                used = 2;
            }
        }
        let folded = fold(&text);
        let kind = if folded.starts_with("video") || folded.contains("(video") {
            MediumKind::Video
        } else if folded.starts_with("graphic") || folded.starts_with("infogra") {
            MediumKind::Graphic
        } else {
            MediumKind::Photo
        };
        if caption.is_none() && credit.is_none() {
            caption = Some(text);
        }
        self.out.media.push(Medium {
            kind,
            caption,
            credit,
            span,
        });
        used
    }

    fn paragraph(&mut self, i: usize) {
        let unit = &self.labelled.units[i];
        let reading = &self.labelled.observations[i];
        let mut start = unit.start;
        if let Some(read) = reading
            .dateline
            .as_ref()
            .filter(|_| self.out.dateline.is_none() && self.paragraphs < 3)
        {
            self.take_dateline(i, read);
            start += read.body;
        }
        self.paragraphs += 1;
        if start < unit.end {
            self.block(BlockKind::Paragraph, start..unit.end);
        }
    }

    fn dateline(&mut self, i: usize) {
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

    fn take_dateline(&mut self, i: usize, read: &DatelineReading) {
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

    fn block(&mut self, kind: BlockKind, range: Range<usize>) {
        let (text, map) = flow(&self.copy.text, range.clone());
        if text.is_empty() {
            return;
        }
        let inner = map.source(0..text.len());
        self.out.blocks.push(Passage {
            kind,
            text,
            span: self.copy.span(inner),
            map,
        });
    }

    /// Rows that stand together are one block, line breaks kept.
    fn table(&mut self, i: usize) -> usize {
        let labelled = self.labelled;
        let rows = 1 + labelled.choices[i + 1..]
            .iter()
            .zip(&labelled.units[i + 1..])
            .take_while(|(c, u)| c.label() == Label::Preformatted && u.blanks == 0)
            .count();
        let (first, last) = (&labelled.units[i], &labelled.units[i + rows - 1]);
        // The first row keeps its indent, so that columns stay under each other.
        let start = labelled.lines[first.lines.start].start();
        let text = self.copy.text[start..last.end].trim_end().to_owned();
        let mut map = OffsetMap::default();
        map.push_same(0, start, text.len());
        self.out.blocks.push(Passage {
            kind: BlockKind::Preformatted,
            text,
            span: self.copy.span(first.start..last.end),
            map,
        });
        rows
    }

    fn related(&mut self, i: usize) {
        let unit = &self.labelled.units[i];
        let text = self.text(unit.start..unit.end);
        let folded = fold(&text);
        let mut title = text.as_str();
        if self.labelled.observations[i]
            .features
            .has(Feature::RelatedTitle)
            && let Some((len, _)) = LEXICON.related.prefix(&folded)
        {
            let words = folded[..len].split(' ').count();
            // The fold may be longer or shorter than the text.
            let len = boundary(&text, len);
            let at = text
                .match_indices(' ')
                .nth(words - 1)
                .map_or(len, |(at, _)| at);
            let from = boundary(&text, at.min(len));
            let cut = text[..at].rfind([':', '|', '>', '»']).or_else(|| {
                text[from..]
                    .find([':', '|', '>', '»', '-'])
                    .map(|n| from + n)
            });
            if let Some(cut) = cut.filter(|cut| *cut < text.len()) {
                title = text[cut..].trim_start_matches([':', '|', '>', '»', '-', ' ']);
            }
        }
        let url = find_url(title);
        let address = url.clone().map(|url| title[url].to_owned());
        if let Some(url) = url.filter(|url| url.start > 0) {
            title = title[..url.start].trim_end_matches([' ', ':', '(', '<', '-']);
        }
        let span = self.span(unit);
        self.out.related.push(Related {
            title: title
                .trim_start_matches(['>', '-', '•', '»', ' ', '+'])
                .to_owned(),
            url: address,
            span,
        });
    }

    fn finish(mut self) -> Furniture {
        self.finish_byline();
        self.finish_dates();
        if !self.standfirst.is_empty() {
            self.out.subheadline = Some(self.standfirst.join(" "));
        }
        if let Some(agency) = self
            .out
            .dateline
            .as_ref()
            .and_then(|d| d.agency.as_deref())
            .filter(|a| LEXICON.agencies.has(&fold(a)))
        {
            self.out.agency = Some(agency.to_owned());
        } else if let Some(agency) = self.by.agency {
            self.out.agency = Some(agency.to_owned());
        }
        self.out
    }

    /// One byline a record: lines that stand together are printed together; others are noted.
    fn finish_byline(&mut self) {
        let parts = std::mem::take(&mut self.by.parts);
        let (kept, rest) = own_parts(parts);
        let together = kept
            .windows(2)
            .take_while(|pair| pair[1].unit == pair[0].unit + 1)
            .count()
            + 1;
        let lines = &kept[..together.min(kept.len())];
        for part in kept[lines.len()..].iter().chain(&rest) {
            self.out.notes.push(Note {
                kind: NoteKind::Contributors,
                text: part.text.clone(),
                span: part.span,
            });
        }
        self.out.notes.sort_by_key(|note| note.span.start);
        let authors = self.own_authors(&kept);
        if let Some(first) = lines.first() {
            let texts: Vec<_> = lines
                .iter()
                .map(|part| part.text.trim_end_matches('='))
                .collect();
            self.out.byline = Some(Byline {
                text: texts.join(" "),
                authors,
                span: lines
                    .iter()
                    .fold(first.span, |span, part| span.to(part.span)),
            });
        } else if !authors.is_empty()
            && let Some(unit) = self.dates.iter().find_map(|date| date.unit)
        {
            // The names stood on a date line.
            let unit = &self.labelled.units[unit];
            self.out.byline = Some(Byline {
                text: self.text(unit.start..unit.end),
                authors,
                span: self.span(unit),
            });
        }
    }

    /// Takes the authors that the kept parts name, each once.
    fn own_authors(&mut self, kept: &[BylinePart]) -> Vec<Author> {
        let is_kept = |unit: usize| {
            kept.is_empty() || kept.binary_search_by_key(&unit, |part| part.unit).is_ok()
        };
        let mut seen = HashSet::new();
        let mut authors: Vec<Author> = std::mem::take(&mut self.by.authors)
            .into_iter()
            .filter(|placed| is_kept(placed.unit))
            .map(|placed| placed.author)
            .filter(|author| seen.insert(fold(&author.name)))
            .collect();
        if let Some(agency) = self.by.agency {
            for author in authors.iter_mut().filter(|a| a.affiliation.is_none()) {
                author.affiliation = Some(agency.to_owned());
            }
        }
        authors
    }

    fn finish_dates(&mut self) {
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

/// Parts the lines that name the story's authors from those that name others.
fn own_parts(parts: Vec<BylinePart>) -> (Vec<BylinePart>, Vec<BylinePart>) {
    // What stands after the story counts only where nothing stands before it.
    // What stands before the headline counts only where nothing stands under it.
    let head = parts.iter().any(|part| part.phase == Phase::Head);
    let front = parts.iter().any(|part| part.phase < Phase::Body);
    let (kept, mut rest): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| match head {
        true => part.phase == Phase::Head,
        false => !front || part.phase < Phase::Body,
    });
    // Where a by-word names the author, names farther away belong to other stories.
    let named: Vec<usize> = kept
        .iter()
        .filter(|part| part.named)
        .map(|part| part.unit)
        .take(NAMED_AT_MOST)
        .collect();
    // A name alone right above the by-word is a caption's or a topic's.
    let first = named.first().copied().unwrap_or(0);
    let (kept, others): (Vec<_>, Vec<_>) = kept.into_iter().partition(|part| {
        named.is_empty()
            || part.unit >= first && named.iter().any(|unit| unit.abs_diff(part.unit) <= 2)
    });
    rest.extend(others);
    (kept, rest)
}

/// So many bylines with a by-word gather names around them.
const NAMED_AT_MOST: usize = 8;

impl BylineParts {
    fn take(&mut self, part: BylinePart, read: BylineReading) {
        self.agency = self.agency.or(read.agency);
        if read.authors.is_empty()
            && let Some(PlacedAuthor { author, .. }) = self.authors.last_mut()
        {
            author.role = author.role.take().or(read.role);
            author.contact = author.contact.take().or(read.contact);
            // `Special to The Harbour Herald`, under the name.
            author.affiliation = author.affiliation.take().or(read.outlet);
        }
        let unit = part.unit;
        let placed = |author| PlacedAuthor { unit, author };
        self.authors.extend(read.authors.into_iter().map(placed));
        self.parts.push(part);
    }
}

/// `Ferry slip to close for winter | Harbour Times`: the title of a browser's window ends with
/// the name of the site. After a dash, wires name their source: `SHARPLY - INSTITUTE`.
fn without_site(headline: &str) -> &str {
    let (title, site, is_bar) = match headline.rsplit_once(" | ") {
        Some((title, site)) => (title, site, true),
        None => match headline.rsplit_once(" - ") {
            Some((title, site)) => (title, site, false),
            None => return headline,
        },
    };
    let words: Vec<&str> = site.split_whitespace().collect();
    let capital = |word: &&str| !word.starts_with(char::is_lowercase);
    let shouted = !headline.chars().any(char::is_lowercase);
    let folded_site = fold(site);
    let known = folded_site.split(' ').any(|word| LEXICON.outlets.has(word));
    let is_site = words.len() <= 4
        && words.iter().all(capital)
        && known
        && !shouted
        && (is_bar || words.len() > 1);
    if is_site && title.split_whitespace().count() >= 4 {
        title.trim_end()
    } else {
        headline
    }
}

fn fold_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Caption and credit of a line: `(Jo Doe/AP)`, `© Jo Doe`, `Photo: Jo Doe` at its end, or all of
/// it.
fn split_credit(text: &str) -> (Option<String>, Option<String>) {
    let some = |s: &str| {
        let s = s.trim().trim_end_matches(['|', '–', '—', '-']).trim_end();
        (!s.is_empty()).then(|| s.to_owned())
    };
    let folded = fold(text);
    let edges = Edges::of(&folded);
    let whole = LEXICON
        .credits
        .find(&folded, &edges)
        .any(|(start, _, value)| start == 0 && value == "prefix")
        || text.len() < 80
            && LEXICON
                .credits
                .find(&folded, &edges)
                .any(|(_, _, value)| value == "agency")
            && !text.contains(". ")
            && text.split_whitespace().count() <= 8;
    match credit_start(text, Known::Nothing) {
        Some(at) if at > 0 => {
            let credit = text[at..].trim_start_matches('(').trim_end_matches(')');
            (some(&text[..at]), some(credit_name(credit)))
        }
        Some(_) => (None, some(credit_name(text))),
        None if whole => (
            None,
            some(credit_name(
                text.trim_start_matches('(').trim_end_matches(')'),
            )),
        ),
        None => (some(text), None),
    }
}

/// Returns the credit without its label: `Photo: Jo Doe` → `Jo Doe`.
fn credit_name(text: &str) -> &str {
    let folded = fold(text);
    let bare = text.trim_start_matches(['©', ' ']);
    if bare.len() < text.len() {
        return bare;
    }
    for (start, end, value) in LEXICON.credits.find(&folded, &Edges::of(&folded)) {
        if start == 0
            && value == "prefix"
            && text.is_char_boundary(end)
            && folded.len() == text.len()
        {
            let rest = text[end..].trim_start_matches([':', ' ', '-']);
            if !rest.is_empty() {
                return rest;
            }
        }
    }
    text
}

/// Returns what kind of note a text is, by how it begins.
fn note_kind(folded: &str, text: &str) -> NoteKind {
    let owned;
    let folded = if folded.is_empty() {
        owned = fold(&text[..text.char_indices().nth(80).map_or(text.len(), |(i, _)| i)]);
        &owned
    } else {
        folded
    };
    let opened = folded.trim_start_matches(['(', '[', '*', '_', '•', ' ']);
    match LEXICON.notes.prefix(opened).map(|(_, kind)| kind) {
        Some("editor") => NoteKind::Editor,
        Some("correction") => NoteKind::Correction,
        Some("contributors") => NoteKind::Contributors,
        Some("copyright") => NoteKind::Copyright,
        Some("contact") => NoteKind::Contact,
        Some("embargo") => NoteKind::Embargo,
        _ => NoteKind::Unknown,
    }
}
