//! What must hold for every record, whatever the bytes.

use archive::story::Story;
use archive::text::{Span, decode};

/// Fails with the first rule of the record that `story`, made from `bytes`, breaks.
pub fn check(bytes: &[u8], story: &Story) {
    let spans = spans(story);
    for (what, span) in &spans {
        assert!(span.start <= span.end && span.end <= bytes.len(), "{what}: span {span:?} lies outside {} bytes", bytes.len());
    }
    for pair in story.body.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start, "blocks overlap: {:?} and {:?}", pair[0], pair[1]);
    }
    for quote in &story.quotes {
        let block = &story.body[quote.block];
        let words: String = block.text.chars().skip(quote.start).take(quote.end - quote.start).collect();
        assert_eq!(words, quote.text, "a quote's offsets give its words");
        assert!(block.span.contains(quote.span), "a quote lies in its block");
    }
    for block in &story.body {
        let odd = |c: char| c.is_control() && !(block.kind == archive::story::BlockKind::Preformatted && matches!(c, '\n' | '\t'));
        assert!(!block.text.contains(odd), "controls in {:?}", block.text);
        assert!(!block.text.trim().is_empty(), "an empty block");
    }
    assert_eq!(story.source.bytes, bytes.len() as u64);
    assert_eq!(story.id, story.source.sha256[..16]);
    nothing_vanishes(bytes, &spans);
    let json = serde_json::to_string(story).expect("a record is JSON");
    let back: Story = serde_json::from_str(&json).expect("and reads back");
    assert_eq!(&back, story);
}

/// Every span of a record, with its place.
fn spans(story: &Story) -> Vec<(&'static str, Span)> {
    let mut out = Vec::new();
    out.extend(story.byline.iter().map(|b| ("byline", b.span)));
    out.extend(story.dateline.iter().map(|d| ("dateline", d.span)));
    out.extend(story.body.iter().map(|b| ("body", b.span)));
    out.extend(story.quotes.iter().map(|q| ("quotes", q.span)));
    out.extend(story.media.iter().map(|m| ("media", m.span)));
    out.extend(story.related.iter().map(|r| ("related", r.span)));
    out.extend(story.notes.iter().map(|n| ("notes", n.span)));
    out.extend(story.evidence.iter().map(|e| ("evidence", e.span)));
    out.extend(story.warnings.iter().filter_map(|w| w.span).map(|s| ("warnings", s)));
    out
}

/// Every visible character of the source lies in a span of some field.
fn nothing_vanishes(bytes: &[u8], spans: &[(&'static str, Span)]) {
    let mut covered = vec![false; bytes.len()];
    for (_, span) in spans.iter().filter(|(what, _)| !matches!(*what, "warnings")) {
        covered[span.start..span.end].fill(true);
    }
    let decoded = decode(bytes);
    // An entity that stands for white space or a control is no more visible than what it stands for.
    for (at, _) in decoded.text.match_indices('&') {
        let Some(end) = decoded.text[at..].find(';').filter(|end| *end < 34) else { continue };
        let entity = &decoded.text[at..=at + end];
        let shown = html_escape::decode_html_entities(entity);
        if shown != entity
            && shown.chars().all(|c| c.is_whitespace() || c.is_control() || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}'))
        {
            let span = decoded.span(at..at + end + 1);
            covered[span.start..span.end].fill(true);
        }
    }
    for (at, c) in decoded.text.char_indices() {
        let unseen = c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '^' | '<' | '=');
        let span = decoded.span(at..at + c.len_utf8());
        if !unseen && !covered[span.start] {
            let rest: String = decoded.text[at..].chars().take(60).collect();
            panic!("vanished at byte {}: {rest:?}", span.start);
        }
    }
}
