//! The dates and times in file names, directive by directive, for the rules on them.

use crate::model::Feed;
use crate::model::naming::{DateDirective, NamePattern};
use crate::text::{Span, Spanned};

/// One date or time of a feed's file name.
pub(super) struct Moment<'a> {
    /// `date` or `time`.
    pub(super) token: &'a str,
    pub(super) directives: Vec<DateDirective>,
    /// The whole token.
    pub(super) span: Span,
}

/// The dates and times of a readable template.
pub(super) fn moments<'a>(feed: &'a Feed, name: &'a Spanned<NamePattern>) -> Vec<Moment<'a>> {
    let moment = |(token, range, directives): (&'a str, std::ops::Range<usize>, Vec<DateDirective>)| Moment {
        token,
        directives,
        span: feed.file.name_place(range).unwrap_or(name.span),
    };
    name.value.moments().into_iter().map(moment).collect()
}
