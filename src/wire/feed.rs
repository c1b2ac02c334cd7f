//! Feeds: RSS 0.9 to 2 with `content:encoded`, WordPress exports, Atom.
//!
//! After the RSS 2.0 specification with the Dublin Core, content and media modules, and RFC 4287.
//! Each item is a story; it is kept with the feed's own beginning, which says whose feed it is and
//! in which language.

use super::cut::Cut;
use super::envelope::{Envelope, Fact};
use super::markup::{Element, Markup, Rules};
use super::prose::{Prose, Walk};
use super::sniff::Sniff;
use super::time;
use crate::story::{Format, NoteKind};

/// Cuts an RSS feed.
pub(crate) fn split_rss(sniff: &Sniff<'_>) -> Cut {
    split(sniff, "item")
}

/// Cuts an Atom feed.
pub(crate) fn split_atom(sniff: &Sniff<'_>) -> Cut {
    split(sniff, "entry")
}

fn split(sniff: &Sniff<'_>, name: &str) -> Cut {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let slices: Vec<_> = markup.root().all(name).map(|item| item.whole()).collect();
    Cut {
        head: 0..slices.first().map_or(0, |first| first.start),
        slices,
        ..Cut::default()
    }
}

fn fact(element: Option<Element<'_>>) -> Option<Fact> {
    element.and_then(|element| Fact::of(&element.resolved()))
}

fn words(element: Option<Element<'_>>) -> Option<String> {
    fact(element).map(|fact| fact.text)
}

/// Returns a child by its full name, prefix and all.
fn named<'m>(element: Element<'m>, name: &str) -> Option<Element<'m>> {
    element
        .children()
        .find(|child| child.full_name().eq_ignore_ascii_case(name))
}

/// Reads an item of an RSS feed.
pub(crate) fn read_rss(sniff: &Sniff<'_>) -> Option<Envelope> {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let root = markup.root();
    let item = root.find("item")?;
    let mut out = Envelope::of(Format::Rss, sniff.text.len());
    out.given.names_headline = true;
    if let Some(channel) = root.find("channel") {
        out.wire().publication = words(named(channel, "title"));
        out.given.language = words(channel.child("language"));
    }
    out.give_headline(fact(named(item, "title")));
    let guid = named(item, "guid");
    out.wire().id = words(guid);
    out.give_source_url(fact(named(item, "link")));
    out.give_source_url(
        fact(guid.filter(|guid| !guid.value("isPermaLink").eq_ignore_ascii_case("false")))
            .filter(|fact| fact.text.starts_with("http")),
    );
    out.give_published(fact(named(item, "pubDate")), time::any);
    out.give_published(fact(named(item, "dc:date")), time::any);
    out.give_updated(
        fact(named(item, "atom:updated")).or_else(|| fact(named(item, "dcterms:modified"))),
        time::any,
    );
    let author = fact(named(item, "dc:creator")).or_else(|| fact(named(item, "author")));
    out.given.byline = author.map(person).filter(|fact| is_person(&fact.text));
    out.wire().keywords = item
        .each("category")
        .filter_map(|category| words(Some(category)))
        .collect();
    out.give_note(
        NoteKind::Copyright,
        fact(named(item, "dc:rights")).or_else(|| fact(named(item, "media:copyright"))),
    );
    read_text(
        named(item, "content:encoded").or_else(|| named(item, "content")),
        named(item, "description"),
        &mut out,
    );
    Some(out)
}

/// Reads an entry of an Atom feed.
pub(crate) fn read_atom(sniff: &Sniff<'_>) -> Option<Envelope> {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let root = markup.root();
    let entry = root.find("entry")?;
    let mut out = Envelope::of(Format::Atom, sniff.text.len());
    out.given.names_headline = true;
    let feed = root.find("feed");
    if let Some(feed) = feed {
        out.wire().publication = words(named(feed, "title"));
    }
    out.given.language = [Some(entry), feed]
        .into_iter()
        .flatten()
        .map(|element| element.value("lang"))
        .find(|language| !language.is_empty());
    out.give_headline(fact(named(entry, "title")));
    out.wire().id = words(named(entry, "id"));
    let link = entry
        .each("link")
        .find(|link| matches!(link.value("rel").as_str(), "" | "alternate"));
    out.give_source_url(
        link.and_then(|link| link.attr("href"))
            .and_then(|href| Fact::of(&href)),
    );
    out.give_published(
        fact(named(entry, "published")).or_else(|| fact(named(entry, "issued"))),
        time::any,
    );
    out.give_updated(
        fact(named(entry, "updated")).or_else(|| fact(named(entry, "modified"))),
        time::any,
    );
    let author = entry
        .child("author")
        .and_then(|author| author.child("name"));
    out.given.byline = fact(author).filter(|fact| is_person(&fact.text));
    let wire = out.wire();
    for category in entry.each("category") {
        let term = category.value("term");
        let label = category.value("label");
        wire.keywords
            .extend([label, term].into_iter().find(|word| !word.is_empty()));
    }
    out.give_note(NoteKind::Copyright, fact(named(entry, "rights")));
    read_text(named(entry, "content"), named(entry, "summary"), &mut out);
    Some(out)
}

/// `ana@example.org (Ana Ruiz)` is how RSS writes an author.
fn person(fact: Fact) -> Fact {
    let name = fact
        .text
        .split_once('(')
        .filter(|(address, _)| address.contains('@'))
        .and_then(|(_, name)| name.strip_suffix(')'))
        .map(str::to_owned);
    match name {
        Some(text) => Fact { text, ..fact },
        None => fact,
    }
}

/// Returns whether an author is more than the account of an editing system.
fn is_person(name: &str) -> bool {
    name.contains(' ') || name.chars().next().is_some_and(char::is_uppercase) && name.len() > 3
}

/// The story, and a summary where there are both.
fn read_text(content: Option<Element<'_>>, summary: Option<Element<'_>>, out: &mut Envelope) {
    let mut prose = Prose::default();
    let shown = |element: &Element<'_>| Fact::of(&element.resolved()).is_some();
    if let Some(body) = content.filter(shown).or(summary.filter(shown)) {
        {
            if content.filter(shown).is_some()
                && let Some(summary) = fact(summary)
                && !summary.text.contains('<')
                && !super::ninjs::repeats(&summary.text, &body.resolved().text)
            {
                out.give_subheadline(Some(summary));
            }
            prose.content(body, Walk::BODY);
        }
    }
    out.copy = prose.finish();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::envelope::Copy;

    const RSS: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Harbour \
                       News</title>\
        <language>en-GB</language><item><title>Ferry \
                       sails</title><link>https://example.org/1</link>\
        <guid isPermaLink=\"false\">n-1</guid><pubDate>Mon, 04 Mar 2024 10:15:00 GMT</pubDate>\
        <dc:creator><![CDATA[Ana Ruiz]]></dc:creator><category>Sea</category>\
        <content:encoded><![CDATA[<p>It sailed &amp; came \
                       back.</p><p>Twice.</p>]]></content:encoded></item>\
        <item><title>Second</title><description>&lt;p&gt;Short.&lt;/p&gt;</description></item></channel></rss>";

    #[test]
    fn each_item_is_a_story_that_reads_by_itself() {
        let cut = split_rss(&Sniff::new(RSS));
        assert_eq!(cut.slices.len(), 2);
        let second = format!("{}{}", &RSS[cut.head.clone()], &RSS[cut.slices[1].clone()]);
        let out = read_rss(&Sniff::new(&second)).expect("it is RSS");
        assert_eq!(out.given.headline.as_deref(), Some("Second"));
        assert_eq!(out.given.language.as_deref(), Some("en-GB"));
        let Copy::Made { text, .. } = out.copy else {
            panic!("the copy is made");
        };
        assert_eq!(text.text.trim(), "Short.");
        assert_eq!(&second[text.source(0..6)], "Short.");
    }

    #[test]
    fn an_item_gives_its_fields() {
        let out = read_rss(&Sniff::new(RSS)).expect("it is RSS");
        assert_eq!(out.given.published.as_deref(), Some("2024-03-04T10:15:00Z"));
        assert_eq!(out.given.byline.expect("a byline").text, "Ana Ruiz");
        let wire = out.wire.expect("a header");
        assert_eq!(wire.id.as_deref(), Some("n-1"));
        assert_eq!(wire.publication.as_deref(), Some("Harbour News"));
    }
}
