//! What newsrooms write: word lists as data, and the types that look words up in them.
//!
//! Every list is a `.txt` file beside this one: `#` comments that say what the list is, then one
//! entry a line, folded (see [`fold`](crate::text::fold)) and sorted, with a value after a tab
//! where the list has one. To teach the program a word, add a line; to teach it a language, add
//! lines to each list. No list decides anything: the labels weigh what the lists say.

mod glance;
mod phrases;
mod words;

pub(crate) use phrases::{Edges, Phrases};
pub(crate) use words::Words;

use std::sync::LazyLock;

/// All lists, read once on first use.
pub(crate) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::read);

/// The word lists.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Month names and abbreviations → 1 to 12.
    pub months: Words,
    /// Names of week days.
    pub weekdays: Words,
    /// Words that introduce an author.
    pub by_words: Words,
    /// News agencies → normal form.
    pub agencies: Words,
    /// Beginnings of what a byline says of those who did not write.
    pub crafts: Words,
    /// Job titles in bylines.
    pub roles: Words,
    /// What a reporter reports about, before the title of the job.
    pub beats: Words,
    /// Nouns that pages count beside a name or a date.
    pub counts: Words,
    /// States of the United States, by name and abbreviation.
    pub us_states: Words,
    /// Time zones → offset from UTC.
    pub zones: Words,
    /// Words that stand in date lines → `published`, `updated` or `filler`.
    pub dates: Words,
    /// Whole lines of site furniture → `share`, `section` or `site`.
    pub navigation: Words,
    /// Phrases that introduce links.
    pub related: Words,
    /// Whole lines after which the story is over.
    pub tail: Words,
    /// Phrases that advertise, anywhere in a line.
    pub promo: Phrases,
    /// Marks of captions and credits: `prefix` at the start, `agency` and `inside` anywhere.
    pub credits: Phrases,
    /// Beginnings of notes → kind of note.
    pub notes: Words,
    /// Whole lines that end a story or take.
    pub end_marks: Words,
    /// First words of what senders say of themselves under a release.
    pub about_senders: Words,
    /// Words of version labels.
    pub versions: Words,
    /// Phrases before the story's own address.
    pub url_labels: Words,
    /// Lower-case parts of names.
    pub particles: Words,
    /// Given names → f, m or u.
    pub first_names: Words,
    /// Given names that bylines know as well → f, m or u.
    pub byline_names: Words,
    /// Family names of scripts without capitals.
    pub surnames: Words,
    /// The commonest small words: no name holds one.
    pub function_words: Words,
    /// Words that show an organisation rather than a person.
    pub outlets: Words,
    /// Verbs → class and forms.
    pub verbs: Words,
    /// First parts of German verbs of speech → class, form and particles.
    pub separable_verbs: Words,
    /// Languages → endings of words that open a sentence and are no names.
    pub opening_endings: Words,
    /// Terms that frame quotes in Chinese, Japanese and Korean → class, by language.
    pub east_asian: Words,
    /// Languages → endings of words that are no subject.
    pub case_endings: Words,
    /// Languages → endings of names in the nominative and in other cases.
    pub name_cases: Words,
    /// Nouns for persons → m, f, u or p.
    pub people: Words,
    /// Nouns for organisations → s or p.
    pub bodies: Words,
    /// Words that close a firm's name.
    pub firms: Words,
    /// Nouns for what is written or uttered → s or p.
    pub documents: Words,
    /// Titles before names → m, f or u.
    pub honorifics: Words,
    /// Small words → their part in a sentence.
    pub grammar: Words,
    /// Small words of other languages → their part in a sentence, for each language.
    pub foreign_grammar: Words,
    /// Short forms of given names → a long form.
    pub nicknames: Words,
    /// Words that turn a statement into its contrary.
    // Versions are compared in the archive alone.
    #[cfg_attr(not(feature = "store"), allow(dead_code))]
    pub negations: Words,
    /// Words that show what a stretch of a page is about → what.
    pub page_words: Words,
    /// Labels of fields in database exports → which field.
    pub export_labels: Words,
    /// Names of languages → BCP 47 tag.
    pub language_names: Words,
    /// What follows a number of words.
    pub word_units: Words,
}

impl Lexicon {
    /// Returns whether a folded text is a phrase of captions and credits.
    pub(crate) fn credits_begin(&self, folded: &str) -> bool {
        self.credits
            .find(folded, &Edges::of(folded))
            .any(|(start, end, _)| start == 0 && end == folded.len())
    }

    fn read() -> Self {
        Self {
            months: Words::read(include_str!("months.txt")),
            weekdays: Words::read(include_str!("weekdays.txt")),
            by_words: Words::read(include_str!("by_words.txt")),
            agencies: Words::read(include_str!("agencies.txt")),
            crafts: Words::read(include_str!("crafts.txt")),
            roles: Words::read(include_str!("roles.txt")),
            beats: Words::read(include_str!("beats.txt")),
            counts: Words::read(include_str!("counts.txt")),
            us_states: Words::read(include_str!("us_states.txt")),
            zones: Words::read(include_str!("zones.txt")),
            dates: Words::read(include_str!("dates.txt")),
            navigation: Words::read(include_str!("navigation.txt")),
            related: Words::read(include_str!("related.txt")),
            tail: Words::read(include_str!("tail.txt")),
            promo: Phrases::read(include_str!("promo.txt")),
            credits: Phrases::read(include_str!("credits.txt")),
            notes: Words::read(include_str!("notes.txt")),
            end_marks: Words::read(include_str!("end_marks.txt")),
            about_senders: Words::read(include_str!("about_senders.txt")),
            versions: Words::read(include_str!("versions.txt")),
            url_labels: Words::read(include_str!("url_labels.txt")),
            particles: Words::read(include_str!("particles.txt")),
            first_names: Words::read(include_str!("first_names.txt")),
            byline_names: Words::read(include_str!("byline_names.txt")),
            surnames: Words::read(include_str!("surnames.txt")),
            function_words: Words::read(include_str!("function_words.txt")),
            outlets: Words::read(include_str!("outlets.txt")),
            verbs: Words::read(include_str!("verbs.txt")),
            separable_verbs: Words::read(include_str!("separable_verbs.txt")),
            opening_endings: Words::read(include_str!("opening_endings.txt")),
            east_asian: Words::read(include_str!("east_asian.txt")),
            case_endings: Words::read(include_str!("case_endings.txt")),
            name_cases: Words::read(include_str!("name_cases.txt")),
            people: Words::read(include_str!("people.txt")),
            bodies: Words::read(include_str!("bodies.txt")),
            firms: Words::read(include_str!("firms.txt")),
            documents: Words::read(include_str!("documents.txt")),
            honorifics: Words::read(include_str!("honorifics.txt")),
            grammar: Words::read(include_str!("grammar.txt")),
            foreign_grammar: Words::read(include_str!("foreign_grammar.txt")),
            nicknames: Words::read(include_str!("nicknames.txt")),
            negations: Words::read(include_str!("negations.txt")),
            page_words: Words::read(include_str!("page_words.txt")),
            export_labels: Words::read(include_str!("export_labels.txt")),
            language_names: Words::read(include_str!("language_names.txt")),
            word_units: Words::read(include_str!("word_units.txt")),
        }
    }
}

impl Lexicon {
    /// Returns whether a byline may begin with this given name; it is folded.
    pub(crate) fn is_given_name(&self, name: &str) -> bool {
        self.first_names.has(name) || self.byline_names.has(name)
    }
}

/// Returns the entries of a list: term and value, comments left out.
fn entries(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    list.lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# ") && *line != "#")
        .map(|line| line.split_once('\t').unwrap_or((line, "")))
}

#[cfg(test)]
mod tests {
    use super::entries;
    use crate::text::fold;

    #[test]
    fn lists_are_folded_sorted_and_without_doubles() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lexicon");
        let mut seen = 0;
        for file in std::fs::read_dir(folder).expect("the folder is here") {
            let path = file.expect("readable").path();
            if path.extension().is_none_or(|e| e != "txt") {
                continue;
            }
            seen += 1;
            let list: &'static str = std::fs::read_to_string(&path).expect("UTF-8").leak();
            let terms: Vec<_> = entries(list).map(|(term, _)| term).collect();
            assert!(!terms.is_empty(), "{path:?} is empty");
            for term in &terms {
                assert_eq!(*term, fold(term), "{path:?}: not folded");
            }
            for pair in terms.windows(2) {
                assert!(
                    pair[0] < pair[1],
                    "{path:?}: {:?} before {:?}",
                    pair[0],
                    pair[1]
                );
            }
        }
        assert!(seen >= 20);
    }
}
