//! A tree of everything to look for, letter by letter.

/// No header value is longer in practice; the limit bounds the work per letter of a text.
const LONGEST: usize = 160;

/// How a key must stand in a text to count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Several words: with anything between them.
    Full,
    /// One word that is telling.
    Part,
    /// One word that is also a common one.
    Common,
    /// A word without its ending, which is inflected.
    Stem,
    /// The same where only the endings of some languages may follow, on a name with its capital.
    Inflected,
    /// An initial glued to a name.
    Initials,
    /// Characters of a script without words.
    Joined,
    /// A number of a record.
    Number,
    /// A number of one or two characters.
    ShortNumber,
}

/// What is found where a key ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    /// The value it belongs to.
    pub(super) value: usize,
    pub(super) rule: Rule,
    /// Its letters.
    pub(super) length: usize,
}

/// All keys.
pub(super) struct Keys {
    nodes: Vec<Node>,
}

#[derive(Default)]
struct Node {
    /// The letters that may follow, sorted: there are few, and a hash of each letter of a text takes longer.
    next: Vec<(char, u32)>,
    ends: Vec<Key>,
}

impl Default for Keys {
    fn default() -> Self {
        Self { nodes: vec![Node::default()] }
    }
}

impl Keys {
    pub(super) fn add(&mut self, letters: &str, value: usize, rule: Rule) {
        let length = letters.chars().count();
        if length == 0 || length > LONGEST {
            return;
        }
        let mut node = 0;
        for c in letters.chars() {
            let Some(next) = self.step_or_add(node, c) else { return };
            node = next;
        }
        let key = Key { value, rule, length };
        if let Some(node) = self.nodes.get_mut(node as usize)
            && !node.ends.contains(&key)
        {
            node.ends.push(key);
        }
    }

    fn step_or_add(&mut self, node: u32, c: char) -> Option<u32> {
        let new = u32::try_from(self.nodes.len()).ok()?;
        let next = &mut self.nodes.get_mut(node as usize)?.next;
        match next.binary_search_by_key(&c, |(letter, _)| *letter) {
            Ok(at) => next.get(at).map(|(_, node)| *node),
            Err(at) => {
                next.insert(at, (c, new));
                self.nodes.push(Node::default());
                Some(new)
            }
        }
    }

    /// The node after one more letter.
    pub(super) fn step(&self, node: u32, c: char) -> Option<u32> {
        let next = &self.nodes.get(node as usize)?.next;
        // Past the first letters nearly every node has one or two.
        if next.len() <= 8 {
            return next.iter().find(|(letter, _)| *letter == c).map(|(_, node)| *node);
        }
        let at = next.binary_search_by_key(&c, |(letter, _)| *letter).ok()?;
        next.get(at).map(|(_, node)| *node)
    }

    /// The keys that end at a node.
    pub(super) fn at(&self, node: u32) -> &[Key] {
        self.nodes.get(node as usize).map_or(&[], |node| node.ends.as_slice())
    }
}
