//! The record: one story as structured data.
//!
//! These types are the contract. Every reader of `archive` (scripts, the archive directory, the
//! exports, the evaluation) sees exactly what is declared here, in this order; `archive schema`
//! prints it as JSON Schema. Nothing in this file computes anything; a format has a name.
//!
//! Rules that hold for every record: keys are always present; spans are half-open byte offsets
//! into the raw bytes of the story; texts are Unicode NFC with white space folded and control
//! characters removed; a field that the text does not support is null; the same bytes give the
//! same record.

use crate::text::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The name and number of the record format that this program writes.
pub const SCHEMA: &str = "archive.story/2";

/// One news story, split into its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "archive.story/2")]
#[non_exhaustive]
pub struct Story {
    /// Name and number of the record format.
    pub schema: String,
    /// First 16 hex digits of the SHA-256 of the story's bytes: better rules never change it.
    #[schemars(regex(pattern = r"^[0-9a-f]{16}$"))]
    pub id: String,
    /// The headline, on one line; null only when the text has none.
    pub headline: Option<String>,
    /// Standfirst, deck or summary line.
    pub subheadline: Option<String>,
    /// The wire's keyword or slug line, where the transmission has one.
    pub slug: Option<String>,
    /// Who wrote it.
    pub byline: Option<Byline>,
    /// Where and when it was filed.
    pub dateline: Option<Dateline>,
    /// RFC 3339 full-date, or date-time with its offset when the text gives a time and a zone.
    pub published: Option<String>,
    /// When it was last changed, in the form of `published`.
    pub updated: Option<String>,
    /// The wire that supplied the story, normalised (Agence France-Presse is AFP).
    pub agency: Option<String>,
    /// Which version of the story this is, where the text says so.
    pub version: Option<Version>,
    /// BCP 47 tag of the detected language.
    pub language: Option<String>,
    /// The story itself, block by block.
    pub body: Vec<Block>,
    /// Every passage between quotation marks, in order.
    pub quotes: Vec<Quote>,
    /// Photo captions and credits.
    pub media: Vec<Medium>,
    /// Links to other stories that stand in the text.
    pub related: Vec<Related>,
    /// Everything else that the text holds, labelled.
    pub notes: Vec<Note>,
    /// Where the story was published, if the text says so.
    pub source_url: Option<String>,
    /// What the transmission's envelope said.
    pub wire: Option<Wire>,
    /// The bytes that this record was made from.
    pub source: Source,
    /// Where the plain-valued fields (headline, slug, version, …) stand in the source.
    pub evidence: Vec<Evidence>,
    /// What a reader should know about this record's making.
    pub warnings: Vec<Warning>,
}

/// The byline as printed, and the people in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Byline {
    /// As printed, on one line.
    pub text: String,
    /// The people; empty when only an agency is named.
    pub authors: Vec<Author>,
    /// Where it stands.
    pub span: Span,
}

/// One person of a byline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Author {
    /// The name as printed.
    pub name: String,
    /// Job title: "Business Writer", "Redakteur".
    pub role: Option<String>,
    /// Agency or outlet.
    pub affiliation: Option<String>,
    /// Where the person writes from, if the byline says so.
    pub location: Option<String>,
    /// E-mail address or social-media handle.
    pub contact: Option<String>,
}

/// "YEREVAN, Armenia, Nov 21 (AFP) -", or the story's own date line when it has no place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Dateline {
    /// As printed, on one line.
    pub text: String,
    /// City, as printed.
    pub place: Option<String>,
    /// State, province or country, as printed.
    pub region: Option<String>,
    /// EDTF (ISO 8601-2): `2020-11-21`, or `XXXX-02-26` where the text prints no year.
    pub date: Option<String>,
    /// The agency, normalised.
    pub agency: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// A version label: "1st Ld-Writethru", "UPDATE 2-", "CORRECTED-".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Version {
    /// As printed.
    pub label: String,
    /// Its number, where it has one.
    pub number: Option<u32>,
}

/// One block of the body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Block {
    /// What kind of block.
    pub kind: BlockKind,
    /// Its words: one line whatever the source's line breaks, except `preformatted`, which keeps
    /// them.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Kinds of body blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A heading inside the story.
    Crosshead,
    /// One item of a list.
    ListItem,
    /// Tables, results, agate: line breaks and spaces as printed.
    Preformatted,
    /// Someone else's words set apart.
    BlockQuote,
}

/// A passage between quotation marks, or a reported clause without them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Quote {
    /// The words between the marks, marks excluded; the whole clause where it is indirect.
    pub text: String,
    /// How the words are used.
    pub kind: QuoteKind,
    /// Index into `body`.
    pub block: usize,
    /// First code point in `body[block].text`.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The same words in the source.
    pub span: Span,
    /// Index of the quote that this one continues.
    pub part_of: Option<usize>,
    /// Who said it.
    pub speaker: Option<Speaker>,
    /// The verb or phrase that attributes it.
    pub cue: Option<Cue>,
}

/// How quoted words are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum QuoteKind {
    /// What was said, all of it in marks.
    Direct,
    /// Marked words inside the reporter's own clause.
    Mixed,
    /// Marked words that nobody is said to have said: titles, irony.
    Scare,
    /// What somebody is reported to have said, without marks: the whole reported clause.
    Indirect,
}

impl QuoteKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Direct, Self::Mixed, Self::Scare, Self::Indirect];

    /// Returns the kind as the record names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Mixed => "mixed",
            Self::Scare => "scare",
            Self::Indirect => "indirect",
        }
    }

    /// Returns whether somebody's own words stand between marks.
    pub fn is_marked_speech(self) -> bool {
        matches!(self, Self::Direct | Self::Mixed)
    }
}

/// The source of a quote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Speaker {
    /// Fullest name that the story gives, or the mention itself.
    pub name: String,
    /// As mentioned beside the quote.
    pub mention: String,
    /// Where the mention stands.
    pub span: Span,
    /// Title or description, kept apart from the name.
    pub title: Option<String>,
    /// What the speaker is; null where the story does not say.
    pub kind: Option<SpeakerKind>,
    /// Whether the speaker is a woman or a man, as far as the story says.
    pub gender: Option<SpeakerGender>,
}

/// What a speaker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpeakerKind {
    /// Somebody with a name, or a pronoun that leads to one.
    Person,
    /// A body, by its name or a noun: `the harbour board`.
    Organisation,
    /// Several people without names: `residents`.
    Group,
    /// Something written: `the report`.
    Document,
    /// One person whom the story does not name: `a senior official`.
    Described,
    /// A pronoun that leads to nobody.
    Unresolved,
}

impl SpeakerKind {
    /// The kind as the record names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Group => "group",
            Self::Document => "document",
            Self::Described => "described",
            Self::Unresolved => "unresolved",
        }
    }
}

/// A speaker's gender and what shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpeakerGender {
    /// Woman or man.
    pub value: GenderValue,
    /// What shows it.
    pub from: GenderEvidence,
}

/// Woman or man.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GenderValue {
    /// A woman.
    Female,
    /// A man.
    Male,
}

impl GenderValue {
    /// The value as the record names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }
}

/// What shows a speaker's gender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GenderEvidence {
    /// The mention beside the quote: `she`.
    Pronoun,
    /// A title or a noun for a person: `Mrs.`, `spokeswoman`.
    Title,
    /// A given name that is in the program's list as women's or men's.
    GivenName,
}

/// The words that attribute a quote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Cue {
    /// As printed.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A photo, video or graphic that the text mentions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Medium {
    /// What it is.
    pub kind: MediumKind,
    /// What it shows.
    pub caption: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// Kinds of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediumKind {
    /// A still picture.
    Photo,
    /// Moving pictures.
    Video,
    /// A chart, map or drawing.
    Graphic,
}

/// A link to another story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Related {
    /// Its title as printed.
    pub title: String,
    /// Its address, if printed.
    pub url: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// A piece of text that is not part of the story's own words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// As printed, on one line.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Kinds of notes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoteKind {
    /// From the desk to editors or readers.
    Editor,
    /// A correction or clarification.
    Correction,
    /// Reporting by, editing by, with files from; what is said about the author.
    Contributors,
    /// Who owns the text.
    Copyright,
    /// Whom to ask.
    Contact,
    /// Not to be used before.
    Embargo,
    /// Navigation, share buttons, adverts, newsletters.
    Boilerplate,
    /// "Reuter", "-30-", "###", "(more)".
    EndMark,
    /// Kept, and not understood.
    Unknown,
}

/// What the envelope of a transmission or export said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Wire {
    /// Which format the story came in.
    pub format: Format,
    /// Service designator.
    pub service: Option<String>,
    /// Story number.
    pub sequence: Option<String>,
    /// Priority code.
    pub priority: Option<String>,
    /// Category code.
    pub category: Option<String>,
    /// Number of words as the sender counted them.
    pub word_count: Option<u32>,
    /// Publication, for database exports.
    pub publication: Option<String>,
    /// Section of the publication.
    pub section: Option<String>,
    /// Edition of the publication.
    pub edition: Option<String>,
    /// Page of the publication.
    pub page: Option<String>,
    /// The sender's identifier: accession number, guid, DOCNO; never shortened.
    pub id: Option<String>,
    /// When a database took the story in, RFC 3339.
    pub load_date: Option<String>,
    /// Not to be used before this time, RFC 3339.
    pub embargo: Option<String>,
    /// Not to be used after this time, RFC 3339.
    pub expires: Option<String>,
    /// `usable`, `withheld`, `canceled`, … in the sender's word.
    pub status: Option<String>,
    /// Revision number.
    pub revision: Option<String>,
    /// The sender's keywords.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// Subject codes and names.
    #[serde(default)]
    pub subjects: Vec<Subject>,
    /// Places that the sender's index names.
    #[serde(default)]
    pub places: Vec<Subject>,
    /// Companies and organisations that the sender's index names.
    #[serde(default)]
    pub companies: Vec<Subject>,
    /// Kind of publication, such as `Newspaper`.
    pub publication_type: Option<String>,
    /// Kind of document, such as `News`.
    pub document_type: Option<String>,
    /// Genre, such as `Interview`.
    pub genre: Option<String>,
    /// The search that an export answers.
    pub query: Option<String>,
}

/// One entry of a sender's index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Subject {
    /// Its code in the sender's scheme.
    pub code: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

/// The formats that stories come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub enum Format {
    /// Plain copy.
    #[default]
    #[serde(rename = "plain")]
    Plain,
    /// ANPA 1312 transmissions.
    #[serde(rename = "anpa-1312")]
    Anpa1312,
    /// IPTC 7901 transmissions.
    #[serde(rename = "iptc-7901")]
    Iptc7901,
    /// NITF documents.
    #[serde(rename = "nitf")]
    Nitf,
    /// NewsML 1 documents.
    #[serde(rename = "newsml-1")]
    NewsMl1,
    /// NewsML-G2 documents.
    #[serde(rename = "newsml-g2")]
    NewsMlG2,
    /// ninjs objects.
    #[serde(rename = "ninjs")]
    Ninjs,
    /// schema.org JSON-LD.
    #[serde(rename = "json-ld")]
    JsonLd,
    /// RSS feeds.
    #[serde(rename = "rss")]
    Rss,
    /// Atom feeds.
    #[serde(rename = "atom")]
    Atom,
    /// Web pages.
    #[serde(rename = "html")]
    Html,
    /// Mail messages.
    #[serde(rename = "email")]
    Email,
    /// Rich Text Format.
    #[serde(rename = "rtf")]
    Rtf,
    /// Word documents.
    #[serde(rename = "docx")]
    Docx,
    /// OpenDocument texts.
    #[serde(rename = "odt")]
    Odt,
    /// The Reuters-21578 collection.
    #[serde(rename = "reuters-21578")]
    Reuters21578,
    /// The Reuters corpora RCV1 and RCV2.
    #[serde(rename = "rcv1")]
    Rcv1,
    /// TREC documents.
    #[serde(rename = "trec")]
    Trec,
    /// Gigaword documents.
    #[serde(rename = "gigaword")]
    Gigaword,
    /// Exports of Nexis and LexisNexis.
    #[serde(rename = "nexis")]
    Nexis,
    /// Exports of Factiva.
    #[serde(rename = "factiva")]
    Factiva,
    /// Exports of Europresse.
    #[serde(rename = "europresse")]
    Europresse,
    /// Exports of ProQuest.
    #[serde(rename = "proquest")]
    ProQuest,
    /// Exports of the databases of APA.
    #[serde(rename = "apa")]
    Apa,
    /// Corpora for Alceste and Iramuteq.
    #[serde(rename = "alceste")]
    Alceste,
}

impl Format {
    /// Returns its name, as records and `--input-format` have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Anpa1312 => "anpa-1312",
            Self::Iptc7901 => "iptc-7901",
            Self::Nitf => "nitf",
            Self::NewsMl1 => "newsml-1",
            Self::NewsMlG2 => "newsml-g2",
            Self::Ninjs => "ninjs",
            Self::JsonLd => "json-ld",
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Html => "html",
            Self::Email => "email",
            Self::Rtf => "rtf",
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Reuters21578 => "reuters-21578",
            Self::Rcv1 => "rcv1",
            Self::Trec => "trec",
            Self::Gigaword => "gigaword",
            Self::Nexis => "nexis",
            Self::Factiva => "factiva",
            Self::Europresse => "europresse",
            Self::ProQuest => "proquest",
            Self::Apa => "apa",
            Self::Alceste => "alceste",
        }
    }
}

/// The bytes that a record was made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Source {
    /// Where the file stood: the only part of a record that depends on it.
    pub path: Option<String>,
    /// SHA-256 of the story's bytes, in hex.
    #[schemars(regex(pattern = r"^[0-9a-f]{64}$"))]
    pub sha256: String,
    /// How many bytes.
    pub bytes: u64,
    /// Character set that they were read as, by its WHATWG name in lower case.
    pub encoding: String,
    /// The format that the bytes were read as.
    pub format: Format,
    /// Which story of its file: its number, from 1, or the member's name inside a container, with
    /// `#` and the number where the member holds several.
    pub member: Option<String>,
}

/// Where the words of a plain-valued field stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Evidence {
    /// The field's key.
    pub field: Field,
    /// Where it stands; a field printed in several places has several entries.
    pub span: Span,
}

/// Fields whose evidence is listed apart because their value is a plain string or a parsed value.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Field {
    /// `headline`
    Headline,
    /// `subheadline`
    Subheadline,
    /// `slug`
    Slug,
    /// `published`
    Published,
    /// `updated`
    Updated,
    /// `agency`
    Agency,
    /// `version`
    Version,
    /// `source_url`
    SourceUrl,
    /// `wire`
    Wire,
    /// Marks that say how a line looks, and are no words of it: the `##` and `**` of Markdown.
    Markup,
}

/// What a warning is about. The names in the record are stable.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WarningCode {
    /// There is no text at all.
    Empty,
    /// No line reads as a headline.
    NoHeadline,
    /// No line reads as a byline.
    NoByline,
    /// Neither a dateline nor a date line was found.
    NoDate,
    /// The only date lies after the last year in which a story can have been published.
    DateInFuture,
    /// No paragraph was found.
    NoBody,
    /// Some bytes are not valid in the character set; each became U+FFFD.
    MalformedBytes,
    /// Quotes were left out: a story of more than 128 KiB of text has more than 8,192 of them, and
    /// more than one for every 96 bytes.
    TooManyQuotes,
    /// Some text was kept as notes of kind `unknown`.
    UnknownMatter,
}

impl WarningCode {
    /// Returns the code as it stands in the record.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoHeadline => "no-headline",
            Self::NoByline => "no-byline",
            Self::NoDate => "no-date",
            Self::DateInFuture => "date-in-future",
            Self::NoBody => "no-body",
            Self::MalformedBytes => "malformed-bytes",
            Self::TooManyQuotes => "too-many-quotes",
            Self::UnknownMatter => "unknown-matter",
        }
    }
}

impl std::fmt::Display for WarningCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.name())
    }
}

/// Something about a record that a reader should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Warning {
    /// Stable code for scripts.
    pub code: WarningCode,
    /// A sentence for people.
    pub message: String,
    /// Where, if it has a place.
    pub span: Option<Span>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_named_in_code_as_in_the_record() {
        for code in [
            WarningCode::Empty,
            WarningCode::NoHeadline,
            WarningCode::NoByline,
            WarningCode::NoDate,
            WarningCode::DateInFuture,
            WarningCode::NoBody,
            WarningCode::MalformedBytes,
            WarningCode::TooManyQuotes,
            WarningCode::UnknownMatter,
        ] {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
    }
}
