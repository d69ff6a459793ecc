//! `moved` and `removed` blocks: what Terraform calls by another address, and what it lets go without destroying it.

use super::Terraform;
use super::index::Refactored;
use super::instances::Module;
use std::collections::BTreeSet;

/// Blocks may move a thing on and on; a circle ends here.
const MAX_MOVES: usize = 16;

/// What the blocks of all modules say, in addresses that are unique in the repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moves {
    moved: Vec<(String, String)>,
    forgotten: Vec<String>,
    /// The folders of root modules.
    roots: BTreeSet<String>,
}

impl Moves {
    /// Whether Terraform is still run in a folder.
    pub fn has_root(&self, folder: &str) -> bool {
        self.roots.contains(folder)
    }

    /// Where a thing of the base is now, if it is moved: by a block, or because `count` came or went.
    pub fn target(&self, address: &str) -> Option<String> {
        let mut at = address.to_owned();
        for _ in 0..MAX_MOVES {
            let Some(next) = self.moved.iter().find_map(|(from, to)| Some(format!("{to}{}", below(from, &at)?))) else { break };
            at = next;
        }
        (at != address).then_some(at)
    }

    /// Whether a `removed` block lets it go and leaves it as it is.
    pub fn forgets(&self, address: &str) -> bool {
        self.forgotten.iter().any(|from| below(from, address).is_some())
    }
}

/// What of an address lies below another: the key of an instance, or what a module holds.
fn below<'a>(from: &str, address: &'a str) -> Option<&'a str> {
    address.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

impl Terraform<'_> {
    /// What `moved` and `removed` blocks say.
    pub fn moves(&self) -> Moves {
        let mut moves = Moves::default();
        for module in self.evaluator().modules() {
            if module.address.is_empty() {
                moves.roots.insert(module.root.to_owned());
            }
            let blocks = self.index.refactored.get(module.folder).map_or(&[][..], Vec::as_slice);
            for block in blocks {
                match block {
                    Refactored::Moved { from, to } => moves.moved.push((within(&module, from), within(&module, to))),
                    Refactored::Forgotten { from } => moves.forgotten.push(within(&module, from)),
                }
            }
        }
        moves
    }
}

/// An address of a module, from the folder of its root.
fn within(module: &Module<'_>, address: &str) -> String {
    let folder = if module.root.is_empty() { String::new() } else { format!("{}:", module.root) };
    let path = if module.address.is_empty() { String::new() } else { format!("{}.", module.address) };
    format!("{folder}{path}{address}")
}

#[cfg(test)]
mod tests {
    use super::Moves;

    #[test]
    fn a_block_moves_what_lies_below_its_address_and_on_from_there() {
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let moved = vec![pair("t.a", "t.b"), pair("t.b[\"x\"]", "t.c"), pair("module.m", "module.n"), pair("t.z", "t.z")];
        let moves = Moves { moved, forgotten: vec!["t.gone".to_owned()], ..Moves::default() };
        let target = |address| moves.target(address).unwrap_or_default();
        assert_eq!(
            ["t.a", "t.a[\"x\"]", "t.ab", "module.m[0].t.q", "module.mm.t.q", "t.z"].map(target),
            ["t.b", "t.c", "", "module.n[0].t.q", "", ""]
        );
        assert_eq!(["t.gone[1]", "t.goner"].map(|address| moves.forgets(address)), [true, false]);
    }
}
