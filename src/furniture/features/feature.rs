//! What can be seen of a unit: named features, each true or false.

macro_rules! features {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {
        /// One thing that a unit shows or does not show.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Feature { $($(#[doc = $doc])* $name,)* }

        impl Feature {
            /// All features, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns its name for people.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

features! {
    /// Present in every unit: carries a label's own likelihood.
    Always,
    /// At most 15 letters' weight.
    Tiny,
    /// 16 to 45.
    Short,
    /// 46 to 110.
    Medium,
    /// 111 to 220.
    Long,
    /// More than 220.
    VeryLong,
    /// Ends as a sentence does.
    Sentence,
    /// Holds more than one sentence.
    Sentences,
    /// Ends with a question mark.
    Question,
    /// Ends with a colon.
    Colon,
    /// Ends with an ellipsis: a teaser cut off, or a thought.
    Cut,
    /// Begins with a small letter.
    LowerStart,
    /// No small letter in it.
    Capitals,
    /// Begins with a quotation mark.
    QuoteStart,
    /// All of it between quotation marks.
    Quoted,
    /// More figures than letters.
    Numeric,
    /// Begins with a bullet or an item number.
    Bullet,
    /// Set in columns.
    Table,
    /// Hundreds of short lines in a row.
    Rubble,
    /// Set in from the margin of hand-set copy: a paragraph begins so.
    Indented,
    /// No blank line before it, though the copy has blank lines.
    Adjacent,
    /// The next unit is adjacent.
    NextAdjacent,
    /// Reads as running text: long, or a whole sentence of some length.
    Prose,
    /// A by-word and at least one name.
    ByName,
    /// A by-word and words that are no name.
    ByOther,
    /// A by-word alone.
    ByLabel,
    /// Nothing but names, at least one with a known given name.
    Names,
    /// Could be a name.
    NameLike,
    /// A role alone.
    Role,
    /// An agency alone.
    Agency,
    /// An e-mail address or handle alone.
    Contact,
    /// Nothing but a date.
    DateLine,
    /// A date and little else.
    DateIn,
    /// Words of date lines without a date: "3 hours ago", "Lesezeit: 2 Min."
    DateWords,
    /// A sure dateline at its start.
    Dateline,
    /// A likely dateline at its start.
    DatelineLikely,
    /// A dateline and nothing else.
    DatelineWhole,
    /// A share button or social network.
    Share,
    /// A section name.
    Section,
    /// Another piece of site furniture.
    Site,
    /// A phrase that introduces links, alone.
    RelatedLabel,
    /// A phrase that introduces links, a colon, and a title.
    RelatedTitle,
    /// A phrase of adverts and newsletters.
    Promo,
    /// Begins as credits do: "Photo:".
    CreditStart,
    /// Names a picture agency.
    CreditAgency,
    /// Words that stand in captions: "(left)", "file photo".
    CaptionWords,
    /// Ends with a credit in parentheses or after a copyright sign.
    CreditEnd,
    /// Begins as a note does.
    NoteStart,
    /// Begins as a contributors' line does, in parentheses or with a colon.
    Contributors,
    /// Begins with a copyright sign or word.
    Copyright,
    /// An end mark.
    EndMark,
    /// A line after which the story is over.
    TailMark,
    /// The story's own address, labelled.
    Url,
    /// An address without a label.
    BareUrl,
    /// Shaped like a slug line.
    SlugShape,
    /// Begins with a version label.
    VersionLabel,
    /// Begins with a run of asterisks: a flash.
    Flash,
    /// The same line stands elsewhere in the copy.
    Repeated,
    /// The same line stands three times or more.
    RepeatedOften,
    /// Its words are those of the story's address.
    UrlWords,
    /// Its words are those of the first paragraphs.
    Echo,
    /// The first unit.
    First,
    /// The unit before is running text.
    AfterProse,
    /// The next unit is running text.
    BeforeProse,
    /// Among three or more short units in a row.
    InRun,
    /// Two units of running text follow at once.
    ProseAhead,
    /// No running text before it.
    NoProseBefore,
    /// No running text after it.
    NoProseLeft,
    /// Nearly all running text is before it.
    LittleProseLeft,
    /// Running text between short units on both sides.
    Lone,
    /// On a page: the first running text, short, and what follows is none.
    Solo,
    /// On a page: the first running text, short, and what follows is longer by a quarter.
    StepUp,
    /// The unit before ends with a colon.
    AfterColon,
    /// The unit before is a byline or a label of one.
    AfterBy,
    /// A line of names stands before it.
    AfterNames,
    /// The longest short line before the first running text.
    LongestOfTop,
    /// Several words, each with a capital.
    TitleCase,
    /// A byline or date line follows within three units.
    BylineNear,
    /// The copy is set by hand or teletype, not copied from a page.
    Teletype,
    /// Of some length, and ends with a full stop.
    Statement,
    /// Ends without a stop, bracket or colon.
    NoStop,
    /// Ends with a short name after its last stop or in parentheses, as captions do.
    TrailingName,
    /// Near the end, and begins with an author's name.
    AboutAuthor,
    /// The first title once more.
    TitleAgain,
    /// Running text that stands twice, while the rest of the story does not.
    RepeatedProse,
    /// The next unit is nothing but a credit.
    BeforeCredit,
    /// The unit before is nothing but a credit.
    AfterCredit,
    /// After running text and right after a date or an age: a teaser.
    AfterAge,
    /// More than half of the running text is before it.
    Late,
    /// A breadcrumb trail: section, section, page.
    Trail,
    /// Several words that no list knows as furniture: it could be a title.
    Title,
    /// The first of the titles.
    FirstTitle,
    /// A headline that ends as a sentence does: the first that could be one, and a byline or date
    /// follows.
    StatedTitle,
    /// Right under the first title, and before the byline, the date or the text.
    UnderTitle,
    /// A dash and nothing but a name: a signature.
    Signature,
    /// Begins with a date that prints its year.
    DateFirst,
    /// A turn of a conversation: a name in capitals and a colon, as two other units have it.
    Turn,
}

/// A set of features.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features(u128);

impl Features {
    /// Adds `feature` if `seen`.
    pub fn set(&mut self, feature: Feature, seen: bool) {
        self.0 |= u128::from(seen) << feature as u8;
    }

    /// Takes `feature` out.
    pub fn clear(&mut self, feature: Feature) {
        self.0 &= !(1 << feature as u8);
    }

    /// Returns whether it holds `feature`.
    pub const fn has(self, feature: Feature) -> bool {
        self.0 >> feature as u8 & 1 == 1
    }

    /// Returns its features, in order.
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        let mut bits = self.0;
        std::iter::from_fn(move || {
            let i = bits.trailing_zeros() as usize;
            bits &= bits.checked_sub(1)?;
            Feature::ALL.get(i).copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_card_gives_every_feature_a_meaning_and_an_example() {
        let card = include_str!("../../../docs/labels.md");
        for feature in Feature::ALL {
            let row = format!("\n| `{}` | ", feature.name());
            assert!(
                card.contains(&row),
                "docs/labels.md lacks {}",
                feature.name()
            );
        }
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let mut set = Features::default();
        set.set(Feature::Title, true);
        set.set(Feature::Short, true);
        set.set(Feature::Long, false);
        set.clear(Feature::Short);
        assert_eq!(set.iter().collect::<Vec<_>>(), [Feature::Title]);
    }
}
