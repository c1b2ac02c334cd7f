//! What the features of attribution tell apart.

use crate::quotes::axis::axes;
use crate::quotes::syntax::class::{Forms, Verb};
use crate::quotes::syntax::clauses::Who;

axes! {
    /// Side of the quote.
    Side {
        Before = "before", "*Ortiz said:* \"It held.\"";
        After = "after", "\"It held,\" *Ortiz said.*";
    }

    /// What a verb does to words, coarsely.
    VerbGroup {
        Say = "say", "said";
        Report = "report", "added, told, wrote, according to";
        Call = "call", "called, blamed";
        Think = "think", "believes, promised";
        Other = "other", "walked, is, reads";
    }

    /// Form of a verb: the first in this order that it can be.
    VerbForm {
        Past = "past", "said";
        Participle = "part", "written";
        Third = "s", "says";
        Gerund = "ing", "saying";
        Base = "base", "say";
        None = "none", "according";
    }

    /// What a phrase stands for, coarsely.
    WhoGroup {
        Name = "name", "Lena Ortiz";
        Pronoun = "pronoun", "she";
        Relative = "relative", "who";
        Human = "human", "a welder, residents";
        Organisation = "organisation", "the harbour board";
        Document = "document", "the report";
        Other = "other", "the bridge, Monday";
        Owner = "owner", "Ortiz's, her";
    }

    /// Tokens between.
    Distance {
        None = "0", "they touch";
        One = "1", "one token";
        Two = "2", "two tokens";
        Few = "3-4", "three or four";
        Some = "5-8", "five to eight";
        Many = "9-15", "nine to fifteen";
        Far = "16+", "more";
    }

    /// Tokens between, coarsely.
    Gap {
        None = "0", "they touch";
        One = "1", "one token";
        Two = "2", "two tokens";
        Few = "3-5", "three to five";
        Far = "6+", "more";
    }

    /// How many.
    Count {
        None = "0", "none";
        One = "1", "one";
        Several = "2+", "two or more";
    }

    /// Where a word stands, seen from the quote.
    Location {
        SameSentence = "sentence", "in the quote's sentence";
        SentenceBefore = "sentence-before", "in the sentence before";
        SentenceAfter = "sentence-after", "in the sentence after";
        FartherBefore = "farther-before", "further up in the block";
        FartherAfter = "farther-after", "further down in the block";
        BlockBefore = "block-before", "in the block before";
    }

    /// Order of speaker (S), cue (C) and quote (Q).
    Order {
        SpeakerCueQuote = "SCQ", "Ortiz said: \"It held.\"";
        CueSpeakerQuote = "CSQ", "According to Ortiz, \"it held.\"";
        SpeakerQuoteCue = "SQC", "Ortiz \"held it,\" she said";
        CueQuoteSpeaker = "CQS", "called \"a toy\" by Ortiz";
        QuoteSpeakerCue = "QSC", "\"It held,\" Ortiz said.";
        QuoteCueSpeaker = "QCS", "\"It held,\" said Ortiz.";
    }

    /// How a passage ends, a stop outside its mark included.
    End {
        Comma = "comma", "\"It held,\" she said";
        Stop = "stop", "\"It held.\"";
        Asks = "asks", "\"Did it hold?\"";
        Dash = "dash", "\"It held –\"";
        None = "none", "\"bound to fail\" plan";
    }

    /// How a passage begins.
    Begin {
        Capital = "capital", "\"It held.\"";
        Small = "small", "\"bound to fail\"";
    }

    /// How many words a passage has.
    Length {
        One = "1", "\"odd\"";
        Two = "2", "\"very odd\"";
        Few = "3-5", "three to five";
        Some = "6-9", "six to nine";
        Many = "10-20", "ten to twenty";
        Long = "21+", "more";
    }

    /// How a passage's words are written.
    Letters {
        AllCapital = "all-capital", "\"Night Desk\"";
        MostCapital = "most-capital", "\"Welcome to Port Lesa Again\"";
        FirstCapital = "first-capital", "\"It held.\"";
        Small = "small", "\"bound to fail\"";
    }

    /// What stands right beside a token.
    Neighbour {
        Edge = "edge", "the block's beginning or end";
        Stop = "stop", ". ! ?";
        Comma = "comma", ",";
        Colon = "colon", ":";
        Break = "break", "; –";
        Bracket = "bracket", "( )";
        Article = "article", "the, her, some";
        Preposition = "preposition", "in, to";
        Conjunction = "conjunction", "and, because";
        That = "that", "that";
        As = "as", "as";
        By = "by", "by";
        Report = "report", "said, wrote";
        Call = "call", "called, blamed";
        Verb = "verb", "walked";
        Auxiliary = "auxiliary", "is, has, would, not";
        Pronoun = "pronoun", "she, him";
        Relative = "relative", "who";
        Name = "name", "Ortiz";
        Noun = "noun", "bridge";
        Adjective = "adjective", "former";
        Adverb = "adverb", "again";
        Quote = "quote", "another passage";
        Time = "time", "Monday";
        Other = "other", "4,000, %";
    }

    /// How a cue (C) touches the quote (Q); dots stand for tokens between.
    Touch {
        CueFollows = "Q-C", "\"It held,\" said Ortiz";
        SpeakerThenCue = "Q-S-C", "\"It held,\" Ortiz said";
        FollowsClosely = "Q..C", "\"It held,\" Ortiz, 41, said";
        FollowsFar = "Q...C", "more than five tokens";
        CueLeads = "C-Q", "said \"it held\"";
        CommaLeads = "C,Q", "said, \"It held.\"";
        ColonLeads = "C:Q", "said: \"It held.\"";
        ThatLeads = "C-that-Q", "said that \"it held\"";
        AsLeads = "C-as-Q", "described as \"a toy\"";
        CueThenPhrase = "C-S-Q", "called the bridge \"a toy\"";
        LeadsClosely = "C..Q", "said it was still \"a toy\"";
        LeadsFar = "C...Q", "more than five tokens, or another block";
    }

    /// What the speaker is to the cue, by shallow reading.
    Role {
        Subject = "subject", "*Ortiz* said";
        ExplainsSubject = "explains-subject", "Ortiz, *a welder*, said";
        After = "after", "said *Ortiz*";
        Agent = "agent", "was called a toy by *Ortiz*";
        OtherSubject = "other-subject", "*Ortiz* left when Lund said";
        NoSubject = "no-subject", "the verb has none";
    }

    /// How often a name stands in the story.
    Often {
        NoName = "no-name", "a welder";
        Once = "once", "once";
        Few = "2-3", "two or three times";
        Many = "4+", "more often";
    }

    /// Which of its kind on its side, counted from the quote.
    Rank {
        First = "1", "the nearest";
        Second = "2", "the next";
        Later = "3+", "one further off";
    }

    /// Where the last quote stands that somebody said.
    LastQuote {
        Sentence = "sentence", "in the same sentence";
        Block = "block", "in the same block";
        BlockBefore = "block-before", "in the block before";
        Farther = "farther", "further up, or there is none";
    }
}

impl VerbGroup {
    /// Returns the group of a verb.
    pub fn of(verb: Verb) -> Self {
        match verb {
            Verb::Say => Self::Say,
            Verb::Speak | Verb::Tell | Verb::Write | Verb::According => Self::Report,
            Verb::Call | Verb::Judge => Self::Call,
            Verb::Think | Verb::Vow => Self::Think,
            _ => Self::Other,
        }
    }
}

impl VerbForm {
    /// Returns the first of its forms.
    pub fn of(forms: Forms) -> Self {
        let all = [
            (Forms::PAST, Self::Past),
            (Forms::PART, Self::Participle),
            (Forms::S, Self::Third),
            (Forms::ING, Self::Gerund),
            (Forms::BASE, Self::Base),
        ];
        let found = all.into_iter().find(|(form, _)| forms.has(*form));
        found.map_or(Self::None, |(_, form)| form)
    }
}

impl WhoGroup {
    /// Returns the kind of what a phrase stands for.
    pub fn of(who: Who) -> Self {
        match who {
            Who::Person | Who::Name => Self::Name,
            Who::He | Who::She | Who::They | Who::It | Who::Me | Who::Object => Self::Pronoun,
            Who::Relative => Self::Relative,
            Who::OnePerson | Who::People | Who::Quantity => Self::Human,
            Who::Body | Who::Organisation => Self::Organisation,
            Who::Document => Self::Document,
            Who::Thing | Who::Time => Self::Other,
            Who::Owner | Who::Possessive => Self::Owner,
        }
    }
}

impl Distance {
    /// Returns the distance of things that have so many tokens between them.
    #[inline]
    pub fn of(tokens: usize) -> Self {
        match tokens {
            0 => Self::None,
            1 => Self::One,
            2 => Self::Two,
            3 | 4 => Self::Few,
            5..=8 => Self::Some,
            9..=15 => Self::Many,
            _ => Self::Far,
        }
    }
}

impl Gap {
    /// Returns the gap of things that have so many tokens between them.
    #[inline]
    pub fn of(tokens: usize) -> Self {
        match tokens {
            0 => Self::None,
            1 => Self::One,
            2 => Self::Two,
            3..=5 => Self::Few,
            _ => Self::Far,
        }
    }
}

impl Count {
    /// Returns how many there are.
    #[inline]
    pub fn of(number: usize) -> Self {
        match number {
            0 => Self::None,
            1 => Self::One,
            _ => Self::Several,
        }
    }
}

impl Rank {
    /// Returns the rank of something that so many stand closer than.
    #[inline]
    pub fn of(closer: usize) -> Self {
        match closer {
            0 => Self::First,
            1 => Self::Second,
            _ => Self::Later,
        }
    }
}

impl Length {
    /// Returns the length of a passage of so many words.
    pub fn of(words: usize) -> Self {
        match words {
            0 | 1 => Self::One,
            2 => Self::Two,
            3..=5 => Self::Few,
            6..=9 => Self::Some,
            10..=20 => Self::Many,
            _ => Self::Long,
        }
    }
}

impl Often {
    /// Returns how often the name of a phrase stands in the story.
    pub fn of(times: Option<usize>) -> Self {
        match times {
            None => Self::NoName,
            Some(0 | 1) => Self::Once,
            Some(2 | 3) => Self::Few,
            Some(_) => Self::Many,
        }
    }
}

impl Side {
    /// Returns the side of something that stands after the quote, or does not.
    #[inline]
    pub fn of(after: bool) -> Self {
        if after { Self::After } else { Self::Before }
    }
}
