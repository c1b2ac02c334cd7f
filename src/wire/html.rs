//! Web pages.
//!
//! What machines are told (JSON-LD, `meta` elements) is evidence for headline, authors, dates and
//! address; the readable copy goes the way of copied text, navigation and all that is not marked
//! as such left to the same labels. Where the page marks its article, only that is read.

use super::envelope::{Envelope, Fact, GivenDateline, GivenMedium};
use super::json::{Json, Object};
use super::markup::{Element, Markup, Rules};
use super::prose::{Prose, Walk};
use super::sniff::Sniff;
use super::time;
use crate::story::{Author, Format, MediumKind};
use crate::text::Traced;

/// An element with less text than this part of the page's is not the article.
const ARTICLE_AT_LEAST: usize = 250;

/// schema.org types of stories.
const STORIES: [&str; 14] = [
    "NewsArticle",
    "Article",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "BlogPosting",
    "LiveBlogPosting",
    "Report",
    "AskPublicNewsArticle",
    "AdvertiserContentArticle",
    "SatiricalArticle",
    "SocialMediaPosting",
];

/// Returns whether a file is a page.
pub(crate) fn recognises(sniff: &Sniff<'_>) -> bool {
    let lower = sniff
        .head
        .get(..200)
        .unwrap_or(sniff.head)
        .to_ascii_lowercase();
    sniff.has_root("html")
        || lower.starts_with("<!doctype html")
        || sniff.root.is_some_and(|root| {
            ["head", "body", "meta", "article"]
                .iter()
                .any(|name| root.eq_ignore_ascii_case(name))
        })
}

/// Reads a page.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let markup = Markup::of(sniff.text, Rules::Html);
    let root = markup.root();
    let mut out = Envelope::of(Format::Html, sniff.text.len());
    read_json_ld(root, &mut out);
    read_meta(root, &mut out);
    let article = article(root);
    read_headline(root, article, &mut out);
    read_dates(article, &mut out);
    read_pictures(article, &mut out);
    let mut prose = Prose::default();
    prose.element(
        article,
        Walk {
            skip: is_furniture,
            ..Walk::COPY
        },
    );
    out.copy = prose.finish();
    Some(out)
}

fn fact(element: Option<Element<'_>>) -> Option<Fact> {
    element.and_then(|element| Fact::of(&element.words()))
}

/// Elements that hold no story, whatever stands in them.
fn is_furniture(element: &Element<'_>) -> bool {
    const WORDS: [&str; 27] = [
        "nav",
        "navigation",
        "breadcrumb",
        "breadcrumbs",
        "share",
        "social",
        "related",
        "sidebar",
        "promo",
        "newsletter",
        "comment",
        "comments",
        "cookie",
        "advert",
        "advertisement",
        "footer",
        "menu",
        "recommended",
        "teaser",
        "toolbar",
        "subscribe",
        "paywall",
        "sponsored",
        "hidden",
        "sr-only",
        "skip",
        "modal",
    ];
    if element.is_any(&["nav", "footer", "aside", "dialog", "label"]) {
        return true;
    }
    if element.is_any(&["p", "body", "html", "main", "article"]) {
        return false;
    }
    if !element.value("hidden").is_empty() || element.value("aria-hidden") == "true" {
        return true;
    }
    let named = format!(
        "{} {} {}",
        element.value("class"),
        element.value("id"),
        element.value("role")
    );
    named
        .to_ascii_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| WORDS.contains(&word))
}

/// Returns the element that holds the story: the page's own mark, or the smallest with most of its
/// paragraphs.
fn article<'m>(root: Element<'m>) -> Element<'m> {
    let marked = root
        .descendants()
        .filter(|element| {
            element.is("article")
                || element
                    .value("itemprop")
                    .eq_ignore_ascii_case("articleBody")
        })
        .map(|element| (prose_length(element), element))
        .max_by_key(|(length, _)| *length);
    let body = root.find("body").unwrap_or(root);
    let all = prose_length(body);
    if let Some((length, element)) = marked
        && length >= ARTICLE_AT_LEAST
        && length * 2 >= all
    {
        return element;
    }
    // Downwards, as long as one child has nearly all of it.
    let mut at = body;
    for _ in 0..64 {
        let best = at
            .children()
            .map(|child| (prose_length(child), child))
            .max_by_key(|(length, _)| *length);
        match best {
            Some((length, child)) if length * 20 >= all * 17 && length > 0 && !child.is("p") => {
                at = child;
            }
            _ => break,
        }
    }
    at
}

/// Returns how much running text the paragraphs in an element have.
fn prose_length(element: Element<'_>) -> usize {
    element
        .all("p")
        .map(|paragraph| {
            let words = paragraph.words().text.trim().len();
            let linked: usize = paragraph.all("a").map(|link| link.words().len()).sum();
            words.saturating_sub(linked)
        })
        .filter(|length| *length > 40)
        .sum()
}

fn read_json_ld(root: Element<'_>, out: &mut Envelope) {
    let scripts = root.all("script").filter(|script| {
        script
            .value("type")
            .to_ascii_lowercase()
            .contains("ld+json")
    });
    for script in scripts.take(40) {
        let text = script.words();
        let Some(json) = Json::read(text.text.trim()) else {
            continue;
        };
        let range = script.source();
        for item in graph(json) {
            if is_story(&item) {
                give_story(&item, range.clone(), out);
                return;
            }
        }
    }
}

/// Returns the objects of a block of JSON-LD, at most two levels down.
pub(super) fn graph<'j>(json: Json<'j>) -> Vec<Object<'j>> {
    let mut out = Vec::new();
    for item in json.items() {
        let object = item.object();
        for key in ["@graph", "mainEntity", "itemListElement"] {
            if let Some(list) = object.get(key) {
                out.extend(list.items().iter().map(Json::object));
            }
        }
        out.insert(0, object);
    }
    out
}

/// Returns whether an object is a story.
pub(super) fn is_story(object: &Object<'_>) -> bool {
    object.get("@type").is_some_and(|kind| {
        kind.items().iter().any(|kind| {
            let name = kind.string();
            STORIES.contains(&name.rsplit(['/', ':', '#']).next().unwrap_or(""))
        })
    })
}

/// What an object of schema.org says of a story.
pub(super) fn give_story(object: &Object<'_>, range: std::ops::Range<usize>, out: &mut Envelope) {
    let said = |text: String| {
        let text = plain(&text);
        (!text.is_empty()).then(|| Fact {
            text,
            range: range.clone(),
        })
    };
    let string = |key: &str| object.string(key).and_then(said);
    out.give_headline(string("headline"));
    out.give_headline(string("name"));
    out.give_subheadline(string("alternativeHeadline"));
    out.give_published(string("datePublished"), time::any);
    out.give_published(string("dateCreated"), time::any);
    out.give_updated(string("dateModified"), time::any);
    let url = |key: &str| {
        let value = object.get(key)?;
        let text = match value.is_object() {
            true => value.object().string("@id")?,
            false => value.string(),
        };
        said(text).filter(|fact| fact.text.starts_with("http"))
    };
    out.give_source_url(url("url"));
    out.give_source_url(url("mainEntityOfPage"));
    out.given.language = out
        .given
        .language
        .take()
        .or_else(|| object.string("inLanguage"));
    let name = |key: &str| {
        let value = object.get(key)?.items().into_iter().next()?;
        match value.is_object() {
            true => value.object().string("name"),
            false => Some(value.string()),
        }
    };
    let wire = out.wire();
    wire.publication = wire.publication.take().or_else(|| name("publisher"));
    wire.section = wire.section.take().or_else(|| name("articleSection"));
    wire.word_count = wire.word_count.or_else(|| {
        object
            .string("wordCount")
            .and_then(|count| count.parse().ok())
    });
    if wire.keywords.is_empty()
        && let Some(words) = object.get("keywords")
    {
        wire.keywords = words
            .items()
            .iter()
            .flat_map(|words| {
                words
                    .string()
                    .split(',')
                    .map(|word| word.trim().to_owned())
                    .collect::<Vec<_>>()
            })
            .filter(|word| !word.is_empty())
            .collect();
    }
    if out.given.byline.is_none()
        && let Some(list) = object.any(&["author", "creator"])
    {
        give_authors(&list.items(), range, out);
    }
}

fn give_authors(list: &[Json<'_>], range: std::ops::Range<usize>, out: &mut Envelope) {
    let mut people: Vec<Author> = Vec::new();
    let mut organisations = Vec::new();
    for author in list.iter().take(20) {
        let (name, kind, role) = match author.is_object() {
            true => {
                let author = author.object();
                let kind = author.string("@type").unwrap_or_default();
                (
                    author.string("name").unwrap_or_default(),
                    kind,
                    author.string("jobTitle"),
                )
            }
            false => (author.string(), String::new(), None),
        };
        let name = plain(&name);
        let is_person = !kind.contains("Organization") && name.contains(' ');
        if name.is_empty() || name.starts_with("http") || people.iter().any(|a| a.name == name) {
            continue;
        }
        if is_person {
            people.push(Author {
                name,
                role,
                ..Author::default()
            });
        } else {
            organisations.push(name);
        }
    }
    out.given
        .agencies
        .extend(organisations.iter().map(|name| Fact {
            text: name.clone(),
            range: range.clone(),
        }));
    if people.is_empty() {
        return;
    }
    let names: Vec<&str> = people.iter().map(|author| author.name.as_str()).collect();
    out.given.byline = Some(Fact {
        text: names.join(", "),
        range,
    });
    out.given.authors = people;
}

/// Returns a value of JSON-LD on one line, markup and entities gone.
fn plain(text: &str) -> String {
    let markup = Markup::of(text, Rules::Html);
    Fact::of(&markup.root().words()).map_or_else(String::new, |fact| fact.text)
}

fn read_meta(root: Element<'_>, out: &mut Envelope) {
    let content = |names: &[&str]| -> Option<Fact> {
        names.iter().find_map(|name| {
            root.all("meta")
                .find(|meta| {
                    [
                        meta.value("property"),
                        meta.value("name"),
                        meta.value("itemprop"),
                    ]
                    .iter()
                    .any(|found| found.eq_ignore_ascii_case(name))
                })
                .and_then(|meta| meta.attr("content"))
                .and_then(|value| Fact::of(&value))
        })
    };
    let url = |fact: &Fact| fact.text.starts_with("http");
    out.give_source_url(content(&["og:url"]).filter(url));
    let canonical = root
        .all("link")
        .find(|link| link.value("rel").eq_ignore_ascii_case("canonical"))
        .and_then(|link| link.attr("href"))
        .and_then(|href| Fact::of(&href));
    out.give_source_url(canonical.filter(url));
    out.give_published(
        content(&[
            "article:published_time",
            "datePublished",
            "date.created",
            "dc.date.issued",
            "dc.date",
            "dcterms.created",
            "pubdate",
            "publish-date",
            "sailthru.date",
            "date",
        ]),
        time::any,
    );
    out.give_updated(
        content(&[
            "article:modified_time",
            "og:updated_time",
            "dateModified",
            "last-modified",
        ]),
        time::any,
    );
    let language = root
        .all("html")
        .map(|html| html.value("lang"))
        .find(|tag| !tag.is_empty());
    out.given.language = out.given.language.take().or(language);
    if out.given.byline.is_none()
        && let Some(author) = content(&["author", "article:author", "dc.creator", "byl"])
        && author.text.contains(' ')
        && !author.text.starts_with("http")
        && author.text.len() < 120
    {
        out.given.byline = Some(author);
    }
    let publication = content(&["og:site_name", "dc.publisher"]);
    let section = content(&["article:section"]);
    let wire = out.wire();
    wire.publication = wire
        .publication
        .take()
        .or(publication.map(|fact| fact.text));
    wire.section = wire.section.take().or(section.map(|fact| fact.text));
    if let Some(fact) = content(&["og:title", "twitter:title", "dc.title"]) {
        let site = wire.publication.clone().unwrap_or_default();
        out.give_headline(Some(without_site(fact, &site)));
    }
}

/// Returns a title without the site's name at its end.
fn without_site(fact: Fact, site: &str) -> Fact {
    for mark in [" | ", " - ", " – ", " — ", " :: "] {
        if let Some((title, tail)) = fact.text.rsplit_once(mark)
            && (tail.eq_ignore_ascii_case(site) || mark == " | ")
            && title.len() > 10
        {
            return Fact {
                text: title.trim().to_owned(),
                ..fact
            };
        }
    }
    fact
}

/// The heading of the article, which is what readers saw, before what machines were told.
fn read_headline(root: Element<'_>, article: Element<'_>, out: &mut Envelope) {
    let headings: Vec<Fact> = article
        .all("h1")
        .chain(root.all("h1"))
        .filter_map(|heading| fact(Some(heading)))
        .collect();
    let told = out.given.headline.clone();
    let key = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    // Where a heading says the same, its words and its place are the headline's.
    if let Some(told) = told {
        let same = headings
            .iter()
            .find(|heading| key(&heading.text) == key(&told));
        if let Some(heading) = same {
            out.given.headline = None;
            out.give_headline(Some(heading.clone()));
        }
        return;
    }
    out.give_headline(headings.into_iter().next());
    let site = out.wire().publication.clone().unwrap_or_default();
    out.give_headline(fact(root.find("title")).map(|title| without_site(title, &site)));
}

fn read_dates(article: Element<'_>, out: &mut Envelope) {
    if out.given.published.is_some() {
        return;
    }
    let stamp = article
        .all("time")
        .filter_map(|time| time.attr("datetime"))
        .find_map(|value| Fact::of(&value));
    out.give_published(stamp, time::any);
}

/// Captions of the figures in the article.
fn read_pictures(article: Element<'_>, out: &mut Envelope) {
    for figure in article.all("figure").take(100) {
        let Some(caption) = figure.find("figcaption") else {
            continue;
        };
        if let Some(fact) = Fact::of(&caption.words()) {
            out.given.media.push(GivenMedium {
                kind: MediumKind::Photo,
                caption: Some(fact.text),
                credit: None,
                range: fact.range,
            });
        }
    }
}

/// Reads JSON-LD that stands by itself.
pub(crate) fn read_object(sniff: &Sniff<'_>) -> Option<Envelope> {
    let json = Json::read(sniff.text)?;
    let mut out = Envelope::of(Format::JsonLd, sniff.text.len());
    out.given.names_headline = true;
    let objects = graph(json);
    let object = objects
        .iter()
        .find(|object| is_story(object))
        .or(objects.first())?;
    give_story(object, 0..sniff.text.len(), &mut out);
    let printed = |key| object.text(key).and_then(|text| Fact::of(&text));
    out.given.dateline = printed("dateline").map(|fact| GivenDateline {
        fact,
        place: None,
        region: None,
        date: None,
    });
    // What names the people as they are credited says more than the list of them.
    out.given.byline = printed("creditText").or(out.given.byline.take());
    let body: Option<Traced<'static>> = object.text("articleBody").or_else(|| object.text("text"));
    let mut prose = Prose::default();
    let summary = object.text("description").and_then(|text| Fact::of(&text));
    match body {
        Some(body) => {
            if let Some(summary) = summary
                && !super::ninjs::repeats(&summary.text, &body.text)
            {
                out.give_subheadline(Some(summary));
            }
            prose.string(body, Walk::BODY);
        }
        None => {
            if let Some(text) = object.text("description") {
                prose.string(text, Walk::BODY);
            }
        }
    }
    out.copy = prose.finish();
    Some(out)
}

/// Finds the stories of JSON-LD that stands by itself.
pub(crate) fn split_objects(sniff: &Sniff<'_>) -> super::cut::Cut {
    let slices = match Json::read(sniff.text) {
        Some(json) => json.items().iter().map(Json::range).collect(),
        None => super::ninjs::lines(sniff.text),
    };
    super::cut::Cut {
        slices,
        ..Default::default()
    }
}

/// Returns whether a file is JSON-LD of schema.org.
pub(crate) fn recognises_object(sniff: &Sniff<'_>) -> bool {
    let bare = sniff.head.trim_start_matches('[').trim_start();
    bare.starts_with('{') && sniff.says("\"@context\"") && sniff.says("schema.org")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::envelope::Copy;

    fn page(head: &str, body: &str) -> String {
        format!(
            "<!DOCTYPE html><html \
             lang=\"en\"><head>{head}</head><body><nav>Home</nav>{body}</body></html>"
        )
    }

    const TEXT: &str = "<p>The ferry sailed on Monday with forty people and a dog on board, the \
                        harbour master said.</p>";

    #[test]
    fn json_ld_and_meta_are_evidence() {
        let head = r#"<title>Ferry sails | Harbour News</title><meta property="og:site_name" content="Harbour News">
            <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"NewsArticle",
            "headline":"Ferry sails","datePublished":"2024-03-04T10:15:00+01:00","author":[{"@type":"Person","name":"Ana Ruiz"}],
            "url":"https://example.org/1"}]}</script>"#;
        let html = page(
            head,
            &format!("<article><h1>Ferry sails</h1>{}</article>", TEXT.repeat(4)),
        );
        let out = read(&Sniff::new(&html)).expect("it is a page");
        assert_eq!(out.given.headline.as_deref(), Some("Ferry sails"));
        assert_eq!(out.given.authors[0].name, "Ana Ruiz");
        assert_eq!(
            out.given.published.as_deref(),
            Some("2024-03-04T10:15:00+01:00")
        );
        assert_eq!(
            out.given.source_url.as_deref(),
            Some("https://example.org/1")
        );
        let Copy::Made { text, .. } = out.copy else {
            panic!("the copy is made");
        };
        assert!(!text.text.contains("Home") && text.text.contains("forty people"));
    }

    #[test]
    fn damaged_evidence_is_no_evidence() {
        let html = page(
            "<script type=\"application/ld+json\">{\"@type\": \"NewsArticle\", </script>",
            &format!("<h1>Ferry sails</h1>{TEXT}"),
        );
        let out = read(&Sniff::new(&html)).expect("it is a page");
        assert_eq!(out.given.headline.as_deref(), Some("Ferry sails"));
    }

    #[test]
    fn a_cut_page_is_read_as_far_as_it_goes() {
        let html = page("<title>Ferry</title>", TEXT);
        for end in 0..html.len() {
            read(&Sniff::new(&html[..end]));
        }
    }
}
