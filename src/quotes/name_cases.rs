//! Names in other cases than the nominative: what `Jana Nowaka` says is what Jan Nowak says.

/// Letters before a case ending, at least.
const STEM: usize = 2;

/// Returns the nominatives that a folded word may be another case of; `endings` is what
/// `name_cases.txt` says of the story's language.
pub(super) fn nominatives<'a>(
    word: &'a str,
    endings: &'static str,
) -> impl Iterator<Item = String> + 'a {
    let rules = endings.split("; ").filter_map(|rule| rule.split_once(": "));
    rules.flat_map(move |(nominative, others)| {
        let nominative = nominative.trim_start_matches('-');
        let stems = others.split(' ').filter_map(|ending| {
            let stem = word.strip_suffix(ending)?;
            (stem.chars().count() >= STEM).then_some(stem)
        });
        stems.map(move |stem| format!("{stem}{nominative}"))
    })
}

/// Returns whether a folded word is another, or may be another case of it.
pub(super) fn is_case_of(word: &str, nominative: &str, endings: &'static str) -> bool {
    word == nominative || nominatives(word, endings).any(|other| other == nominative)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::LEXICON;

    #[test]
    fn a_name_is_one_in_every_case() {
        for (language, nominative, others) in [
            ("pl", "nowak", "nowaka nowakowi nowakiem nowaku"),
            ("pl", "kowalski", "kowalskiego kowalskiemu kowalskim"),
            ("pl", "kowalska", "kowalskiej kowalską"),
            ("pl", "marek", "marka markowi markiem"),
            ("pl", "anna", "anny annie annę anną"),
            ("pl", "maria", "marii marię marią"),
            ("cs", "novák", "nováka novákovi novákem"),
            ("cs", "nováková", "novákové novákovou"),
            ("cs", "černý", "černého černému černým"),
            ("cs", "havel", "havla havlovi havlem"),
            ("fi", "virtanen", "virtasen virtaselle virtaselta"),
            ("fi", "lahti", "lahtin lahtille"),
            ("fi", "lindström", "lindströmin lindströmille"),
            ("ru", "иванов", "иванова иванову ивановым"),
            ("uk", "шевчук", "шевчука шевчукові шевчуком"),
        ] {
            let endings = LEXICON
                .name_cases
                .get(language)
                .expect("a language with cases");
            for other in others.split(' ') {
                assert!(
                    is_case_of(other, nominative, endings),
                    "{other}, {nominative}"
                );
            }
            assert!(!is_case_of(nominative, "brandt", endings), "{nominative}");
        }
    }
}
