//! What must hold for every record, whatever the bytes.

use archive::Span;
use archive::story::Story;
use archive::testing::text::decode;
use unicode_normalization::UnicodeNormalization;

/// Fails with the first rule of the record that `story`, made from `bytes`, breaks.
pub(crate) fn check(bytes: &[u8], story: &Story) {
    let spans = spans(story);
    for (what, span) in &spans {
        assert!(
            span.start <= span.end && span.end <= bytes.len(),
            "{what}: span {span:?} lies outside {} bytes",
            bytes.len()
        );
    }
    for pair in story.body.windows(2) {
        assert!(
            pair[0].span.end <= pair[1].span.start,
            "blocks overlap: {:?} and {:?}",
            pair[0],
            pair[1]
        );
    }
    for quote in &story.quotes {
        let block = &story.body[quote.block];
        let words: String = block
            .text
            .chars()
            .skip(quote.start)
            .take(quote.end - quote.start)
            .collect();
        assert_eq!(words, quote.text, "a quote's offsets give its words");
        assert!(block.span.contains(quote.span), "a quote lies in its block");
        let in_body = |span: Span| story.body.iter().any(|b| b.span.contains(span));
        if let Some(speaker) = &quote.speaker {
            assert!(
                in_body(speaker.span),
                "a speaker's mention lies in the body: {speaker:?}"
            );
            assert!(
                !speaker.name.trim().is_empty() && !speaker.mention.trim().is_empty(),
                "a speaker has a name: {speaker:?}"
            );
        }
        if let Some(cue) = &quote.cue {
            assert!(
                in_body(cue.span) && !cue.text.is_empty(),
                "a cue lies in the body: {cue:?}"
            );
        }
        let nobody = quote.kind != archive::story::QuoteKind::Scare
            || quote.speaker.is_none() && quote.cue.is_none();
        assert!(nobody, "words that nobody said have no speaker: {quote:?}");
        assert_words(bytes, quote.span, &quote.text);
        if let Some(speaker) = &quote.speaker {
            assert_words(bytes, speaker.span, &speaker.mention);
        }
        if let Some(cue) = &quote.cue {
            assert_words(bytes, cue.span, &cue.text);
        }
        if let Some(whole) = quote.part_of {
            let whole = story
                .quotes
                .get(whole)
                .expect("a quote continues a quote of the story");
            assert!(
                whole.span.start < quote.span.start,
                "a quote continues one before it"
            );
            assert_eq!(
                whole.speaker.as_ref().map(|s| s.span),
                quote.speaker.as_ref().map(|s| s.span),
                "with one speaker"
            );
        }
    }
    for block in &story.body {
        let odd = |c: char| {
            c.is_control()
                && !(block.kind == archive::story::BlockKind::Preformatted
                    && matches!(c, '\n' | '\t'))
        };
        assert!(!block.text.contains(odd), "controls in {:?}", block.text);
        assert!(!block.text.trim().is_empty(), "an empty block");
    }
    assert_eq!(story.source.bytes, bytes.len() as u64);
    assert_eq!(story.id, story.source.sha256[..16]);
    nothing_vanishes(bytes, &spans);
    body_stands_in_source(bytes, story);
    let json = serde_json::to_string(story).expect("a record is JSON");
    let back: Story = serde_json::from_str(&json).expect("and reads back");
    assert_eq!(&back, story);
}

/// The source says in a span what the record says of it, white space, hyphenation and marks of
/// transmission apart; only plain UTF-8 without entities can be compared.
fn assert_words(bytes: &[u8], span: Span, words: &str) {
    let Ok(source) = std::str::from_utf8(&bytes[span.start..span.end]) else {
        return;
    };
    if !source.is_ascii()
        || source.contains(['&', '<', '=', '^'])
        || source.contains(|c: char| c.is_control() && !c.is_whitespace())
    {
        return;
    }
    assert_eq!(
        letters(source),
        letters(words),
        "a span gives back its words"
    );
}

/// Every word of a block stands in the block's span, in order, in every language and character set;
/// marks, line breaks and hyphenation apart.
fn body_stands_in_source(bytes: &[u8], story: &Story) {
    let format = serde_json::json!(story.source.format);
    if !["plain", "anpa-1312", "iptc-7901"].contains(&format.as_str().unwrap_or_default()) {
        // Markup writes letters by names and numbers.
        return;
    }
    let decoded = decode(bytes);
    let places: Vec<(usize, usize)> = decoded
        .text
        .char_indices()
        .map(|(at, c)| (decoded.span(at..at + c.len_utf8()).start, at))
        .collect();
    let place = |byte: usize| {
        let index = places.partition_point(|(start, _)| *start < byte);
        places.get(index).map_or(decoded.text.len(), |(_, at)| *at)
    };
    for block in &story.body {
        let source = &decoded.text[place(block.span.start)..place(block.span.end)];
        let source = letters(&html_escape::decode_html_entities(source));
        let mut rest = source.as_str();
        for word in block.text.split_whitespace().map(letters) {
            let Some(at) = rest.find(&word) else {
                panic!("{word:?} stands not in the source, or elsewhere: {block:?}\n{source}");
            };
            rest = &rest[at + word.len()..];
        }
    }
}

/// Returns the letters and digits of a text, composed.
fn letters(text: &str) -> String {
    text.nfc().filter(|c| c.is_alphanumeric()).collect()
}

/// Returns every span of a record, with its place.
fn spans(story: &Story) -> Vec<(&'static str, Span)> {
    let mut out = Vec::new();
    out.extend(story.byline.iter().map(|b| ("byline", b.span)));
    out.extend(story.dateline.iter().map(|d| ("dateline", d.span)));
    out.extend(story.body.iter().map(|b| ("body", b.span)));
    out.extend(story.quotes.iter().map(|q| ("quotes", q.span)));
    out.extend(
        story
            .quotes
            .iter()
            .filter_map(|q| q.speaker.as_ref())
            .map(|s| ("speakers", s.span)),
    );
    out.extend(
        story
            .quotes
            .iter()
            .filter_map(|q| q.cue.as_ref())
            .map(|c| ("cues", c.span)),
    );
    out.extend(story.media.iter().map(|m| ("media", m.span)));
    out.extend(story.related.iter().map(|r| ("related", r.span)));
    out.extend(story.notes.iter().map(|n| ("notes", n.span)));
    out.extend(story.evidence.iter().map(|e| ("evidence", e.span)));
    out.extend(
        story
            .warnings
            .iter()
            .filter_map(|w| w.span)
            .map(|s| ("warnings", s)),
    );
    out
}

/// Returns whether nothing is seen of a character.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Every visible character of the source lies in a span of some field.
fn nothing_vanishes(bytes: &[u8], spans: &[(&'static str, Span)]) {
    let mut covered = vec![false; bytes.len()];
    for (_, span) in spans
        .iter()
        .filter(|(what, _)| !matches!(*what, "warnings"))
    {
        covered[span.start..span.end].fill(true);
    }
    let decoded = decode(bytes);
    // An entity that stands for white space or a control is no more visible than what it stands
    // for.
    for (at, _) in decoded.text.match_indices('&') {
        let Some(end) = decoded.text[at..].find(';').filter(|end| *end < 34) else {
            continue;
        };
        let entity = &decoded.text[at..=at + end];
        let shown = html_escape::decode_html_entities(entity);
        if shown != entity
            && shown
                .chars()
                .all(|c| is_unseen(c) || matches!(c, '\u{200C}' | '\u{200D}'))
        {
            let span = decoded.span(at..at + end + 1);
            covered[span.start..span.end].fill(true);
        }
    }
    for (at, c) in decoded.text.char_indices() {
        let unseen = is_unseen(c) || matches!(c, '^' | '<' | '=');
        let span = decoded.span(at..at + c.len_utf8());
        if !unseen && !covered[span.start] {
            let rest: String = decoded.text[at..].chars().take(60).collect();
            panic!("vanished at byte {}: {rest:?}", span.start);
        }
    }
}
