//! The slots that must move so that every shard owns its share: as few as possible. A function of
//! the map only, so equal maps give equal moves.
use super::map::Map;
use super::ranges::{self, Range};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Slots that must move from one shard to another.
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

/// The remaining moves as text: a line with the sum, then one for each transfer. Empty if nothing
/// remains.
pub fn in_words(transfers: &[Transfer]) -> Vec<String> {
    if transfers.is_empty() {
        return Vec::new();
    }
    let sum = transfers.iter().map(Transfer::size).sum();
    let mut lines = vec![format!("{} to move", counted(sum))];
    lines.extend(transfers.iter().map(Transfer::to_string));
    lines
}

/// The share of a shard.
pub struct Share<'a> {
    pub id: &'a str,
    pub weight: u32,
    /// How many slots it owns.
    pub now: u32,
    /// How many slots it should own.
    pub target: u32,
}

/// How many slots every shard owns and should own, sorted by ID. Targets follow from the weights by
/// the largest remainder method. Of equal remainders, one that lets a shard keep a slot comes
/// first, so that no slot moves without need.
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
        // The largest first, then shards that own more than the whole part, then by ID.
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

/// The IDs with the number of slots that each should own.
pub fn sizes<'a>(shares: &[Share<'a>]) -> Vec<(&'a str, u32)> {
    shares.iter().map(|share| (share.id, share.target)).collect()
}

/// The slots to move, sorted by donor, then by receiver. Donors give exactly their excess and
/// receivers get exactly what they lack: no other plan with the same result moves fewer slots.
pub fn moves(map: &Map) -> Vec<Transfer> {
    let shares = shares(map);
    let mut given: Vec<Range> = Vec::new();
    for share in shares.iter().filter(|share| share.now > share.target) {
        given.extend(given_by(&map.ranges, share.id, share.now - share.target));
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
    let transfer = |((from, to), ranges)| Transfer { from, to, ranges: merged(ranges) };
    transfers.into_iter().map(transfer).collect()
}

/// The slots that a donor gives: its highest ranges that fit as a whole, and for the rest the upper
/// end of its highest other range.
fn given_by(ranges: &[Range], donor: &str, excess: u32) -> Vec<Range> {
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

/// Ranges in order, with adjacent ones merged.
fn merged(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::new();
    for (first, last) in ranges {
        match merged.last_mut() {
            Some(before) if before.1 + 1 == first => before.1 = last,
            _ => merged.push((first, last)),
        }
    }
    merged
}

#[cfg(test)]
#[path = "moves_tests.rs"]
mod tests;
