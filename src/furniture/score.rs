//! How much each feature speaks for each label: the table that decides.
//!
//! A row says that a feature adds its weight to a label in the phases named. Weights are set by
//! hand, in quarters, on the scale of a logarithm of odds: 1 is a hint, 2 is good evidence, 4 is
//! nearly sure. The sum of a unit's rows is its score for a label; the grammar
//! ([`super::grammar`]) adds what the neighbours say.

use super::feature::{Feature, Features};
use super::label::{Label, Phase, STATES};
use std::sync::LazyLock;

/// Phases that a row holds for.
#[derive(Clone, Copy)]
enum In {
    All,
    Top,
    Head,
    Body,
    Tail,
    /// Body and tail.
    Back,
}

impl In {
    const fn holds(self, phase: Phase) -> bool {
        match self {
            Self::All => true,
            Self::Top => matches!(phase, Phase::Top),
            Self::Head => matches!(phase, Phase::Head),
            Self::Body => matches!(phase, Phase::Body),
            Self::Tail => matches!(phase, Phase::Tail),
            Self::Back => matches!(phase, Phase::Body | Phase::Tail),
        }
    }
}

type Row = (Label, In, &'static [(Feature, f32)]);

/// The table. `Always` is what a label is worth before anything is seen.
#[rustfmt::skip]
static ROWS: &[Row] = {
    use Feature::*;
    use In::*;
    use Label as L;
    &[
        (L::Navigation, All, &[
            (RepeatedProse, 3.5), (TitleAgain, 2.0), (DateLine, -1.5), (Always, -1.0), (Trail, 4.0), (Share, 4.0), (Section, 3.0), (Site, 4.0), (Promo, 6.0), (Tiny, 1.0), (Short, 0.25), (Long, -0.5), (VeryLong, -1.0),
            (Repeated, 0.75), (RepeatedOften, 2.5), (DateWords, 2.0), (Numeric, 1.5), (TailMark, 2.0), (Sentence, -1.25), (Prose, -1.5),
            (Sentences, -0.5), (InRun, 0.75), (Contact, 1.0), (BareUrl, 1.0), (Agency, 0.5), (Bullet, -0.5), (Table, -2.0), (Role, 0.5),
            (Quoted, -1.0), (Copyright, -1.0), (Dateline, -2.0), (RelatedLabel, -1.0), (Indented, -3.0),
        ]),
        (L::Navigation, Top, &[(Short, 0.75), (Tiny, 1.0), (Echo, -1.5), (UrlWords, -3.0), (Medium, -0.5), (First, 0.25), (Title, -1.75), (FirstTitle, -1.0)]),
        (L::Navigation, Head, &[(Prose, -1.0), (Names, -2.0), (NameLike, -1.0), (Role, -1.0), (BylineNear, -0.25)]),
        (L::Navigation, Body, &[(Always, -0.25), (Section, -1.0), (Prose, -1.0), (Question, -0.75), (Capitals, -0.5)]),
        (L::Navigation, Tail, &[(Always, 0.0), (InRun, 0.25), (Prose, 0.25), (NoProseLeft, 1.25), (Names, 0.5), (NameLike, 0.5)]),

        (L::Slug, All, &[(Always, -5.0), (SlugShape, 6.5), (First, 0.5), (Prose, -4.0), (Sentence, -2.0)]),

        (L::Headline, All, &[
            (Statement, -3.0), (Always, -1.5), (Trail, -4.0), (Tiny, -2.0), (Short, 0.0), (Medium, 1.25), (Long, 0.5), (VeryLong, -3.0), (Sentence, -1.25), (Sentences, -1.5),
            (Question, 1.5), (Colon, -1.5), (First, 1.5), (UrlWords, 4.0), (Echo, 1.5), (LongestOfTop, 0.75), (Title, 2.0), (FirstTitle, 1.75), (Flash, 4.0),
            (VersionLabel, 2.0), (Share, -5.0), (Section, -3.0), (Site, -5.0), (Promo, -4.0), (ByName, -5.0), (ByLabel, -5.0), (DateLine, -5.0),
            (DateIn, -1.5), (DateWords, -3.0), (Names, -2.5), (NameLike, -0.75), (Role, -2.0), (Agency, -3.0), (Dateline, -4.0), (DatelineLikely, -2.0),
            (RelatedLabel, -4.0), (RelatedTitle, -3.0), (CreditStart, -4.0), (CreditEnd, -3.0), (CreditAgency, -2.0), (NoteStart, -2.0),
            (Copyright, -3.0), (SlugShape, -2.5), (Url, -6.0), (BareUrl, -6.0), (EndMark, -5.0), (Repeated, 0.75), (RepeatedOften, -1.0),
            (Prose, -1.5), (BylineNear, 1.0), (Bullet, -2.0), (Numeric, -2.0), (LowerStart, -0.75), (Table, -2.0), (TailMark, -2.0),
            (Capitals, 0.25), (NoProseBefore, 0.5), (Contact, -4.0), (Quoted, -0.25), (Indented, -1.0), (AfterBy, -1.0), (Cut, -0.5),
            (NextAdjacent, 0.25), (Adjacent, -0.25), (CaptionWords, -3.0), (BeforeCredit, -0.5), (TrailingName, -3.0), (Sentences, -0.5),
        ]),
        (L::HeadlineMore, All, &[
            (Always, -3.0), (Adjacent, 1.0), (Capitals, 0.5), (Prose, -2.5), (ByName, -5.0), (DateLine, -5.0), (Dateline, -4.0), (Share, -4.0), (Section, -2.0),
            (Site, -4.0), (Names, -2.5), (NameLike, -1.0), (DateIn, -3.0), (Sentence, -1.0), (UrlWords, 3.0), (Medium, 0.5), (Echo, 0.5), (Promo, -4.0), (CreditEnd, -3.0),
            (RelatedLabel, -4.0), (Agency, -3.0), (DateWords, -3.0), (ByLabel, -5.0), (CreditStart, -4.0), (EndMark, -5.0), (VeryLong, -3.0), (Repeated, 0.5),
        ]),
        (L::Standfirst, All, &[
            (TitleAgain, -5.0), (Always, -0.75), (Tiny, -2.0), (Short, -0.5), (Medium, 0.5), (Long, 1.25), (VeryLong, 0.75), (Sentence, 0.25), (Sentences, 0.25), (ByName, -5.0),
            (DateLine, -5.0), (DateIn, -2.5), (Names, -3.0), (NameLike, -1.0), (Share, -4.0), (Section, -3.0), (Site, -4.0), (Promo, -3.0), (CreditEnd, -3.0),
            (CreditStart, -4.0), (CaptionWords, -1.0), (CreditAgency, -2.0), (Dateline, -2.5), (DatelineLikely, -1.0), (BylineNear, 1.75), (Echo, 0.5),
            (DateWords, -3.0), (Role, -3.0), (Agency, -3.0), (RelatedLabel, -4.0), (RelatedTitle, -3.0), (EndMark, -5.0), (Bullet, 0.0), (QuoteStart, -0.5),
            (ByLabel, -5.0), (BareUrl, -5.0), (Url, -5.0), (Numeric, -2.0), (NoteStart, -2.0), (RepeatedOften, -2.0), (Copyright, -3.0), (Indented, -1.0),
            (ProseAhead, 0.25), (Solo, 4.5), (StepUp, 3.75), (TrailingName, -3.0), (Cut, 0.5), (Teletype, -1.0), (AfterBy, -1.0), (Quoted, -0.5), (Colon, -1.5), (Table, -3.0), (Contact, -4.0),
        ]),
        (L::Byline, All, &[
            (Always, -3.0), (ByName, 6.0), (ByLabel, 4.5), (ByOther, -0.5), (Names, 3.5), (NameLike, 1.25), (Role, 2.0), (Agency, 1.5), (Contact, 1.5), (DateIn, 0.5), (AfterNames, 0.25),
            (AfterBy, 1.5), (DateLine, -2.0), (Prose, -3.5), (Sentence, -2.0), (VeryLong, -5.0), (Long, -2.0), (Section, -2.5), (Share, -3.0), (Site, -3.0),
            (Repeated, -0.25), (Promo, -3.0), (Capitals, 0.0), (UrlWords, -2.0), (Dateline, -2.0), (CreditStart, -3.0), (RelatedLabel, -3.0), (Numeric, -2.0), (Question, -3.0),
            (CreditAgency, -2.0), (EndMark, -3.0), (RelatedTitle, -3.0), (Table, -2.0), (Contributors, -1.5), (Copyright, -3.0), (CreditEnd, -1.0),
        ]),
        (L::Byline, Top, &[(Always, -1.0), (Role, -1.0), (Agency, -1.0)]),
        (L::Byline, Head, &[(Always, 0.5), (NameLike, 1.75)]),
        (L::Byline, Body, &[(Always, -2.0), (Names, -1.0), (Role, -2.0), (NameLike, -1.0), (Agency, -2.0), (Contact, -1.0)]),
        (L::Byline, Tail, &[(Always, -1.5), (InRun, -0.5), (Repeated, 0.5)]),

        (L::Date, All, &[
            (Always, -3.0), (DateLine, 6.0), (DateIn, 3.75), (DateWords, 2.25), (Prose, -3.0), (VeryLong, -4.0), (Sentence, -0.5), (Dateline, -1.5), (ByName, 0.75),
            (UrlWords, -2.0), (CreditEnd, -1.0), (Promo, -2.0), (CreditStart, -2.0), (Indented, -5.0),
        ]),
        (L::Date, Top, &[(Always, -0.25)]),
        (L::Date, Body, &[(Always, -2.0), (DateWords, -1.0)]),
        (L::Date, Tail, &[(Always, -1.0), (DateWords, -1.0)]),

        (L::Caption, All, &[
            (Always, -1.5), (CreditStart, 4.0), (CreditEnd, 3.5), (CreditAgency, 2.5), (CaptionWords, 2.25), (TrailingName, 3.5), (BeforeCredit, 3.0), (AfterCredit, 2.5), (Solo, 0.25), (Medium, 0.25), (Long, 0.25), (VeryLong, -0.5),
            (Sentences, -0.5), (QuoteStart, -1.0), (Share, -3.0), (Section, -3.0), (Site, -3.0), (Promo, -3.0), (ByName, -2.5), (DateLine, -3.0), (Names, -0.5),
            (Dateline, -3.0), (RelatedLabel, -4.0), (RelatedTitle, -3.0), (NoteStart, -1.0), (Contributors, -3.0), (EndMark, -4.0), (Url, -5.0), (BareUrl, -4.0),
            (Question, -1.5), (Colon, -1.0), (Repeated, 0.25), (UrlWords, -1.5), (Copyright, 0.5), (NextAdjacent, 0.5), (Adjacent, 0.25), (Table, -2.0), (TailMark, -2.0), (Tiny, -1.0),
            (Bullet, -1.5), (Teletype, -1.0), (ByLabel, -3.0),
        ]),
        (L::Caption, Top, &[(Always, -1.5)]),
        (L::Caption, Head, &[(Sentence, 0.25), (Prose, 0.25)]),
        (L::Caption, Body, &[(Always, -0.25)]),
        (L::Caption, Back, &[(Copyright, -1.0), (NoProseLeft, -0.75)]),
        (L::Caption, Tail, &[(Always, -0.5)]),

        (L::Paragraph, All, &[
            (Always, 0.5), (Prose, 2.5), (Sentence, 1.25), (Sentences, 0.5), (VeryLong, 1.0), (Long, 0.5), (Medium, -0.25), (Short, -1.0), (Tiny, -2.0), (Dateline, 3.0),
            (DatelineLikely, 1.5), (QuoteStart, 0.75), (Colon, 1.0), (Share, -5.0), (Section, -4.0), (Site, -5.0), (Promo, -5.0), (NoStop, -1.75), (TrailingName, -2.0), (AboutAuthor, -3.5), (Solo, -1.5), (StepUp, -1.5), (AfterAge, -4.0), (RepeatedProse, -4.5), (BeforeCredit, -2.0), (AfterCredit, -1.0), (ByName, -5.0), (ByLabel, -4.0),
            (DateLine, -4.0), (DateWords, -3.0), (Names, -3.0), (NameLike, -1.0), (Role, -3.0), (Agency, -3.0), (RelatedLabel, -5.0), (RelatedTitle, -3.5), (CreditStart, -4.0),
            (CreditEnd, -2.0), (CreditAgency, -1.0), (CaptionWords, -1.0), (NoteStart, -3.0), (Contributors, -4.0), (Copyright, -4.0), (EndMark, -6.0), (TailMark, -3.0),
            (Url, -6.0), (BareUrl, -4.0), (RepeatedOften, -3.0), (Repeated, -0.75), (Cut, -0.5), (Lone, -0.75), (Quoted, 0.25), (Indented, 5.0), (Teletype, 0.75), (Bullet, -1.0),
            (Table, -4.0), (SlugShape, -3.0), (AfterColon, 0.5), (Numeric, -1.0), (Contact, -3.0), (Question, -0.5), (InRun, -0.5), (DateIn, -1.0), (LowerStart, 0.0), (Capitals, -1.0),
            (AfterProse, 0.25), (BeforeProse, 0.25), (ByOther, -0.25), (UrlWords, -0.5),
        ]),
        (L::Crosshead, All, &[
            (BeforeCredit, -2.0), (AfterCredit, -1.0), (TrailingName, -3.0), (Always, 0.0), (Tiny, 0.25), (Short, 1.0), (Medium, 0.5), (Long, -1.75), (VeryLong, -5.0), (Sentence, -2.0), (Sentences, -2.0), (Question, 2.5), (Capitals, 0.75),
            (Quoted, 0.75), (Colon, -2.0), (Prose, -2.5), (BeforeProse, 1.0), (AfterProse, 0.5), (ProseAhead, 0.5), (InRun, -1.0), (NoProseLeft, -4.0), (LittleProseLeft, -0.25), (Share, -5.0),
            (Section, -1.0), (Site, -4.0), (Promo, -4.0), (ByName, -5.0), (ByLabel, -4.0), (DateLine, -3.0), (DateWords, -3.0), (Names, -1.5), (NameLike, -0.5), (Role, -2.5), (Agency, -3.0),
            (RelatedLabel, -4.0), (RelatedTitle, -3.0), (CreditStart, -4.0), (CreditEnd, -3.0), (CreditAgency, -3.0), (CaptionWords, -1.5), (NoteStart, -3.0), (Copyright, -4.0), (EndMark, -6.0),
            (TailMark, -2.5), (Url, -6.0), (BareUrl, -5.0), (RepeatedOften, -3.0), (Repeated, -0.5), (Cut, -1.0), (Numeric, -2.0), (Bullet, -2.0), (Table, -3.0), (Indented, -1.0), (Contact, -3.0),
            (LowerStart, -1.5), (DateIn, -1.5), (Adjacent, -0.5), (NoProseBefore, -2.5), (AfterColon, -0.5), (Teletype, -0.75), (Indented, -1.5), (QuoteStart, 0.25),
        ]),
        (L::ListItem, All, &[
            (Always, -2.5), (Bullet, 5.0), (AfterColon, 1.0), (Sentence, -0.25), (InRun, 0.25), (VeryLong, 0.0), (Share, -3.0), (Site, -3.0), (Names, -1.0), (DateLine, -2.0), (Prose, 0.25),
            (Promo, -3.0), (EndMark, -4.0), (RelatedLabel, -3.0), (CreditEnd, -2.0), (CreditStart, -3.0), (Contributors, -2.0), (Copyright, -3.0), (TailMark, -2.0), (Table, -1.0), (Quoted, 0.25),
            (NoProseLeft, -1.5), (ByName, -3.0), (Section, -2.0), (RepeatedOften, -2.0),
        ]),
        (L::Preformatted, All, &[(Always, -4.0), (Table, 7.5), (Numeric, 1.0), (Prose, -3.0), (Share, -4.0), (Site, -4.0), (DateLine, -1.0), (Capitals, 0.25), (CreditEnd, -1.0)]),
        (L::Preformatted, Tail, &[(Always, -1.0)]),
        (L::Dateline, All, &[(Always, -4.0), (DatelineWhole, 7.0), (Dateline, 1.5), (DatelineLikely, 0.5), (Prose, -2.0), (VeryLong, -4.0)]),

        (L::RelatedLabel, All, &[(Always, -4.0), (RelatedLabel, 7.5), (Prose, -4.0), (VeryLong, -3.0), (Colon, 0.5)]),
        (L::RelatedLabel, Top, &[(Always, -0.5)]),
        (L::Related, All, &[
            (Always, -1.75), (RelatedTitle, 6.5), (Medium, 0.5), (Short, 0.0), (Long, 0.0), (VeryLong, -2.5), (Sentence, -1.0), (Sentences, -1.5), (Prose, -1.0), (InRun, 1.25), (Question, 0.25),
            (Share, -3.0), (Section, -1.5), (Site, -3.0), (Promo, -1.5), (ByName, -2.0), (DateLine, -2.0), (Dateline, -3.0), (CreditEnd, -1.5), (CreditStart, -3.0), (EndMark, -4.0), (Repeated, 0.75),
            (Url, -4.0), (Copyright, -3.0), (Contributors, -3.0), (Tiny, -1.5), (Cut, 0.5), (TailMark, -2.0), (Numeric, -1.0), (Contact, -3.0), (Table, -2.0), (Indented, -1.0), (DateWords, -2.0), (UrlWords, -2.0),
            (Teletype, -0.5), (Indented, -2.5),
        ]),
        (L::Related, Top, &[(Always, -2.0), (Echo, -1.0)]),
        (L::Related, Head, &[(Always, -1.5), (Echo, -0.5), (Names, -2.0), (NameLike, -2.0)]),
        (L::Related, Body, &[(NoProseBefore, -2.0), (QuoteStart, -0.25), (BeforeProse, -0.25)]),
        (L::Related, Tail, &[(Always, 0.25), (NoProseLeft, 0.5)]),

        (L::Note, All, &[
            (Always, -3.0), (Rubble, 30.0), (AboutAuthor, 4.5), (NoteStart, 6.0), (Contributors, 6.5), (Copyright, 5.5), (Contact, 1.0), (EndMark, -3.0), (Share, -3.0), (Site, -3.0), (CreditStart, -2.0), (Dateline, -3.0),
            (Table, -1.0), (Bullet, -0.5), (ByName, -1.5), (RelatedLabel, -3.0), (Promo, -0.5),
        ]),
        (L::Note, Top, &[(Always, -0.25)]),
        (L::Note, Body, &[(Always, -0.75)]),
        (L::Note, Tail, &[(Sentence, 0.75), (Prose, 1.0), (Sentences, 0.5), (AfterNames, 0.75), (Names, -1.0)]),

        (L::EndMark, All, &[(Always, -4.0), (EndMark, 8.0), (Prose, -4.0), (VeryLong, -4.0)]),
        (L::EndMark, Tail, &[(Always, -0.25)]),
        (L::Url, All, &[(Always, -4.0), (Url, 9.0), (BareUrl, 6.0), (Prose, -2.0)]),
        (L::Url, Body, &[(BareUrl, -1.0)]),
    ]
};

/// Weights by feature and state, summed up from the rows.
static TABLE: LazyLock<Vec<[f32; STATES.len()]>> = LazyLock::new(|| {
    let mut table = vec![[0.0; STATES.len()]; Feature::ALL.len()];
    for (label, phases, weights) in ROWS {
        for (i, (phase, state_label)) in STATES.iter().enumerate() {
            if state_label == label && phases.holds(*phase) {
                for (feature, weight) in *weights {
                    table[*feature as usize][i] += weight;
                }
            }
        }
    }
    table
});

/// The score of every state for a unit with these features.
pub fn states(features: Features) -> [f32; STATES.len()] {
    let table = &*TABLE;
    let mut out = [0.0; STATES.len()];
    for feature in features.iter() {
        for (sum, weight) in out.iter_mut().zip(&table[feature as usize]) {
            *sum += weight;
        }
    }
    out
}

/// The features that spoke for or against a state, strongest first.
pub fn why(features: Features, state: usize) -> Vec<(Feature, f32)> {
    let mut out: Vec<_> = features
        .iter()
        .map(|f| (f, TABLE[f as usize][state]))
        .filter(|(f, w)| *w != 0.0 && *f != Feature::Always)
        .collect();
    out.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    out
}
