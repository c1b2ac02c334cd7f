//! The reading view: a story as a page on the terminal.
//!
//! The text is set to a measure that reads well. Words that somebody said are underlined in the
//! speaker's colour; where the terminal is wide enough the speakers stand in the margin beside
//! their words, and all of them are listed below the text. Whatever else the source holds
//! (pictures, links, notes, warnings) follows dimmed, and at the foot stands where the story came
//! from.

use super::screen::{Screen, cut, safe};
use anstyle::{AnsiColor, Style};
use archive::Story;
use archive::export::speakers::{QuotedSpeaker, speakers};
use archive::store::catalog::Arrival;
use archive::story::{Block, BlockKind, MediumKind, NoteKind};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// Longest line of text.
const MEASURE: usize = 76;
/// Width of the margin, and the space before it.
const MARGIN: usize = 26;
const GUTTER: usize = 3;
/// Width of the labels below the text.
const LABEL: usize = 10;

/// One colour a speaker, in turn.
const COLOURS: [AnsiColor; 6] = [
    AnsiColor::Cyan,
    AnsiColor::Magenta,
    AnsiColor::Yellow,
    AnsiColor::Green,
    AnsiColor::Blue,
    AnsiColor::Red,
];

struct Page<'s, W> {
    screen: &'s Screen,
    out: W,
    measure: usize,
    has_margin: bool,
    speakers: Vec<QuotedSpeaker<'s>>,
}

/// Writes `story`, whose record is at `record` and which came in `times` times, of which `arrivals`
/// are the first.
pub(crate) fn story(
    story: &Story,
    record: &str,
    times: u64,
    arrivals: &[Arrival],
    screen: &Screen,
    out: &mut impl Write,
) -> io::Result<()> {
    let width = screen.width();
    let has_margin = !story.quotes.is_empty() && width >= MEASURE + GUTTER + MARGIN;
    let measure = MEASURE.min(width.saturating_sub(1)).max(20);
    let mut page = Page {
        screen,
        out,
        measure,
        has_margin,
        speakers: speakers(story),
    };
    page.head(story)?;
    for (index, block) in story.body.iter().enumerate() {
        let goes_on = index > 0
            && block.kind == BlockKind::ListItem
            && story.body[index - 1].kind == BlockKind::ListItem;
        if !goes_on {
            writeln!(page.out)?;
        }
        page.block(story, index, block)?;
    }
    page.legend()?;
    page.furniture(story)?;
    page.foot(story, record, times, arrivals)
}

impl<W: Write> Page<'_, W> {
    fn style(&self, style: Style) -> Style {
        self.screen.style(style)
    }

    fn colour(&self, name: &str) -> Style {
        let index = self
            .speakers
            .iter()
            .position(|known| known.speaker.name == name)
            .unwrap_or(0);
        self.style(COLOURS[index % COLOURS.len()].on_default())
    }

    fn head(&mut self, story: &Story) -> io::Result<()> {
        let plain = Style::new();
        writeln!(self.out)?;
        self.lines(story.headline.as_deref(), plain.bold())?;
        self.lines(story.subheadline.as_deref(), plain.italic())?;
        self.lines(
            story.byline.as_ref().map(|byline| byline.text.as_str()),
            AnsiColor::Green.on_default(),
        )?;
        self.lines(
            story
                .dateline
                .as_ref()
                .map(|dateline| dateline.text.as_str()),
            AnsiColor::Yellow.on_default(),
        )?;
        let updated = story
            .updated
            .as_ref()
            .map(|updated| format!("updated {updated}"));
        let version = story.version.as_ref().map(|version| version.label.clone());
        let facts: Vec<String> = [
            story.published.clone(),
            updated,
            story.agency.clone(),
            story.slug.clone(),
            version,
        ]
        .into_iter()
        .flatten()
        .collect();
        self.lines(
            (!facts.is_empty()).then(|| facts.join(" · ")).as_deref(),
            plain.dimmed(),
        )
    }

    /// Returns a paragraph of one style.
    fn lines(&mut self, text: Option<&str>, style: Style) -> io::Result<()> {
        let style = self.style(style);
        for line in text.into_iter().flat_map(|text| {
            textwrap::wrap(&safe::text(text), self.measure)
                .into_iter()
                .map(|line| line.into_owned())
                .collect::<Vec<_>>()
        }) {
            writeln!(self.out, "{style}{line}{style:#}")?;
        }
        Ok(())
    }

    fn block(&mut self, story: &Story, index: usize, block: &Block) -> io::Result<()> {
        let (first, others, style) = match block.kind {
            BlockKind::Paragraph | BlockKind::Preformatted => ("", "", Style::new()),
            BlockKind::Crosshead => ("", "", Style::new().bold()),
            BlockKind::ListItem => ("• ", "  ", Style::new()),
            BlockKind::BlockQuote => ("│ ", "│ ", Style::new().italic()),
        };
        let text = Styled::of(story, index, block, self, self.style(style));
        let margin = self.margin(story, index);
        let mut lines = Vec::new();
        if block.kind == BlockKind::Preformatted {
            let mut start = 0;
            for line in text.text.trim_end_matches('\n').split('\n') {
                lines.push(start..start + line.len());
                start += line.len() + 1;
            }
        } else {
            let mut done = 0;
            for line in textwrap::wrap(&text.text, self.measure.saturating_sub(first.width())) {
                let start = text.text[done..].find(&*line).map_or(done, |at| done + at);
                done = (start + line.len()).min(text.text.len());
                lines.push(start..done);
            }
        }
        for number in 0..lines.len().max(margin.len()) {
            let mark = if number == 0 { first } else { others };
            let line = lines
                .get(number)
                .cloned()
                .unwrap_or(text.text.len()..text.text.len());
            let width = mark.width() + text.text[line.clone()].width();
            write!(self.out, "{mark}")?;
            text.write(line, &mut self.out)?;
            if let Some((style, words)) = margin.get(number).filter(|(_, words)| !words.is_empty())
            {
                let space = (self.measure + GUTTER).saturating_sub(width).max(GUTTER);
                write!(self.out, "{:space$}{style}{words}{style:#}", "")?;
            }
            writeln!(self.out)?;
        }
        Ok(())
    }

    /// Returns what stands beside a block: its speakers, each with the cue.
    fn margin(&self, story: &Story, index: usize) -> Vec<(Style, String)> {
        let mut out = Vec::new();
        if !self.has_margin {
            return out;
        }
        let mut last = None;
        for quote in story.quotes.iter().filter(|quote| quote.block == index) {
            let Some(speaker) = &quote.speaker else {
                continue;
            };
            if last != Some(&speaker.name) {
                let name = cut(&safe::text(&speaker.name), MARGIN - 2);
                out.push((self.colour(&speaker.name), format!("▌ {name}")));
                last = Some(&speaker.name);
            }
        }
        out
    }

    /// Everybody who is quoted, once.
    fn legend(&mut self) -> io::Result<()> {
        if self.speakers.is_empty() {
            return Ok(());
        }
        writeln!(self.out)?;
        let quiet = self.style(Style::new().dimmed());
        for index in 0..self.speakers.len() {
            let QuotedSpeaker { speaker, quotes } = self.speakers[index];
            let colour = self.colour(&speaker.name);
            let label = if index == 0 { "quoted" } else { "" };
            let title = speaker
                .title
                .as_ref()
                .map(|title| format!(", {}", safe::text(title)))
                .unwrap_or_default();
            let times = if quotes > 1 {
                format!(" × {quotes}")
            } else {
                String::new()
            };
            let name = safe::text(&speaker.name).into_owned();
            writeln!(
                self.out,
                "{quiet}{label:<LABEL$}{quiet:#}{colour}{name}{colour:#}{quiet}{title}{times}{quiet:#}"
            )?;
        }
        Ok(())
    }

    /// Returns what the source holds besides the story.
    fn furniture(&mut self, story: &Story) -> io::Result<()> {
        let mut rows: Vec<(&str, String)> = Vec::new();
        for medium in &story.media {
            let kind = match medium.kind {
                MediumKind::Photo => "photo",
                MediumKind::Video => "video",
                MediumKind::Graphic => "graphic",
            };
            let words: Vec<&str> = [&medium.caption, &medium.credit]
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect();
            rows.push((kind, words.join(" — ")));
        }
        for related in &story.related {
            let url = related
                .url
                .as_ref()
                .map(|url| format!(" <{url}>"))
                .unwrap_or_default();
            rows.push(("related", format!("{}{url}", related.title)));
        }
        for note in &story.notes {
            let kind = match note.kind {
                NoteKind::Editor => "editor",
                NoteKind::Correction => "correction",
                NoteKind::Contributors => "credits",
                NoteKind::Copyright => "copyright",
                NoteKind::Contact => "contact",
                NoteKind::Embargo => "embargo",
                NoteKind::Boilerplate => "page",
                NoteKind::EndMark => "end mark",
                // `Unknown`, and what a later version of the library may tell apart.
                _ => "unknown",
            };
            rows.push((kind, note.text.clone()));
        }
        for warning in &story.warnings {
            rows.push(("warning", format!("{} ({})", warning.message, warning.code)));
        }
        self.rows(&rows)
    }

    fn foot(
        &mut self,
        story: &Story,
        record: &str,
        times: u64,
        arrivals: &[Arrival],
    ) -> io::Result<()> {
        let source = &story.source;
        let mut rows: Vec<(&str, String)> = vec![("id", story.id.clone())];
        if let Some(url) = &story.source_url {
            rows.push(("published", url.clone()));
        }
        if let Some(wire) = &story.wire {
            let facts = [
                ("service", &wire.service),
                ("number", &wire.sequence),
                ("priority", &wire.priority),
                ("category", &wire.category),
                ("in", &wire.publication),
                ("section", &wire.section),
                ("page", &wire.page),
            ];
            let facts = facts
                .into_iter()
                .filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
            rows.push((
                "wire",
                std::iter::once(wire.format.name().to_owned())
                    .chain(facts)
                    .collect::<Vec<_>>()
                    .join(", "),
            ));
        }
        for arrival in arrivals {
            let path = arrival.path.as_deref().unwrap_or("standard input");
            let member = arrival
                .member
                .as_ref()
                .map(|member| format!(" (story {member})"))
                .unwrap_or_default();
            rows.push((
                arrival_label(&arrival.event),
                format!("{} from {path}{member}", arrival.time),
            ));
        }
        if let Some(more) = times
            .checked_sub(arrivals.len() as u64)
            .filter(|more| *more > 0)
        {
            rows.push(("", format!("and {more} more times")));
        }
        rows.push(("record", record.to_owned()));
        let raw = source.path.as_deref().unwrap_or_default();
        rows.push((
            "raw",
            format!(
                "{raw} ({} bytes, {}, {})",
                source.bytes,
                source.encoding,
                source.format.name()
            ),
        ));
        self.rows(&rows)
    }

    /// Labelled lines, dimmed, after an empty one.
    fn rows(&mut self, rows: &[(&str, String)]) -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(self.out)?;
        let quiet = self.style(Style::new().dimmed());
        let mut last = "";
        for (label, text) in rows {
            let shown = if *label == last { "" } else { label };
            last = label;
            let text = safe::text(text);
            // Paths are for copying: they stay in one piece.
            let options = textwrap::Options::new(self.measure.saturating_sub(LABEL).max(LABEL))
                .break_words(false)
                .word_splitter(textwrap::WordSplitter::NoHyphenation);
            for (number, line) in textwrap::wrap(&text, options).into_iter().enumerate() {
                let shown = if number == 0 { shown } else { "" };
                writeln!(self.out, "{quiet}{shown:<LABEL$}{line}{quiet:#}")?;
            }
        }
        Ok(())
    }
}

/// Returns an event of the ledger, as short as a label.
fn arrival_label(event: &str) -> &'static str {
    match event {
        "stored" => "stored",
        "updated" => "updated",
        "source" => "again",
        "recovered" => "recovered",
        "rebuilt" => "rebuilt",
        "removed" | "struck" => "removed",
        _ => "ledger",
    }
}

/// A block's text, safe for the terminal, in stretches of one style each.
struct Styled {
    text: String,
    /// Where each stretch ends, in bytes.
    stretches: Vec<(usize, Style)>,
}

impl Styled {
    fn of<W: Write>(
        story: &Story,
        index: usize,
        block: &Block,
        page: &Page<'_, W>,
        usual: Style,
    ) -> Self {
        let mut styled = Self {
            text: String::new(),
            stretches: Vec::new(),
        };
        let byte = |point: usize| {
            block
                .text
                .char_indices()
                .nth(point)
                .map_or(block.text.len(), |(at, _)| at)
        };
        let mut done = 0;
        for quote in story
            .quotes
            .iter()
            .filter(|quote| quote.block == index && quote.kind.is_marked_speech())
        {
            let (start, end) = (byte(quote.start), byte(quote.end));
            if start < done || end < start {
                continue;
            }
            let style = match &quote.speaker {
                Some(speaker) => page.colour(&speaker.name),
                None => usual,
            };
            styled.push(&block.text[done..start], usual);
            styled.push(
                &block.text[start..end],
                if page.screen.has_colour {
                    style.underline()
                } else {
                    style
                },
            );
            done = end;
        }
        styled.push(&block.text[done..], usual);
        styled
    }

    fn push(&mut self, text: &str, style: Style) {
        self.text.push_str(&safe::text(&text.replace('\t', "    ")));
        self.stretches.push((self.text.len(), style));
    }

    /// Writes a part of the text, each stretch in its style.
    fn write(&self, part: std::ops::Range<usize>, out: &mut impl Write) -> io::Result<()> {
        let mut start = part.start;
        for (end, style) in &self.stretches {
            let end = (*end).min(part.end);
            if let Some(words) = self.text.get(start..end).filter(|words| !words.is_empty()) {
                write!(out, "{style}{words}{style:#}")?;
                start = end;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "Port strike ends\nBy Ana Ruiz\n\nLIMA, March 3 (AP) - Dockers went back \
                         to work.\n\n\"We are tired, and we have won, and now we will sleep for a \
                         week or even two of them,\" said Marta Solis, head of the union.\n\nMore \
                         to come.\n";

    fn page(story: &Story, has_colour: bool) -> String {
        let mut screen = Screen::new();
        (screen.is_terminal, screen.has_colour) = (true, has_colour);
        let arrival = Arrival {
            ledger: 1,
            time: "2026-01-01T00:00:00Z".to_owned(),
            event: "stored".to_owned(),
            path: Some("in/\u{1b}[2J.txt".to_owned()),
            member: Some("2".to_owned()),
        };
        let mut out = Vec::new();
        super::story(story, "records/a.json", 3, &[arrival], &screen, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_page_has_the_story_and_where_it_came_from() {
        let page = page(
            &archive::parse(STORY.as_bytes(), &archive::ParseOptions::default()),
            false,
        );
        let words = page.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [
            "Port strike ends By Ana Ruiz LIMA, March 3 (AP) -",
            "\"We are tired, and we have won, and now we will sleep for a week or even two of \
             them,\" said Marta Solis,",
            "quoted Marta Solis, head of the union",
            "stored 2026-01-01T00:00:00Z from in/␛[2J.txt (story 2) and 2 more times",
            "record records/a.json",
        ] {
            assert!(words.contains(part), "{part:?} is not in {page}");
        }
        assert!(
            page.lines()
                .all(|line| line.width() <= 100 && line.trim_end() == line),
            "{page}"
        );
    }

    #[test]
    fn quotes_are_underlined_across_lines() {
        let page = page(
            &archive::parse(STORY.as_bytes(), &archive::ParseOptions::default()),
            true,
        );
        let start = Style::new().underline().fg_color(Some(COLOURS[0].into()));
        let [first, second] = ["We are tired", "of them,"]
            .map(|words| page.lines().find(|line| line.contains(words)).unwrap());
        assert!(
            first.contains(&format!("\"{start}We are tired")),
            "{page:?}"
        );
        assert!(
            first != second && second.contains(&start.to_string()),
            "{page:?}"
        );
        assert_eq!(
            page.matches(&start.to_string()).count(),
            2,
            "one stretch a line: {page:?}"
        );
    }

    #[test]
    fn nothing_in_a_story_acts_on_the_terminal() {
        let mut story = archive::parse(STORY.as_bytes(), &archive::ParseOptions::default());
        let hostile = "a\u{1b}[31mb\u{202e}c\u{9b}1m\u{7}";
        story.headline = Some(hostile.to_owned());
        story.slug = Some(hostile.to_owned());
        for block in &mut story.body {
            block.text.insert_str(block.text.len() - 1, hostile);
        }
        for quote in &mut story.quotes {
            if let Some(speaker) = &mut quote.speaker {
                speaker.name = hostile.to_owned();
                speaker.title = Some(hostile.to_owned());
            }
        }
        let page = page(&story, false);
        assert!(
            page.matches("a␛[31mb<U+202E>c<U+009B>1m␇").count() >= 6,
            "{page}"
        );
        assert!(
            !page.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'),
            "{page:?}"
        );
    }
}
