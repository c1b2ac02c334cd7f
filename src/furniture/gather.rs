//! From labelled units to the parts of a story.

use super::byline::{self, Read};
use super::credit::{Known, credit_start};
use super::date::{self, Found};
use super::feature::Feature;
use super::label::{Label, Phase};
use super::units::{Setting, Unit, bullet};
use super::{Labelled, dateline, version};
use crate::lexicon::{Edges, LEXICON};
use crate::options::ParseOptions;
use crate::story::{
    Author, BlockKind, Byline, Dateline, Field, Medium, MediumKind, Note, NoteKind, Related,
    Version,
};
use crate::text::{OffsetMap, Span, find_url, flow, flow_text, fold};
use crate::wire::CleanCopy;
use std::collections::HashSet;
use std::ops::Range;

/// The parts of one story, spans into the raw bytes.
#[derive(Debug, Default)]
pub struct Furniture {
    /// The headline.
    pub headline: Option<String>,
    /// The standfirst.
    pub subheadline: Option<String>,
    /// The slug line of the copy itself.
    pub slug: Option<String>,
    /// Who wrote it.
    pub byline: Option<Byline>,
    /// Where and when.
    pub dateline: Option<Dateline>,
    /// When it was published.
    pub published: Option<String>,
    /// When it was changed.
    pub updated: Option<String>,
    /// The agency that byline, dateline or end mark name.
    pub agency: Option<String>,
    /// The version that the headline names.
    pub version: Option<Version>,
    /// The body.
    pub blocks: Vec<Passage>,
    /// Captions and credits.
    pub media: Vec<Medium>,
    /// Links.
    pub related: Vec<Related>,
    /// Notes.
    pub notes: Vec<Note>,
    /// The story's address.
    pub source_url: Option<String>,
    /// The story's date, if it lies in the future and is the only one.
    pub future_date: Option<Span>,
    /// Where the plain fields stand.
    pub evidence: Vec<(Field, Span)>,
}

/// A block of the body, with the way from its text back to the copy.
#[derive(Debug)]
pub struct Passage {
    /// What it is.
    pub kind: BlockKind,
    /// Its words.
    pub text: String,
    /// Where it stands in the raw bytes.
    pub span: Span,
    /// From its text to the copy.
    pub map: OffsetMap,
}

/// Reads the fields off a labelled copy.
pub fn gather(copy: &CleanCopy<'_>, labelled: &Labelled, options: &ParseOptions) -> Furniture {
    let mut gatherer = Gatherer {
        copy,
        labelled,
        options,
        out: Furniture::default(),
        by: By::default(),
        dates: Vec::new(),
        standfirst: Vec::new(),
        paragraphs: 0,
    };
    let mut i = 0;
    while i < labelled.units.len() {
        i += gatherer.unit(i);
    }
    gatherer.finish()
}

struct Gatherer<'a> {
    copy: &'a CleanCopy<'a>,
    labelled: &'a Labelled,
    options: &'a ParseOptions,
    out: Furniture,
    by: By,
    dates: Vec<(Phase, usize, Found)>,
    standfirst: Vec<String>,
    /// Paragraphs taken so far.
    paragraphs: usize,
}

/// Byline lines met so far.
#[derive(Default)]
struct By {
    parts: Vec<(usize, Phase, String, Span)>,
    /// With the unit that each was read from.
    authors: Vec<(usize, Author)>,
    agency: Option<&'static str>,
}

impl Gatherer<'_> {
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
                    _ => note_kind(&labelled.readings[i].folded, &text),
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
                let own = labelled.readings[i].features.has(Feature::Url)
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
        if let Some((end, label)) = version::read(&text) {
            text.drain(..end);
            self.out.version = Some(label);
            let span = self.span(&units[0]);
            self.out.evidence.push((Field::Version, span));
        }
        let text = text.trim_end_matches(['=', '<', ' ']).trim();
        self.out.headline = (!text.is_empty()).then(|| text.to_owned());
        1 + more
    }

    fn byline(&mut self, i: usize, phase: Phase) {
        let unit = &self.labelled.units[i];
        let text = self.text(unit.start..unit.end);
        // Wide gaps part a name from a role, and flowing text has none.
        let read = byline::read(if unit.lines.len() == 1 {
            unit.str(&self.copy.text)
        } else {
            &text
        });
        let span = self.span(unit);
        if let Some(dates) = &self.labelled.readings[i].dates {
            self.dates
                .extend(dates.dates.iter().map(|d| (phase, i, d.clone())));
        }
        self.by.take(i, phase, text, span, read);
    }

    fn date(&mut self, i: usize, phase: Phase) {
        let reading = &self.labelled.readings[i];
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
                .extend(read.authors.iter().map(|author| (i, author.clone())));
            self.by.agency = self.by.agency.or(read.agency);
        }
        self.dates
            .extend(dates.iter().map(|d| (phase, i, d.clone())));
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
        let reading = &self.labelled.readings[i];
        let mut start = unit.start;
        if let Some(read) = reading
            .dateline
            .as_ref()
            .filter(|_| self.out.dateline.is_none() && self.paragraphs < 3)
        {
            self.take_dateline(unit, read);
            start += read.body;
        }
        self.paragraphs += 1;
        if start < unit.end {
            self.block(BlockKind::Paragraph, start..unit.end);
        }
    }

    fn dateline(&mut self, i: usize) {
        let unit = &self.labelled.units[i];
        match &self.labelled.readings[i].dateline {
            Some(read) if self.out.dateline.is_none() => {
                self.take_dateline(unit, read);
                // Whatever stands behind it on the line is story.
                if unit.start + read.body < unit.end {
                    self.block(BlockKind::Paragraph, unit.start + read.body..unit.end);
                }
            }
            _ => self.block(BlockKind::Paragraph, unit.start..unit.end),
        }
    }

    fn take_dateline(&mut self, unit: &Unit, read: &dateline::Read) {
        let range = unit.start..unit.start + read.range.end;
        self.out.dateline = Some(Dateline {
            text: self.text(range.clone()),
            place: read.place.as_deref().map(fold_space),
            region: read.region.as_deref().map(fold_space),
            date: read.date.as_ref().map(|d| d.edtf(self.options)),
            agency: read.agency.clone(),
            span: self.copy.span(range),
        });
        if let Some(found) = &read.date {
            self.dates.push((Phase::Body, usize::MAX, found.clone()));
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
        if self.labelled.readings[i]
            .features
            .has(Feature::RelatedTitle)
            && let Some((len, _)) = LEXICON.related.prefix(&folded)
        {
            let words = folded[..len].split(' ').count();
            let at = text
                .match_indices(' ')
                .nth(words - 1)
                .map_or(len, |(at, _)| at);
            let cut = text[..at].rfind([':', '|', '>', '»']).map_or_else(
                || {
                    text[at.min(len)..]
                        .find([':', '|', '>', '»', '-'])
                        .map(|n| at.min(len) + n)
                },
                Some,
            );
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
        // What stands behind the story counts only where nothing stands before it.
        // What stands before the headline counts only where nothing stands under it.
        let head = parts.iter().any(|p| p.1 == Phase::Head);
        let front = parts.iter().any(|p| p.1 < Phase::Body);
        let (kept, rest): (Vec<_>, Vec<_>) = parts.into_iter().partition(|p| {
            if head {
                p.1 == Phase::Head
            } else {
                !front || p.1 < Phase::Body
            }
        });
        // Where a by-word names the author, names farther away belong to other stories.
        let named: Vec<usize> = kept
            .iter()
            .filter(|p| {
                let read = byline::read(&p.2);
                read.by_word && !read.authors.is_empty()
            })
            .map(|p| p.0)
            .collect();
        let (kept, other): (Vec<_>, Vec<_>) = kept.into_iter().partition(|p| {
            named.is_empty() || named.iter().take(8).any(|unit| unit.abs_diff(p.0) <= 2)
        });
        let rest: Vec<_> = rest.into_iter().chain(other).collect();
        let together = kept.windows(2).take_while(|w| w[1].0 == w[0].0 + 1).count() + 1;
        let mut seen = HashSet::new();
        let mut authors: Vec<Author> = std::mem::take(&mut self.by.authors)
            .into_iter()
            .filter(|(unit, _)| kept.is_empty() || kept.binary_search_by_key(unit, |p| p.0).is_ok())
            .map(|(_, author)| author)
            .filter(|author| seen.insert(fold(&author.name)))
            .collect();
        if let Some(agency) = self.by.agency {
            for author in authors.iter_mut().filter(|a| a.affiliation.is_none()) {
                author.affiliation = Some(agency.to_owned());
            }
        }
        for (i, part) in kept
            .iter()
            .enumerate()
            .skip(together)
            .chain(rest.iter().enumerate().map(|(i, p)| (i + kept.len(), p)))
        {
            debug_assert!(i >= together.min(kept.len()));
            self.out.notes.push(Note {
                kind: NoteKind::Contributors,
                text: part.2.clone(),
                span: part.3,
            });
        }
        if let Some(first) = kept.first() {
            let lines = &kept[..together.min(kept.len())];
            let text = lines
                .iter()
                .map(|p| p.2.trim_end_matches('='))
                .collect::<Vec<_>>()
                .join(" ");
            let span = lines.iter().fold(first.3, |span, p| span.to(p.3));
            self.out.byline = Some(Byline {
                text,
                authors,
                span,
            });
        } else if !authors.is_empty() {
            // The names stood on a date line.
            if let Some(i) = self.dates.iter().map(|d| d.1).find(|i| *i != usize::MAX) {
                let unit = &self.labelled.units[i];
                let text = self.text(unit.start..unit.end);
                let span = self.span(unit);
                self.out.byline = Some(Byline {
                    text,
                    authors,
                    span,
                });
            }
        }
        self.out.notes.sort_by_key(|n| n.span.start);
    }

    fn finish_dates(&mut self) {
        // A date in the future loses against any other.
        if self.dates.iter().any(|date| !date.2.is_in_future()) {
            self.dates.retain(|date| !date.2.is_in_future());
        } else if let Some((_, unit, _)) = self.dates.first() {
            self.out.future_date = match self.labelled.units.get(*unit) {
                Some(unit) => Some(self.span(unit)),
                None => self.out.dateline.as_ref().map(|dateline| dateline.span),
            };
        }
        let own: Vec<(Phase, usize, Found)> = self
            .dates
            .iter()
            .filter(|d| d.1 != usize::MAX)
            .cloned()
            .collect();
        let front = own.iter().any(|d| d.0 < Phase::Body);
        let chosen: Vec<&(Phase, usize, Found)> =
            own.iter().filter(|d| !front || d.0 < Phase::Body).collect();
        let published = chosen.iter().find(|d| !d.2.updated);
        let updated = chosen.iter().find(|d| d.2.updated);
        self.out.published = published.and_then(|d| d.2.rfc3339(self.options));
        if self.dates.is_empty()
            && let Some((year, month, day)) =
                self.out.source_url.as_deref().and_then(date::in_address)
        {
            // The story's address tells the day: `/2024/04/30/`.
            self.out.published = Some(format!("{year:04}-{month:02}-{day:02}"));
        }
        self.out.updated = updated.and_then(|d| d.2.rfc3339(self.options));
        let main = published.or(updated).map(|d| (d.1, d.2.clone()));
        for (_, i, found) in &own {
            let span = self.span(&self.labelled.units[*i]);
            self.out.evidence.push((
                if found.updated {
                    Field::Updated
                } else {
                    Field::Published
                },
                span,
            ));
        }
        match (&mut self.out.dateline, main) {
            (Some(dateline), Some((_, found))) => {
                // The story's date line may know the year that its dateline does not print.
                if let (Some(date), Some(year)) = (&dateline.date, found.year)
                    && date.starts_with("XXXX")
                {
                    let month_day = &date[5..];
                    let near =
                        month_day.get(..2).and_then(|m| m.parse::<u32>().ok()) == Some(found.month);
                    if near {
                        dateline.date = Some(format!("{year:04}-{month_day}"));
                    }
                }
            }
            (None, Some((i, found))) => {
                let unit = &self.labelled.units[i];
                let text = self.text(unit.start..unit.end);
                let span = self.span(unit);
                self.out.dateline = Some(Dateline {
                    text,
                    place: None,
                    region: None,
                    date: Some(found.edtf(self.options)),
                    agency: None,
                    span,
                });
            }
            (Some(_), None) => {
                if let Some((_, _, found)) = self.dates.iter().find(|d| d.1 == usize::MAX) {
                    self.out.published = found.rfc3339(self.options);
                }
            }
            (None, None) => {}
        }
    }
}

impl By {
    fn take(&mut self, unit: usize, phase: Phase, text: String, span: Span, read: Read) {
        self.agency = self.agency.or(read.agency);
        if read.authors.is_empty() {
            if let Some(author) = self
                .authors
                .last_mut()
                .map(|(_, author)| author)
                .filter(|a| a.role.is_none() && read.role.is_some())
            {
                author.role = read.role;
            }
            if let Some(author) = self
                .authors
                .last_mut()
                .map(|(_, author)| author)
                .filter(|a| a.contact.is_none() && read.contact.is_some())
            {
                author.contact = read.contact;
            }
        }
        self.authors
            .extend(read.authors.into_iter().map(|author| (unit, author)));
        self.parts.push((unit, phase, text, span));
    }
}

fn fold_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Caption and credit of a line: `(Jo Doe/AP)`, `© Jo Doe`, `Photo: Jo Doe` at its end, or all of it.
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

/// The credit without its label: `Photo: Jo Doe` → `Jo Doe`.
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

/// What kind of note a text is, by how it begins.
fn note_kind(folded: &str, text: &str) -> NoteKind {
    let owned;
    let folded = if folded.is_empty() {
        owned = fold(&text[..text.char_indices().nth(80).map_or(text.len(), |(i, _)| i)]);
        &owned
    } else {
        folded
    };
    let opened = folded.trim_start_matches(['(', '[', '*', '_', ' ']);
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
