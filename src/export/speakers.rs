//! Who is quoted in a story: what the pages of terminal and browser list.

use crate::story::Speaker;
use crate::story::Story;

/// A speaker and how often the story quotes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotedSpeaker<'s> {
    /// The speaker as the first quote with a title has them, else as the first one has.
    pub speaker: &'s Speaker,
    /// How many quotes.
    pub quotes: usize,
}

/// Returns everybody whom `story` quotes between marks, in order of appearance.
pub fn speakers(story: &Story) -> Vec<QuotedSpeaker<'_>> {
    let mut speakers: Vec<QuotedSpeaker<'_>> = Vec::new();
    for speaker in story
        .quotes
        .iter()
        .filter(|quote| quote.kind.is_marked_speech())
        .filter_map(|quote| quote.speaker.as_ref())
    {
        let known = speakers
            .iter_mut()
            .find(|known| known.speaker.name == speaker.name);
        match known {
            Some(known) => {
                known.quotes += 1;
                if known.speaker.title.is_none() {
                    known.speaker = speaker;
                }
            }
            None => speakers.push(QuotedSpeaker { speaker, quotes: 1 }),
        }
    }
    speakers
}
