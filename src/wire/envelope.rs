//! What an envelope says, and the copy that it holds.

use crate::facts::{CallerFacts, FactName};
use crate::story::{Author, Field, Format, MediumKind, NoteKind, Version, Wire};
use crate::text::{Decoded, OffsetMap, Span, Traced, clean, flow};
use std::borrow::Cow;
use std::ops::Range;

/// A note is compared with so many before it, so that many cost no more than their number.
const SAME_NOTE_WITHIN: usize = 64;

/// What an envelope says. Ranges are byte offsets into the decoded text.
#[derive(Debug, Default)]
pub(crate) struct Envelope {
    /// The format.
    pub format: Format,
    /// The header's fields that only wires and databases have.
    pub wire: Option<Wire>,
    /// The story's own fields, where the format names them.
    pub given: Given,
    /// The copy.
    pub copy: Copy,
    /// Where each field was read; whatever is not in the copy and visible is in here.
    pub evidence: Vec<(Field, Range<usize>)>,
}

/// Fields of the story that the format names, so that nobody has to guess them from the copy.
#[derive(Debug, Default)]
pub(crate) struct Given {
    /// The headline.
    pub headline: Option<String>,
    /// Whether the format names the headline if there is one, so that none is looked for in the
    /// copy.
    pub names_headline: bool,
    /// The standfirst.
    pub subheadline: Option<String>,
    /// The keyword or slug line.
    pub slug: Option<String>,
    /// The byline as printed.
    pub byline: Option<Fact>,
    /// The people of the byline, where the format names them one by one.
    pub authors: Vec<Author>,
    /// The dateline.
    pub dateline: Option<GivenDateline>,
    /// When it was published, RFC 3339.
    pub published: Option<String>,
    /// When it was changed, RFC 3339.
    pub updated: Option<String>,
    /// The agency that sent it, as the envelope names it.
    pub agency: Option<String>,
    /// Names of which the first that is an agency's is the agency, where `agency` is none.
    pub agencies: Vec<Fact>,
    /// Version label.
    pub version: Option<Version>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// The story's address.
    pub source_url: Option<String>,
    /// Instructions to the desk, copyright lines, signatures.
    pub notes: Vec<(NoteKind, Fact)>,
    /// Pictures that came with it.
    pub media: Vec<GivenMedium>,
    /// Links to other stories: the title, and the address.
    pub related: Vec<(Fact, Option<String>)>,
}

/// A few words that an envelope gives, on one line, and where they stand in the decoded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    /// The words: entities resolved, white space folded.
    pub text: String,
    /// Where they stand.
    pub range: Range<usize>,
}

impl Fact {
    /// Returns the words of a piece of text; none if nothing of it is seen.
    pub(crate) fn of(piece: &Traced<'_>) -> Option<Self> {
        let (text, map) = clean(&piece.text, 0..piece.len(), &[]);
        let start = text.len() - text.trim_start().len();
        let end = text.trim_end().len();
        (start < end).then(|| Self {
            text: flow(&text, start..end).0,
            range: piece.source(map.source(start..end)),
        })
    }
}

/// A dateline that the format gives in parts.
#[derive(Clone, Debug)]
pub(crate) struct GivenDateline {
    /// As printed.
    pub fact: Fact,
    /// City, where the format names it.
    pub place: Option<String>,
    /// State, province or country, where the format names it.
    pub region: Option<String>,
    /// Date, EDTF, where the format names it.
    pub date: Option<String>,
}

/// A picture, film or graphic that came with the story.
#[derive(Clone, Debug)]
pub(crate) struct GivenMedium {
    /// What it is.
    pub kind: MediumKind,
    /// What it shows.
    pub caption: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
    /// Where that stands.
    pub range: Range<usize>,
}

/// The copy of a story.
#[derive(Debug)]
pub(crate) enum Copy {
    /// A part of the decoded text, apart from some transmission control inside it (ascending).
    Part {
        /// The part.
        range: Range<usize>,
        /// What is left out.
        controls: Vec<Range<usize>>,
    },
    /// Made from pieces of the decoded text, whose borders the format marks. Empty lines part them.
    Made {
        /// The text, with the way back to the decoded text.
        text: Traced<'static>,
        /// The pieces that it consists of, in order.
        pieces: Vec<Piece>,
    },
}

impl Default for Copy {
    fn default() -> Self {
        Self::Part {
            range: 0..0,
            controls: Vec::new(),
        }
    }
}

/// One piece of copy that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// One past its last byte in the copy.
    pub end: usize,
    /// What the format says that it is.
    pub kind: PieceKind,
}

/// What a format says of a piece of copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PieceKind {
    /// Nothing: it may be furniture, and may be several paragraphs.
    Any,
    /// One paragraph or line, which may be furniture.
    Line,
    /// One paragraph of the body; a dateline, byline, note or end mark at most.
    Paragraph,
    /// A heading inside the story.
    Crosshead,
    /// An item of a list.
    ListItem,
    /// A table, or anything else whose line breaks stay.
    Preformatted,
}

impl Envelope {
    /// Returns the envelope of plain copy of `len` bytes: none.
    pub(crate) fn plain(len: usize) -> Self {
        Self {
            copy: Copy::Part {
                range: 0..len,
                controls: Vec::new(),
            },
            ..Self::default()
        }
    }

    /// Returns an empty envelope of a format, which holds the whole of a text of `len` bytes.
    pub(crate) fn of(format: Format, len: usize) -> Self {
        Self {
            format,
            wire: Some(Wire {
                format,
                ..Wire::default()
            }),
            evidence: vec![(Field::Wire, 0..len)],
            ..Self::default()
        }
    }

    /// Takes what the caller gives: it fills what the format leaves empty.
    pub(crate) fn give_facts(&mut self, facts: &CallerFacts) {
        if facts.is_empty() {
            return;
        }
        let wire = self.wire();
        wire.given = facts.clone();
        for (place, name) in [
            (&mut wire.publication, FactName::Publication),
            (&mut wire.section, FactName::Section),
            (&mut wire.edition, FactName::Edition),
            (&mut wire.page, FactName::Page),
            (&mut wire.id, FactName::Id),
        ] {
            if place.is_none() {
                *place = facts.get(name).map(str::to_owned);
            }
        }
    }

    /// Returns the header's fields, to be filled in.
    pub(crate) fn wire(&mut self) -> &mut Wire {
        let format = self.format;
        self.wire.get_or_insert_with(|| Wire {
            format,
            ..Wire::default()
        })
    }

    /// Gives the headline, unless one was given.
    pub(crate) fn give_headline(&mut self, fact: Option<Fact>) {
        self.give(Field::Headline, fact, |given| &mut given.headline);
    }

    /// Gives the standfirst, unless one was given.
    pub(crate) fn give_subheadline(&mut self, fact: Option<Fact>) {
        self.give(Field::Subheadline, fact, |given| &mut given.subheadline);
    }

    /// Gives the slug, unless one was given.
    pub(crate) fn give_slug(&mut self, fact: Option<Fact>) {
        self.give(Field::Slug, fact, |given| &mut given.slug);
    }

    /// Gives the agency, unless one was given.
    pub(crate) fn give_agency(&mut self, fact: Option<Fact>) {
        self.give(Field::Agency, fact, |given| &mut given.agency);
    }

    /// Gives the story's address, unless one was given.
    pub(crate) fn give_source_url(&mut self, fact: Option<Fact>) {
        self.give(Field::SourceUrl, fact, |given| &mut given.source_url);
    }

    /// Gives the time of publication as `read` makes it of the words, unless one was given.
    pub(crate) fn give_published(
        &mut self,
        fact: Option<Fact>,
        read: impl Fn(&str) -> Option<String>,
    ) {
        let fact = fact.and_then(|fact| read(&fact.text).map(|text| Fact { text, ..fact }));
        self.give(Field::Published, fact, |given| &mut given.published);
    }

    /// Gives the time of the last change as `read` makes it of the words, unless one was given.
    pub(crate) fn give_updated(
        &mut self,
        fact: Option<Fact>,
        read: impl Fn(&str) -> Option<String>,
    ) {
        let fact = fact.and_then(|fact| read(&fact.text).map(|text| Fact { text, ..fact }));
        self.give(Field::Updated, fact, |given| &mut given.updated);
    }

    /// Gives a note, unless the same words were given.
    pub(crate) fn give_note(&mut self, kind: NoteKind, fact: Option<Fact>) {
        if let Some(fact) = fact
            && self
                .given
                .notes
                .iter()
                .rev()
                .take(SAME_NOTE_WITHIN)
                .all(|(_, note)| note.text != fact.text)
        {
            self.given.notes.push((kind, fact));
        }
    }

    fn give(
        &mut self,
        field: Field,
        fact: Option<Fact>,
        place: impl Fn(&mut Given) -> &mut Option<String>,
    ) {
        let Some(fact) = fact else { return };
        let place = place(&mut self.given);
        if place.is_none() {
            *place = Some(fact.text);
            self.evidence.push((field, fact.range));
        }
    }

    /// Moves everything by `offset`: the envelope was read from a part of the decoded text.
    pub(crate) fn shift(&mut self, offset: usize) {
        let shift = |range: &mut Range<usize>| *range = range.start + offset..range.end + offset;
        self.evidence.iter_mut().for_each(|(_, range)| shift(range));
        let given = &mut self.given;
        given
            .byline
            .iter_mut()
            .for_each(|fact| shift(&mut fact.range));
        if let Some(dateline) = &mut given.dateline {
            shift(&mut dateline.fact.range);
        }
        given
            .notes
            .iter_mut()
            .for_each(|(_, fact)| shift(&mut fact.range));
        given
            .media
            .iter_mut()
            .for_each(|medium| shift(&mut medium.range));
        given
            .related
            .iter_mut()
            .for_each(|(fact, _)| shift(&mut fact.range));
        match &mut self.copy {
            Copy::Part { range, controls } => {
                shift(range);
                controls.iter_mut().for_each(shift);
            }
            Copy::Made { text, .. } => text.shift(offset),
        }
    }
}

/// The copy of one story as people read it, with the way back to the raw bytes.
#[derive(Debug)]
pub(crate) struct CleanCopy<'a> {
    /// One kind of line end, no controls, NFC.
    pub text: Cow<'a, str>,
    map: OffsetMap,
    made: Option<(&'a Traced<'static>, &'a [Piece])>,
    decoded: &'a Decoded<'a>,
}

impl<'a> CleanCopy<'a> {
    /// Cleans what the envelope says is copy.
    pub(crate) fn new(decoded: &'a Decoded<'a>, envelope: &'a Envelope) -> Self {
        let ((text, map), made) = match &envelope.copy {
            Copy::Part { range, controls } => (clean(&decoded.text, range.clone(), controls), None),
            Copy::Made { text, pieces } => (
                clean(&text.text, 0..text.len(), &[]),
                Some((text, pieces.as_slice())),
            ),
        };
        Self {
            text,
            map,
            made,
            decoded,
        }
    }

    /// Returns where a range of `text` stands in the raw bytes.
    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        let range = self.map.source(range);
        self.decoded.span(match self.made {
            Some((made, _)) => made.source(range),
            None => range,
        })
    }

    /// Returns the text that the copy was taken from.
    pub(crate) fn decoded(&self) -> &'a Decoded<'a> {
        self.decoded
    }

    /// Returns where a range of the decoded text stands in the raw bytes.
    pub(crate) fn decoded_span(&self, range: Range<usize>) -> Span {
        self.decoded.span(range)
    }

    /// Returns whether the format marks the pieces of this copy.
    pub(crate) fn has_pieces(&self) -> bool {
        self.made.is_some()
    }

    /// Returns the piece that holds the byte `offset` of `text`: its number, and what it is.
    pub(crate) fn piece(&self, offset: usize) -> Option<(usize, PieceKind)> {
        let (_, pieces) = self.made?;
        let at = self.map.source(offset..offset + 1).start;
        let number = pieces.partition_point(|piece| piece.end <= at);
        pieces.get(number).map(|piece| (number, piece.kind))
    }
}
