//! From labelled units to the parts of a story.

mod body;
mod bylines;
mod dates;
mod reader;

use super::given;
use crate::furniture::features::Feature;
use crate::furniture::labelled::Labelled;
use crate::furniture::labels::label::Label;
use crate::furniture::parts::Furniture;
use crate::furniture::readers::version::read_version;
use crate::furniture::units::{Setting, bullet};
use crate::lexicon::LEXICON;
use crate::options::ParseOptions;
use crate::story::{BlockKind, Field, NoteKind};
use crate::text::{find_url, fold};
use crate::wire::{CleanCopy, Given};
use reader::{BylineParts, FieldReader};

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
    out
}

impl FieldReader<'_> {
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
                    // A bullet with nothing after it.
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
