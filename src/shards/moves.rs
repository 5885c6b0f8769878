//! Which slots are to move so that every shard owns its share: as few as can be, and the same
//! ones every time. A function of the map alone.
use super::map::Map;
use super::ranges::{self, Range};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Slots that are to go from one shard to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Transfer {
    pub from: String,
    pub to: String,
    /// First and last slot of each range, in order.
    pub ranges: Vec<(u32, u32)>,
}

impl Transfer {
    /// How many slots it has.
    pub fn size(&self) -> u32 {
        self.ranges.iter().map(|(first, last)| last - first + 1).sum()
    }
}

impl fmt::Display for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let range = |(first, last): &(u32, u32)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        };
        let ranges: Vec<String> = self.ranges.iter().map(range).collect();
        let (from, to, slots) = (&self.from, &self.to, counted(self.size()));
        write!(f, "{from} → {to} {slots} [{}]", ranges.join(", "))
    }
}

/// `1 slot`, `2 slots`.
pub fn counted(slots: u32) -> String {
    format!("{slots} slot{}", if slots == 1 { "" } else { "s" })
}

/// What remains to be moved, in words: the sum, then each transfer. Nothing where nothing remains.
pub fn in_words(transfers: &[Transfer]) -> Vec<String> {
    if transfers.is_empty() {
        return Vec::new();
    }
    let sum = transfers.iter().map(Transfer::size).sum();
    let mut lines = vec![format!("{} to move", counted(sum))];
    lines.extend(transfers.iter().map(Transfer::to_string));
    lines
}

/// A shard as far as sharing out goes.
pub struct Share<'a> {
    pub id: &'a str,
    pub weight: u32,
    /// Slots it owns now.
    pub now: u32,
    /// Slots it is to own.
    pub target: u32,
}

/// What every shard owns and is to own, in order of the ids: by weight, by the method of largest
/// remainders. Of equal remainders the one counts first that keeps a slot by it, so that nothing
/// moves for nothing.
pub fn shares(map: &Map) -> Vec<Share<'_>> {
    let owned = ranges::owned(&map.ranges);
    let sum: u64 = map.shards.iter().map(|shard| u64::from(shard.weight)).sum();
    let mut remainders = Vec::new();
    let mut left = map.slots;
    let mut shares: Vec<Share> = Vec::new();
    for (at, shard) in map.shards.iter().enumerate() {
        let now = owned.get(shard.id.as_str()).copied().unwrap_or(0);
        let exact = u64::from(map.slots) * u64::from(shard.weight);
        let target = exact.checked_div(sum).and_then(|whole| u32::try_from(whole).ok());
        let target = target.unwrap_or(0);
        let remainder = exact.checked_rem(sum).unwrap_or(0);
        left -= target;
        // The largest first, then whoever has more than its whole part, then by id.
        if remainder > 0 {
            remainders.push((std::cmp::Reverse(remainder), now <= target, at));
        }
        shares.push(Share { id: &shard.id, weight: shard.weight, now, target });
    }
    remainders.sort_unstable();
    for (.., at) in remainders.into_iter().take(left as usize) {
        shares[at].target += 1;
    }
    shares
}

/// The ids with what each is to own.
pub fn sizes<'a>(shares: &[Share<'a>]) -> Vec<(&'a str, u32)> {
    shares.iter().map(|share| (share.id, share.target)).collect()
}

/// What is to move, in order of donors, then of receivers. Donors give exactly what they have too
/// much, receivers get exactly what they lack: no plan that ends at these shares moves less.
pub fn moves(map: &Map) -> Vec<Transfer> {
    let shares = shares(map);
    let mut given: Vec<Range> = Vec::new();
    for share in shares.iter().filter(|share| share.now > share.target) {
        given.extend(gives(&map.ranges, share.id, share.now - share.target));
    }
    let mut pieces = given.into_iter().peekable();
    let mut transfers: BTreeMap<(String, String), Vec<(u32, u32)>> = BTreeMap::new();
    for share in shares.iter().filter(|share| share.target > share.now) {
        let mut lacks = share.target - share.now;
        while lacks > 0 {
            let Some(piece) = pieces.peek_mut() else { break };
            let size = piece.size().min(lacks);
            let taken = (piece.0, piece.0 + size - 1);
            let key = (piece.2.clone(), share.id.to_string());
            transfers.entry(key).or_default().push(taken);
            lacks -= size;
            piece.0 += size;
            if piece.0 > piece.1 {
                pieces.next();
            }
        }
    }
    let transfer = |((from, to), ranges)| Transfer { from, to, ranges: joined(ranges) };
    transfers.into_iter().map(transfer).collect()
}

/// So many slots of a donor: its highest ranges that go as a whole, and the upper end of its
/// highest other one for the rest.
fn gives(ranges: &[Range], donor: &str, excess: u32) -> Vec<Range> {
    let mut left = excess;
    let mut given = Vec::new();
    let mut cut: Option<&Range> = None;
    for range in ranges.iter().rev().filter(|range| range.2 == donor) {
        if range.size() <= left {
            left -= range.size();
            given.push(range.clone());
        } else {
            cut = cut.or(Some(range));
        }
    }
    if let (Some(range), true) = (cut, left > 0) {
        given.push(Range(range.1 - left + 1, range.1, donor.into()));
    }
    given.sort_by_key(|range| range.0);
    given
}

/// Ranges in order, those that touch as one.
fn joined(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut joined: Vec<(u32, u32)> = Vec::new();
    for (first, last) in ranges {
        match joined.last_mut() {
            Some(before) if before.1 + 1 == first => before.1 = last,
            _ => joined.push((first, last)),
        }
    }
    joined
}

#[cfg(test)]
#[path = "moves_tests.rs"]
mod tests;
