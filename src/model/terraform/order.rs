//! What Terraform makes before a block: the blocks that it mentions, and those that they mention.

use super::{Resource, Terraform};
use std::collections::BTreeSet;

/// The blocks of a module that come before another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// `google_project_iam_member.trigger`, without keys.
    blocks: BTreeSet<String>,
    /// It comes after a module, or is in one that is called: what comes before that cannot be told here.
    is_open: bool,
}

impl Order {
    /// Whether a block of this address comes before; `None` where that cannot be told.
    pub fn holds(&self, address: &str) -> Option<bool> {
        let block = address.split('[').next().unwrap_or(address);
        match self.blocks.contains(block) {
            true => Some(true),
            false => (!self.is_open).then_some(false),
        }
    }
}

impl<'a> Terraform<'a> {
    /// What comes before a resource.
    pub fn order(&self, resource: &Resource<'a>) -> Order {
        let folder = resource.module.folder;
        let mut order = Order { blocks: BTreeSet::new(), is_open: resource.module.call.is_some() };
        let mut open = vec![resource.source()];
        while let Some(text) = open.pop() {
            for (kind, name) in mentions(text) {
                order.is_open |= kind == "module";
                let block = self.index.resources.get(&(folder, kind, name)).map(|block| (block.document, block.body));
                let local = self.index.locals.get(&(folder, name)).copied().filter(|_| kind == "local");
                if let Some((document, body)) = block.or(local)
                    && order.blocks.insert(format!("{kind}.{name}"))
                {
                    open.extend(document.source().get(document.span(body).range()));
                }
            }
        }
        order
    }
}

/// Names with a dot between them.
fn mentions(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.'));
    words.filter_map(|word| {
        let mut parts = word.split('.');
        Some((parts.next()?, parts.next()?))
    })
}
