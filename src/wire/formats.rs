//! The table of formats: recognition, `archive formats` and `docs/formats.md` read it.

use super::cut::Cut;
use super::envelope::Envelope;
use super::exports::{
    alceste, apa, europresse, factiva, factiva_xml, mediargus, newsbank, proquest,
};
use super::sniff::Sniff;
use super::{
    anpa1312, email, exports, feed, html, iptc7901, newsml1, newsmlg2, ninjs, nitf, office, rtf,
    sgml,
};
use crate::story::Format;

/// One format: what people should know of it, and how it is read.
pub struct FormatInfo {
    /// Which format.
    pub format: Format,
    /// Its name for people.
    pub title: &'static str,
    /// What it is recognised by.
    pub recognised_by: &'static str,
    /// What of its envelope is kept.
    pub kept: &'static str,
    /// Whether a file is of this format. Looks at the beginning only.
    pub(super) recognise: fn(&Sniff<'_>) -> bool,
    /// Cuts a file into its stories; none where a file holds one.
    pub(super) split: Option<fn(&Sniff<'_>) -> Cut>,
    /// Reads one story; none if it is too damaged to be read as this.
    pub(super) read: fn(&Sniff<'_>) -> Option<Envelope>,
}

impl std::fmt::Debug for FormatInfo {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.format.name())
    }
}

/// Known formats, the most particular first: the first one that recognises a file reads it.
pub static FORMATS: &[FormatInfo] = &[
    FormatInfo {
        format: Format::Anpa1312,
        title: "ANPA 1312 transmissions",
        recognised_by: "SOH, service and number, US, and a header with date and word count",
        kept: "service, number, priority, category, keyword, word count, version, time stamp",
        recognise: |sniff| anpa1312::recognises(sniff.text),
        split: None,
        read: |sniff| anpa1312::read(sniff.text),
    },
    FormatInfo {
        format: Format::Iptc7901,
        title: "IPTC 7901 transmissions",
        recognised_by: "SOH and a header line of service, number, priority, category, word count",
        kept: "service, number, priority, category, keyword, word count, label, time stamp",
        recognise: |sniff| iptc7901::recognises(sniff.text),
        split: None,
        read: |sniff| iptc7901::read(sniff.text),
    },
    FormatInfo {
        format: Format::Nitf,
        title: "NITF 3 documents",
        recognised_by: "the root element `nitf`",
        kept: "headlines, byline, dateline, issue and release dates, expiry, id, urgency, status, \
               keywords, subjects, places, copyright, editor's messages, captions",
        recognise: |sniff| sniff.has_root("nitf"),
        split: None,
        read: nitf::read,
    },
    FormatInfo {
        format: Format::NewsMl1,
        title: "NewsML 1 documents",
        recognised_by: "the root element `NewsML`",
        kept: "headlines, byline, dateline, slug, revision time, id, urgency, status, subjects, \
               places, keywords, word count, embargo, copyright, captions",
        recognise: |sniff| sniff.has_root("NewsML"),
        split: Some(newsml1::split),
        read: newsml1::read,
    },
    FormatInfo {
        format: Format::NewsMlG2,
        title: "NewsML-G2 messages and items",
        recognised_by: "the root element `newsMessage`, `newsItem` or `packageItem`, with \
                        `itemMeta`",
        kept: "headlines, byline, creators, dateline, slug, version, times, id, urgency, status, \
               embargo, expiry, subjects, places, organisations, keywords, genre, word count, \
               editor's notes, copyright",
        recognise: |sniff| {
            sniff.has_root("newsMessage")
                || sniff.has_root("packageItem")
                || sniff.root == Some("newsItem")
                || sniff.has_root("newsItem") && sniff.says("guid=")
        },
        split: Some(newsmlg2::split),
        read: newsmlg2::read,
    },
    FormatInfo {
        format: Format::Rss,
        title: "RSS feeds and WordPress exports",
        recognised_by: "the root element `rss` or `RDF` with a channel",
        kept: "title, link, guid, author, dates, categories, language, the feed's title, rights",
        recognise: |sniff| sniff.has_root("rss") || sniff.has_root("RDF") && sniff.says("channel"),
        split: Some(feed::split_rss),
        read: feed::read_rss,
    },
    FormatInfo {
        format: Format::Atom,
        title: "Atom feeds",
        recognised_by: "the root element `feed` or `entry` of Atom",
        kept: "title, link, id, author, dates, categories, language, the feed's title, rights",
        recognise: |sniff| {
            (sniff.has_root("feed") || sniff.has_root("entry")) && sniff.says("/Atom")
        },
        split: Some(feed::split_atom),
        read: feed::read_atom,
    },
    FormatInfo {
        format: Format::Reuters21578,
        title: "the Reuters-21578 collection",
        recognised_by: "elements `REUTERS` with `NEWID`",
        kept: "title, author, dateline, date, NEWID and OLDID, topics, places, people, \
               organisations",
        recognise: |sniff| sniff.root == Some("REUTERS") && sniff.says("NEWID"),
        split: Some(sgml::split_reuters),
        read: sgml::read_reuters,
    },
    FormatInfo {
        format: Format::Rcv1,
        title: "the Reuters corpora RCV1 and RCV2",
        recognised_by: "the root element `newsitem` with `itemid`",
        kept: "headline, byline, dateline, date, item number, language, codes",
        recognise: |sniff| sniff.root == Some("newsitem") && sniff.says("itemid"),
        split: None,
        read: sgml::read_rcv1,
    },
    FormatInfo {
        format: Format::Gigaword,
        title: "Gigaword documents",
        recognised_by: "elements `DOC` with `id`",
        kept: "headline, dateline, id and the day in it, type",
        recognise: |sniff| sniff.root == Some("DOC") && sgml::has_id(sniff.head),
        split: Some(sgml::split_docs),
        read: sgml::read_doc,
    },
    FormatInfo {
        format: Format::Trec,
        title: "TREC documents",
        recognised_by: "elements `DOC` with `DOCNO` or `DOCID`",
        kept: "headline, byline, dateline, date, DOCNO",
        recognise: |sniff| {
            sniff.root == Some("DOC") && (sniff.says("<DOCNO>") || sniff.says("<DOCID>"))
        },
        split: Some(sgml::split_docs),
        read: sgml::read_doc,
    },
    FormatInfo {
        format: Format::Ninjs,
        title: "ninjs 1 to 3 objects",
        recognised_by: "a JSON object with `uri`, a headline or body, and another ninjs property",
        kept: "headlines, byline, authors, dates, language, urgency, status, slug, subjects, \
               places, organisations, expiry, embargo, notes, captions",
        recognise: ninjs::recognises,
        split: Some(ninjs::split),
        read: ninjs::read,
    },
    FormatInfo {
        format: Format::JsonLd,
        title: "schema.org JSON-LD",
        recognised_by: "a JSON object with `@context` of schema.org",
        kept: "headlines, authors, dates, address, language, publisher, section, keywords",
        recognise: html::recognises_object,
        split: Some(html::split_objects),
        read: html::read_object,
    },
    FormatInfo {
        format: Format::Email,
        title: "mail messages and mbox files",
        recognised_by: "header lines of a message, after a `From ` line in mbox",
        kept: "subject (or the headline that the body names), date, message id, signature",
        recognise: email::recognises,
        split: Some(email::split),
        read: email::read,
    },
    FormatInfo {
        format: Format::Nexis,
        title: "exports of Nexis and LexisNexis: text, pages, Word, RTF",
        recognised_by: "lines `1 of 10 DOCUMENTS` in the interface's language, or paragraphs \
                        `Body` and `End of Document`",
        kept: "headline, standfirst, byline, dateline, dates, publication, edition, section, page, \
               word count, load date, type, language, index terms, search, graphics, corrections, \
               copyright",
        recognise: exports::nexis::recognises,
        split: Some(exports::nexis::split),
        read: exports::nexis::read,
    },
    FormatInfo {
        format: Format::Factiva,
        title: "exports of Factiva: pages, text, RTF, XML",
        recognised_by: "lines with an accession number, elements `articleParagraph`, or XML with \
                        `accessionNo`",
        kept: "headline, byline, dates, publication, edition, section, page, word count, accession \
               number, language, index terms with their codes, copyright",
        recognise: |sniff| factiva_xml::recognises(sniff) || factiva::recognises(sniff),
        split: Some(|sniff| match factiva_xml::recognises(sniff) {
            true => factiva_xml::split(sniff),
            false => factiva::split(sniff),
        }),
        read: |sniff| match factiva_xml::recognises(sniff) {
            true => factiva_xml::read(sniff),
            false => factiva::read(sniff),
        },
    },
    FormatInfo {
        format: Format::Europresse,
        title: "exports of Europresse: pages",
        recognised_by: "elements of class `DocPublicationName`",
        kept: "headline, standfirst, byline, day, publication, section, page, word count, number \
               of the document, copyright",
        recognise: europresse::recognises,
        split: Some(europresse::split),
        read: europresse::read,
    },
    FormatInfo {
        format: Format::ProQuest,
        title: "exports of ProQuest: text, pages, RTF, Word",
        recognised_by: "lines `ProQuest document ID:` in the interface's language",
        kept: "headline, byline, day, publication, section, page, word count, number, address, \
               index terms, captions, language, kinds of source and document, copyright",
        recognise: proquest::recognises,
        split: Some(proquest::split),
        read: proquest::read,
    },
    FormatInfo {
        format: Format::NewsBank,
        title: "exports of NewsBank: text, pages, RTF, Word",
        recognised_by: "a line of publication with its place and day, and lines `Author/Byline:`, \
                        `Readability:` or `Record Number:`",
        kept: "headline, byline, day, publication, edition, section, page, word count, record \
               number, index terms, captions, memos, copyright",
        recognise: newsbank::recognises,
        split: Some(newsbank::split),
        read: newsbank::read,
    },
    FormatInfo {
        format: Format::Mediargus,
        title: "exports of Mediargus: text",
        recognised_by: "a list of numbered headlines, each with a line `Publication, day, p.4, \
                        512w.`",
        kept: "headline, day, publication, section, page, word count, number",
        recognise: mediargus::recognises,
        split: Some(mediargus::split),
        read: mediargus::read,
    },
    FormatInfo {
        format: Format::Apa,
        title: "exports of APA's databases: pages, RTF",
        recognised_by: "a first line with quoted publication, `vom` and a day",
        kept: "headline, standfirst, byline, day, publication, section, page",
        recognise: apa::recognises,
        split: Some(apa::split),
        read: apa::read,
    },
    FormatInfo {
        format: Format::Alceste,
        title: "corpora for Alceste and Iramuteq",
        recognised_by: "a first line of `****` or a number and starred variables",
        kept: "variables and themes as keywords",
        recognise: alceste::recognises,
        split: Some(alceste::split),
        read: alceste::read,
    },
    FormatInfo {
        format: Format::Rtf,
        title: "Rich Text Format",
        recognised_by: "`{\\rtf` at the beginning",
        kept: "text and paragraphs",
        recognise: rtf::recognises,
        split: None,
        read: rtf::read,
    },
    FormatInfo {
        format: Format::Docx,
        title: "Word documents",
        recognised_by: "`word/document.xml` in a ZIP archive, root element `w:document`",
        kept: "text, paragraphs, lists",
        recognise: office::recognises_docx,
        split: None,
        read: office::read_docx,
    },
    FormatInfo {
        format: Format::Odt,
        title: "OpenDocument texts",
        recognised_by: "`content.xml` in a ZIP archive, root element `office:document-content`",
        kept: "text, paragraphs, lists",
        recognise: office::recognises_odt,
        split: None,
        read: office::read_odt,
    },
    FormatInfo {
        format: Format::Html,
        title: "web pages",
        recognised_by: "`<!DOCTYPE html>` or the root element `html`",
        kept: "JSON-LD and meta elements as evidence: headline, authors, dates, address, language, \
               site, section, keywords; captions",
        recognise: html::recognises,
        split: None,
        read: html::read,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_stands_in_the_table_once_under_its_own_name() {
        for (i, info) in FORMATS.iter().enumerate() {
            assert!(FORMATS[..i].iter().all(|other| other.format != info.format));
            let name = serde_json::to_value(info.format).expect("a format is a word");
            assert_eq!(name, info.format.name());
        }
    }

    #[test]
    fn plain_copy_is_no_format() {
        for text in [
            "",
            "PORT STRIKE ENDS\n    LISBON, March 4 - Done.\n",
            "<MSFT.O> shares rose.\nMore follows.",
            "[1] A list of points\n{2} and another",
            "From the start, he said, it was clear.\nTo: us all\n",
        ] {
            let sniff = Sniff::new(text);
            let claims: Vec<_> = FORMATS.iter().filter(|f| (f.recognise)(&sniff)).collect();
            assert!(claims.is_empty(), "{text:?}: {claims:?}");
        }
    }
}
