//! Database exports: stories as Nexis, Factiva, Europresse, ProQuest and their like hand them out.
//!
//! A vendor's layouts (text, page, Word, RTF) show the same things in the same order, so a reader
//! sees a story as [`blocks`]: lines and paragraphs, whatever held them. What a label means is in
//! the lexicon, in every language that the interfaces speak; [`fields`] gives its value to the
//! envelope, and [`dates`] reads days as each locale writes them.

mod blocks;
pub(super) mod count;
pub(super) mod dates;
pub(super) mod fields;

pub(super) mod alceste;
pub(super) mod apa;
pub(super) mod europresse;
pub(super) mod factiva;
pub(super) mod factiva_xml;
pub(super) mod mediargus;
pub(super) mod newsbank;
pub(super) mod nexis;
pub(super) mod proquest;
