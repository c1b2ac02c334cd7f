//! Version labels: `UPDATE 2-`, `CORRECTED-`, `RPT-`, `1st Ld-Writethru`, `(URGENT)`.
//!
//! After the Reuters and AP handbooks: labels stand in capitals before the headline, closed by a
//! hyphen or colon, and pile up (`CORRECTED-UPDATE 2-`).

use crate::lexicon::LEXICON;
use crate::story::Version;
use crate::text::{boundary, fold};

/// A label never runs longer, in bytes.
const LONGEST: usize = 48;

/// Reads the version label that a headline begins with: its bytes, closing hyphen included, and
/// what it says.
pub(crate) fn read_version(text: &str) -> Option<(usize, Version)> {
    let window = boundary(text, LONGEST);
    let mut end = 0;
    let mut number = None;
    while let Some((len, n)) = label(&text[end..window]) {
        end += len;
        number = number.or(n);
        if number.is_some() && n.is_none() && end >= LONGEST / 2 {
            break;
        }
    }
    let shown = text[..end].trim_end_matches(':').trim();
    (end > 0 && end < text.len()).then(|| {
        (
            end,
            Version {
                label: shown.to_owned(),
                number,
            },
        )
    })
}

/// Reads one label: `WORD[ N]` closed by `-`, `:` or a long dash; in parentheses it needs no
/// hyphen.
fn label(text: &str) -> Option<(usize, Option<u32>)> {
    let start = text.len() - text.trim_start().len();
    let body_ = &text[start..];
    if let Some(inside) = body_.strip_prefix('(') {
        let close = inside.find(')')?;
        let (_, number) = words(&inside[..close])?;
        return Some((start + close + 2 + spaces(&inside[close + 1..]), number));
    }
    let close = body_.char_indices().find(|(i, c)| {
        // The hyphen in `1st Ld-Writethru` is the label's own.
        matches!(c, '-' | ':' | '–' | '—' | '_') && !is_writethru(&body_[i + c.len_utf8()..])
    })?;
    let body = body_[..close.0].trim();
    let shouted = body.chars().any(char::is_uppercase) && !body.chars().any(char::is_lowercase);
    let numbered = body.chars().next().is_some_and(|c| c.is_ascii_digit());
    if !shouted && !numbered && close.1 != ':' {
        return None;
    }
    let (known, number) = words(body)?;
    // `Update: …` in a modern headline counts, `Lead: …` or `Extra: …` does not.
    if close.1 == ':'
        && !shouted
        && !matches!(
            &*known,
            "update" | "updated" | "correction" | "corrected" | "eilmeldung" | "eil"
        )
    {
        return None;
    }
    let after = close.0 + close.1.len_utf8();
    Some((start + after + spaces(&body_[after..]), number))
}

fn is_writethru(text: &str) -> bool {
    text.trim_start().starts_with(['w', 'W']) && fold(text).starts_with("writethru")
}

fn spaces(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Returns a known label with an optional number before or after it.
fn words(body: &str) -> Option<(String, Option<u32>)> {
    let folded = fold(body);
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    let word = folded.trim_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let word = ["st ", "nd ", "rd ", "th "]
        .iter()
        .find_map(|suffix| word.strip_prefix(suffix))
        .unwrap_or(word);
    (digits.len() <= 2 && LEXICON.versions.has(word))
        .then(|| (word.to_owned(), digits.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::read_version;

    #[test]
    fn labels_in_many_shapes() {
        for (text, label, number, rest) in [
            (
                "UPDATE 2-Bank raises rates",
                "UPDATE 2-",
                Some(2),
                "Bank raises rates",
            ),
            (
                "CORRECTED-Bank raises rates",
                "CORRECTED-",
                None,
                "Bank raises rates",
            ),
            (
                "CORRECTED-UPDATE 1-Bank raises rates",
                "CORRECTED-UPDATE 1-",
                Some(1),
                "Bank raises rates",
            ),
            ("RPT-Bank raises rates", "RPT-", None, "Bank raises rates"),
            (
                "(URGENT) Bank raises rates",
                "(URGENT)",
                None,
                "Bank raises rates",
            ),
        ] {
            let (end, version) = read_version(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (version.label.as_str(), version.number, &text[end..]),
                (label, number, rest)
            );
        }
    }

    #[test]
    fn headlines_without_labels() {
        for text in [
            "Bank-led rescue begins",
            "Leaders: who comes next",
            "SINGAPORE-BASED FIRM BUYS RIVAL",
            "Extra time: the final in pictures",
        ] {
            assert!(
                read_version(text).is_none(),
                "{text}: {:?}",
                read_version(text)
            );
        }
    }
}
