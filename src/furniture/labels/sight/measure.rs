//! What a unit and its surroundings show beyond features, as numbers.

macro_rules! measures {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {
        /// Something of a unit that is counted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Measure { $($(#[doc = $doc])* $name,)* }

        impl Measure {
            /// All measures, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns its name in the file of the trees, and for people.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

measures! {
    /// Its weight, on a scale that grows coarser.
    Weight,
    /// Words.
    Words,
    /// Marks that end sentences.
    Stops,
    /// Commas.
    Commas,
    /// Figures, in twentieths of all that shows.
    Figures,
    /// Capitals, in twentieths of the letters.
    Capital,
    /// Words with a capital, in twentieths.
    Capitalised,
    /// Letters that are not Latin, in twentieths.
    Foreign,
    /// Marks other than stops and commas, in twentieths of all that shows.
    Marks,
    /// Mean length of the words.
    WordLength,
    /// Length of the longest word.
    LongestWord,
    /// Small words, in twentieths.
    SmallWords,
    /// How it begins: a kind by its first character.
    Start,
    /// How it ends: a kind by its last character.
    End,
    /// Quotation marks.
    QuoteMarks,
    /// Brackets.
    Brackets,
    /// Bars, bullets and arrows.
    Rules,
    /// Dashes with a space on both sides.
    Dashes,
    /// Colons inside.
    ColonsInside,
    /// At and number signs, addresses.
    Handles,
    /// A sign of a currency or of a percentage.
    Money,
    /// Times of day such as `12:30`.
    Clock,
    /// A year.
    Year,
    /// Characters that are pictures.
    Pictures,
    /// Runs of two spaces or tabs.
    Gaps,
    /// A small letter followed at once by a capital: pieces glued together.
    Glued,
    /// Words for the reader: *you*, *your*.
    You,
    /// Words for the outlet: *we*, *our*.
    We,
    /// Words of offers and accounts.
    Offer,
    /// Words of comments and answers.
    Comment,
    /// Words of ages and times.
    Ago,
    /// Words of pictures and films.
    Picture,
    /// Words that send the reader elsewhere.
    Elsewhere,
    /// Words of people and crafts in author lines.
    Craft,
    /// Words of laws of the page: rights, cookies, consent.
    Rights,
    /// Words with a known given name, in twentieths.
    GivenNames,
    /// Words that stand in lists of furniture, in twentieths.
    Furniture,
    /// Blank lines before.
    Blanks,
    /// Blank lines after.
    BlanksAfter,
    /// Columns of indent.
    Indent,
    /// How often the line stands in the copy.
    Times,
    /// Units before it, on a scale that grows coarser.
    FromTop,
    /// Units after it, likewise.
    FromEnd,
    /// Place in the copy, in twentieths.
    Place,
    /// Units of the copy, on a scale that grows coarser.
    Units,
    /// Blank lines between units, in twentieths of the units.
    Spacing,
    /// Running text before it, in twentieths of the whole.
    ProseBefore,
    /// Running text after it, likewise.
    ProseAfter,
    /// Units of running text before it.
    ParagraphsBefore,
    /// Units of running text after it.
    ParagraphsAfter,
    /// Units since running text.
    SinceProse,
    /// Units until running text.
    UntilProse,
    /// Length of the run of running text that it stands in or that comes before it.
    RunBefore,
    /// Length of the run of running text that comes after it.
    RunAfter,
    /// Running text among the two units on either side.
    ProseNear,
    /// Running text among the six units before.
    ProseSixBefore,
    /// Running text among the six units after.
    ProseSixAfter,
    /// Running text among the fifteen units before.
    ProseManyBefore,
    /// Running text among the fifteen units after.
    ProseManyAfter,
    /// Short lines among the six before.
    ShortBefore,
    /// Short lines among the six after.
    ShortAfter,
    /// Marks of furniture among the six before.
    SiteBefore,
    /// Marks of furniture among the six after.
    SiteAfter,
    /// Marks of the tail anywhere before.
    TailBefore,
    /// Units since a mark of the tail.
    SinceTail,
    /// Dates and ages among the six before.
    DatesBefore,
    /// Dates and ages among the six after.
    DatesAfter,
    /// Units since a line of names.
    SinceNames,
    /// Units until a line of names.
    UntilNames,
    /// Units since a date.
    SinceDate,
    /// Units until a date.
    UntilDate,
    /// Lines of names before.
    NamesBefore,
    /// Units since the first title, and whether it is still to come.
    SinceTitle,
    /// Where it stands to the longest stretch of text: before, inside, after.
    Stretch,
    /// Units to the beginning of that stretch.
    ToStretch,
    /// Units since the end of that stretch.
    SinceStretch,
    /// Words that the story's address has, in tenths.
    OfAddress,
    /// Words that the running text of other units has, in tenths.
    OfText,
    /// Words that the first title has, in tenths.
    OfTitle,
    /// Runs of four words that stand in another unit too, in tenths.
    Again,
    /// It ends with, or is, the whole of a unit just after it.
    HoldsNext,
    /// A unit just before holds it.
    HeldBefore,
    /// It is longer than the unit after: by how many quarters.
    LongerThanNext,
    /// Lines of about its length among the six around it.
    Alike,
    /// Begins as the unit before does.
    SameStartBefore,
    /// Begins as the unit after does.
    SameStartAfter,
    /// A sentence to the reader in the region: sum over the six around it.
    YouNear,
    /// Offers in the region: sum over the six around it.
    OfferNear,
    /// Comments in the region.
    CommentNear,
    /// Rights and consent in the region.
    RightsNear,
    /// The first pass's headline stands so many units before.
    SinceHeadline,
    /// Sum of the first pass's shares of text over five units before.
    TextBefore,
    /// The same over five units after.
    TextAfter,
    /// Sum of its shares of what comes after the story, over five units before.
    BelowBefore,
    /// The same over five units after.
    BelowAfter,
    /// Paragraphs that the first pass sees before.
    TakenBefore,
    /// Paragraphs that it sees after.
    TakenAfter,
    /// Bylines and dates that it sees between the headline and here.
    SignedBefore,
    /// Bylines and dates that it sees from here to the next paragraph but one.
    SignedAfter,
    /// Where it stands to the core, the stretch that the first pass takes for the story's text:
    /// before, inside, after.
    Core,
    /// Units to the beginning of the core.
    ToCore,
    /// Units since the end of the core.
    SinceCore,
    /// Units since the core began.
    IntoCore,
    /// Units until the core ends.
    LeftOfCore,
    /// Words that the running text of the core has, in tenths.
    OfCore,
    /// Words with a capital, but the first, that no other running text of the core has.
    NewNames,
    /// Its weight, in quarters of a mean paragraph of the core.
    OfMean,
    /// Units among the six around it that end as it does.
    EndsAlike,
    /// Units since a label of links or a promotion.
    SinceLinks,
    /// Units until one.
    UntilLinks,
    /// Units of the run of alike lines that it stands in: all short, or all running text.
    AlikeRun,
    /// Sum of the first pass's shares of text over fifteen units before.
    TextManyBefore,
    /// The same over fifteen units after.
    TextManyAfter,
}
